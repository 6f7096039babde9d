"""A closure that was planned is entered in the MIS: # where the whole school is shut, another code for a part of it.

Attendance policy 2023, Attendance register. Until August 2024 # also stood for a part of the school; since then the
law keeps it for the whole. One task a day, and no mark is proposed: an MIS enters a closure for everybody at once in
its calendar, where hundreds of marks would fill the keying sheet, or stop all writing at its cap.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from mbls_rules_school.listing import counted, lines
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    Closure,
    Facts,
    Figures,
    History,
    Moment,
    PolicyAt,
    Proposal,
    PupilId,
    RaiseTask,
    Rank,
    SchoolCalendar,
    Session,
    rule,
)

ENTERED = "closure-entered"


@rule(id="REG-12", cites="Attendance register", title="a planned closure: enter its code")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    if moment.last_school_day is None:
        return
    shut = sorted((c for c in calendar.school_year(moment.day).closures if c.planned), key=_when)
    for (day, scope), found in groupby(shut, key=lambda closure: (closure.session.day, closure.scope)):
        near = day - moment.day <= timedelta(days=policy.days("registers.closure_ahead_days"))
        closures = tuple(found)
        if near and (moment.go_live is None or day >= moment.go_live):
            yield from _ask(closures, scope, figures, policy.on(day), calendar)


def _ask(
    closures: tuple[Closure, ...], scope: str, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    whole = scope == "school"
    partial = "registers.hash_for_part"
    codes = policy.text("registers.closure_codes" if whole or policy.flag(partial) else "registers.part_closure_codes")
    expected = tuple(_expected(closures, figures))
    left = [(history, c) for history, c in expected if _lacks(history.code(c.session), codes)]
    if not left:
        return
    day, of = closures[0].session.day, "the whole school" if whole else scope.partition(":")[2]
    yield RaiseTask(
        kind="enter-closure",
        title=f"Enter {' or '.join(codes.split())} for {of}: {said_day(day)}",
        why=f"Planned closure ({closures[0].reason}): {counted(len(left), 'mark does', 'marks do')} not say so.",
        due=day_ends(day, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.CLOCK,
        occasion=f"{day} {scope}",
        steps=("Enter it for all of them at once in the MIS.",),
        done_as=ENTERED,
        facts=(*(("Session", str(closure.session)) for closure in closures), *_left_out(left, expected)),
    )


def _left_out(left: Sequence[tuple[History, Closure]], expected: Sequence[tuple[History, Closure]]) -> Facts:
    """Whom the entry has missed, where it was made for others."""
    if len(left) == len(expected):
        return ()
    sessions: dict[PupilId, list[str]] = {}
    for history, closure in left:
        sessions.setdefault(history.pupil.id, []).append(str(closure.session))
    missed = {history.pupil.id: history for history, _ in left}
    return lines(missed.values(), lambda history: ", ".join(sessions[history.pupil.id]))


def _expected(closures: tuple[Closure, ...], figures: Figures) -> Iterator[tuple[History, Closure]]:
    """Everybody whom a closure names and who would have been expected, with the closure."""
    for history in figures.histories.values():
        pupil = history.pupil
        for closure in closures:
            if closure.names(pupil.class_name, pupil.year_group) and pupil.on_roll(closure.session.day):
                yield history, closure


def _lacks(code: str, codes: str) -> bool:
    return code not in codes.split()


def _when(closure: Closure) -> tuple[date, str, Session]:
    return closure.session.day, closure.scope, closure.session
