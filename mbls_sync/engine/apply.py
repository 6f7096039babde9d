"""Asks every rule about every subject, each alone: one rule's failure is that rule's alone."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from mbls_sync.declare import RuleInfo
from mbls_sync.engine.keys import key_of, pupil_of
from mbls_sync.engine.moments import moment
from mbls_sync.engine.subjects import Subjects
from mbls_sync.engine.world import World
from mbls_sync.errors import MblsError
from mbls_sync.model.decisions import Because, Decision, Failure, Judged
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import (
    AddToSheet,
    DraftLetter,
    IncludeInReturn,
    OpenReferral,
    Proposal,
    RaiseTask,
    SetCode,
)
from mbls_sync.model.sessions import Session
from mbls_sync.policy.reminders import reminders_in
from mbls_sync.policy.view import PolicyAt


class Rule(Protocol):
    """A rule of the registry, called with all that its judge may be given, by name."""

    @property
    def info(self) -> RuleInfo:
        """Its id, the section it serves, its duty."""
        ...

    def __call__(self, given: Mapping[str, Any]) -> list[Proposal]:
        """What it asks for."""
        ...


Rules = Callable[[str], Sequence[Rule]]
"""The rules of one judge, sorted by id."""

Pseudonym = Callable[[PupilId], str]
"""What a pupil is called where no name and no UPN may stand."""

JUDGES = ("judge_register", "judge_session", "judge_pupil", "judge_request", "judge_school", "judge_reminder")
_PROPOSALS = (SetCode, RaiseTask, DraftLetter, IncludeInReturn, OpenReferral, AddToSheet)


@dataclass(frozen=True)
class Asked:
    """One subject as a judge is given it; `marks` are those that the reason will show.

    `cites` is the section that made a subject which is itself a row of the policy; else the rule's own is cited.
    """

    given: Mapping[str, Any]
    day: date
    pupil: PupilId | None = None
    where: str = ""
    marks: tuple[tuple[Session, str], ...] = ()
    cites: str = ""


@dataclass(frozen=True)
class Round:
    """One round of judging. `unjudged` are rule and pupil (None: no one pupil) that could not be judged.

    `rules` are the ids that were asked. What a rule did not say counts as "no longer called for" only
    where the rule was asked and did not fail. `looked_at` are the keys of late lines that were judged as of
    their own day.
    """

    judged: Judged
    unjudged: frozenset[tuple[str, PupilId | None]]
    rules: frozenset[str]
    looked_at: frozenset[str] = frozenset()

    def has_spoken(self, rule: str, pupil: PupilId | None) -> bool:
        """Whether the rule's silence about a pupil means that it asks for nothing."""
        failed = (rule, pupil) in self.unjudged or (rule, None) in self.unjudged
        return rule in self.rules and not failed


def judge(world: World, rules: Rules, pseudonym: Pseudonym, subjects: Subjects | None = None) -> Round:
    """Every decision the rules ask for in this world, sorted by rule and subject; each failure beside them."""
    known = subjects or Subjects(world)
    decisions: dict[str, Decision] = {}
    failures: list[Failure] = []
    unjudged: set[tuple[str, PupilId | None]] = set()
    ids: set[str] = set()
    today = world.policy()
    for hook in JUDGES:
        bound = sorted(rules(hook), key=lambda rule: rule.info.id)
        ids |= {rule.info.id for rule in bound}
        for asked in _subjects(known, hook) if bound else ():
            policy = today.fresh(asked.day)
            given = {**asked.given, "policy": policy, "calendar": world.calendar, "now": world.now}
            for rule in bound:
                policy.forget()
                try:
                    if proposals := rule(given):
                        for decision in _decisions(world, rule, asked, policy, proposals):
                            _keep(decisions, decision)
                except Exception as error:
                    failures.append(Failure(rule.info.id, _called(asked, pseudonym), said(error)))
                    unjudged.add((rule.info.id, asked.pupil))
    judged = Judged(tuple(decisions.values()), (), tuple(failures), world.now)
    return Round(judged, frozenset(unjudged), frozenset(ids))


def said(error: Exception) -> str:
    """An error in words that can hold no pupil's name: a rule's own message is trusted only where it is ours."""
    if isinstance(error, MblsError):
        return f"{type(error).__name__}: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _decisions(
    world: World, rule: Rule, asked: Asked, policy: PolicyAt, proposals: Sequence[Proposal]
) -> list[Decision]:
    for proposal in proposals:
        if not isinstance(proposal, _PROPOSALS):
            raise TypeError("a judge gave something that is no proposal")
    because = Because(rule.info.id, asked.cites or rule.info.cites, policy.readings, asked.marks)
    return [
        Decision(key_of(world.school.id, rule.info.id, proposal), proposal, because, pupil_of(proposal))
        for proposal in proposals
    ]


def _keep(decisions: dict[str, Decision], decision: Decision) -> None:
    """Keep the first of one key: that of the first rule by id, whatever the order of the judges."""
    known = decisions.get(decision.key)
    if known is None or decision.because.rule < known.because.rule:
        decisions[decision.key] = decision


def _called(asked: Asked, pseudonym: Pseudonym) -> str:
    return f"{pseudonym(asked.pupil) if asked.pupil else 'school'} {asked.where}".strip()


def _subjects(known: Subjects, hook: str) -> Iterator[Asked]:
    match hook:
        case "judge_register":
            return _registers(known)
        case "judge_session":
            return _sessions(known)
        case "judge_pupil":
            return _pupils(known)
        case "judge_request":
            return _requests(known)
        case "judge_reminder":
            return _reminders(known)
        case _:
            given = {"moment": moment(known.world), "figures": known.figures}
            return iter((Asked(given, known.world.today, None, "as a whole"),))


def _reminders(known: Subjects) -> Iterator[Asked]:
    world = known.world
    for parameter in reminders_in(world.parameters):
        policy = world.policy()
        if policy.is_in_force(parameter.name):
            given = {"reminder": parameter.name, "moment": moment(world), "figures": known.figures}
            cites = policy.reminder(parameter.name).cites
            yield Asked(given, world.today, None, f"reminder {parameter.name}", cites=cites)


def _registers(known: Subjects) -> Iterator[Asked]:
    for register in known.registers:
        where = f"register of {register.class_name}, {register.session}"
        yield Asked({"register": register}, register.session.day, None, where)


def _sessions(known: Subjects) -> Iterator[Asked]:
    for subject in known.sessions:
        history = known.histories[subject.pupil]
        given = {"pupil_session": subject, "pupil": history.pupil, "history": history}
        marks = ((subject.session, subject.code),)
        yield Asked(given, subject.session.day, subject.pupil, str(subject.session), marks)


def _pupils(known: Subjects) -> Iterator[Asked]:
    for pupil in known.world.on_roll:
        yield Asked({"pupil": pupil, "history": known.histories[pupil.id]}, known.world.today, pupil.id)


def _requests(known: Subjects) -> Iterator[Asked]:
    for request in known.requests:
        history = known.histories[request.pupil]
        given = {"request": request, "pupil": history.pupil, "history": history}
        yield Asked(given, request.received_at.astimezone(known.world.calendar.zone).date(), request.pupil, "request")
