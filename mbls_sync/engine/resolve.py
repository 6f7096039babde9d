"""Settles what the rules ask for: one mark gets one code, and what cannot be settled becomes a person's task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from mbls_sync.engine.apply import Round
from mbls_sync.engine.beyond import calendar_task, says_so
from mbls_sync.engine.holding import held
from mbls_sync.engine.keys import key_of
from mbls_sync.engine.limits import may_be_set, replaceable_codes
from mbls_sync.engine.strangers import strangers_task
from mbls_sync.engine.world import World
from mbls_sync.model.codes import CodeStanding
from mbls_sync.model.decisions import Because, Conflict, Decision
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import Facts, RaiseTask, Rank, SetCode
from mbls_sync.model.sessions import Session

CODES_RULE = "CORE-CODES"
"""The core's own: two rules want different codes for one mark, or a code that may not be set."""
FAILED_RULE = "CORE-RULE"
"""The core's own: a rule could not judge."""
ROLL_RULE = "CORE-ROLL"
"""The core's own: marks of pupils who are not on the roll."""
CALENDAR_RULE = "CORE-CALENDAR"
"""The core's own: the calendar in which something falls due is not there yet."""
OWN_RULES = frozenset({CODES_RULE, FAILED_RULE, ROLL_RULE, CALENDAR_RULE})


def resolve(round: Round, world: World) -> Round:
    """The round with every mark asked for once, and a task for each contradiction and each failed rule."""
    marks: dict[tuple[PupilId, Session], list[Decision]] = {}
    others: list[Decision] = []
    for decision in round.judged.decisions:
        wanted = decision.proposal
        if isinstance(wanted, SetCode):
            marks.setdefault((wanted.subject.pupil, wanted.subject.session), []).append(decision)
        else:
            others.append(says_so(decision, world))
    conflicts = [conflict for asked in marks.values() if (conflict := _conflict(asked)) is not None]
    agreed = [_guarded(world, asked[0]) for asked in marks.values() if _conflict(asked) is None]
    tasks = [
        *(_settle_task(world, conflict) for conflict in conflicts),
        *_failed_tasks(round, world),
        *_strangers(world),
        *_calendar(others, world),
    ]
    settled = {decision.key: decision for decision in (*held(others), *filter(None, agreed), *tasks)}
    judged = replace(
        round.judged,
        decisions=tuple(settled[key] for key in sorted(settled)),
        conflicts=tuple(sorted(conflicts, key=lambda c: (c.pupil, c.session))),
    )
    return replace(round, judged=judged, rules=round.rules | OWN_RULES)


def _strangers(world: World) -> Iterator[Decision]:
    task = strangers_task(world, office(world), end_of(world))
    if task is not None:
        yield core_decision(world, ROLL_RULE, "Attendance register", task)


def _calendar(decisions: Sequence[Decision], world: World) -> Iterator[Decision]:
    task = calendar_task(decisions, world, office(world), end_of(world))
    if task is not None:
        yield core_decision(world, CALENDAR_RULE, "", task)


def core_decision(world: World, rule: str, cites: str, task: RaiseTask) -> Decision:
    """A task that the core itself asks for."""
    return Decision(key_of(world.school.id, rule, task), task, Because(rule, cites), task.pupil)


def office(world: World) -> str:
    """What the policy calls the office."""
    return world.policy().text("roles.office")


def end_of(world: World) -> datetime:
    """Midnight at the end of today: what the core asks for is for today."""
    return datetime.combine(world.today, time.max, tzinfo=world.calendar.zone).replace(microsecond=0)


def _conflict(asked: Sequence[Decision]) -> Conflict | None:
    wanted = [(d.because.rule, d.proposal) for d in asked if isinstance(d.proposal, SetCode)]
    if len({proposal.code for _, proposal in wanted}) < 2:
        return None
    subject = wanted[0][1].subject
    pairs = tuple(sorted((rule, proposal.code) for rule, proposal in wanted))
    return Conflict(subject.pupil, subject.session, pairs)


def _guarded(world: World, decision: Decision) -> Decision | None:
    """The decision itself where its mark may be written; else a task that asks a person to look.

    A mark that is already as asked needs nothing.
    """
    wanted = decision.proposal
    if not isinstance(wanted, SetCode) or wanted.code == wanted.subject.code:
        return None
    standing = may_be_set(world, wanted)
    if standing not in (CodeStanding.VALID, CodeStanding.IMPLAUSIBLE):
        why = f"{decision.because.rule} asks for the code {wanted.code}, which is {standing} on this session"
        return _amend_task(world, decision, wanted, why)
    if wanted.subject.code not in replaceable_codes(world, wanted.subject.session.day):
        why = f"{wanted.reason}; the mark {wanted.subject.code} was entered by a person and is not replaced by itself"
        return _amend_task(world, decision, wanted, why)
    return decision


def _amend_task(world: World, decision: Decision, wanted: SetCode, why: str) -> Decision:
    session = wanted.subject.session
    task = RaiseTask(
        kind="amend-mark",
        title=f"Look at the mark of {session}: {wanted.subject.code or 'no mark'} or {wanted.code}?",
        why=why,
        due=end_of_day(world, session),
        role=office(world),
        rank=Rank.NOT_CODED,
        pupil=wanted.subject.pupil,
        occasion=f"{session} {wanted.code}",
        session=session,
    )
    key = key_of(world.school.id, decision.because.rule, task)
    return Decision(key, task, decision.because, task.pupil)


def _settle_task(world: World, conflict: Conflict) -> Decision:
    asked = "; ".join(f"{rule} asks for {code}" for rule, code in conflict.asked)
    task = RaiseTask(
        kind="settle-code",
        title=f"Decide the mark of {conflict.session}: " + " or ".join(sorted({code for _, code in conflict.asked})),
        why=f"Rules disagree about this mark, so none was set: {asked}",
        due=end_of_day(world, conflict.session),
        role=office(world),
        rank=Rank.NOT_CODED,
        pupil=conflict.pupil,
        occasion=str(conflict.session),
        session=conflict.session,
        facts=conflict.asked,
    )
    return core_decision(world, CODES_RULE, "Attendance register", task)


def end_of_day(world: World, session: Session) -> datetime:
    """Midnight at the end of a session's day."""
    return datetime.combine(session.day, time(23, 59, 59), tzinfo=world.calendar.zone)


def _failed_tasks(round: Round, world: World) -> Iterable[Decision]:
    """One task a failed rule, naming whom it could not judge: a rule that fails is a duty nobody else sees."""
    by_rule: dict[str, set[PupilId | None]] = {}
    for rule, pupil in round.unjudged:
        by_rule.setdefault(rule, set()).add(pupil)
    errors = {failure.rule: failure.error for failure in round.judged.failures}
    for rule in sorted(by_rule):
        pupils = by_rule[rule]
        task = RaiseTask(
            kind="rule-failed",
            title=f"Check by hand what {rule} would have asked for",
            why=f"{rule} could not judge {_how_many(pupils)}: {errors[rule]}",
            due=end_of(world),
            role=office(world),
            rank=Rank.NOT_CODED,
            occasion=rule,
            facts=_names(world.pupils, pupils),
        )
        yield core_decision(world, FAILED_RULE, "", task)


def _how_many(pupils: set[PupilId | None]) -> str:
    count = len(pupils - {None})
    return f"{count} pupil{'' if count == 1 else 's'}" if count else "a register or the school"


def _names(known: Mapping[PupilId, object], pupils: set[PupilId | None]) -> Facts:
    return tuple(("Pupil", str(getattr(known.get(id), "name", id))) for id in sorted(p for p in pupils if p))
