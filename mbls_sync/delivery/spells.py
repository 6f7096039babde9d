"""The days a pupil was away or late, as a parent reads them: runs of days in words, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from mbls_sync.delivery.desk import Desk
from mbls_sync.figures.history import History
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.codes import Code
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.view import PolicyAt
from mbls_sync.render.html import long_day

REASONS = "letters.reasons"
LATE_CODES = ("registers.late_before_close", "registers.late_after_close")
_HALF = {Period.AM: "morning", Period.PM: "afternoon"}
Days = tuple[Mapping[str, str], ...]
"""For each run of days `when` and `reason`, in words."""


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    halves: tuple[Period, ...]
    codes: tuple[Code, ...]
    is_whole: bool


def days_away(history: History, desk: Desk) -> Days:
    """Every absence of this school year so far, authorised or not: days in a row with one reason are one line."""
    missed = [
        (session, code)
        for session, code in history.codes(history.year.first, history.until.day)
        if code and history.pupil.on_roll(session.day) and desk.codes.meaning(code, session.day).is_absence
    ]
    runs = _runs(list(_days(missed, history, desk.calendar)), desk.calendar)
    return tuple({"when": _when(run), "reason": _reason(run[0].codes, desk, run[0].day)} for run in runs)


def days_late(history: History, desk: Desk) -> Days:
    """Every late arrival of this school year so far, before the close of the register or after it."""
    found: list[Mapping[str, str]] = []
    late = {value.value for name in LATE_CODES if name in desk.parameters for value in desk.parameters[name].values}
    for session, code in history.codes(history.year.first, history.until.day):
        words = _late_words(desk.policy(session.day)) if code in late else {}
        if code in words and history.pupil.on_roll(session.day):
            found.append({"when": f"{long_day(session.day)}, {_HALF[session.period]}", "reason": words[code]})
    return tuple(found)


def _late_words(policy: PolicyAt) -> Mapping[Code, str]:
    """What the code of each late arrival says."""
    words = zip(LATE_CODES, ("after the start", "after the register had closed"), strict=True)
    return {policy.text(name): says for name, says in words if policy.is_in_force(name)}


def _days(missed: Sequence[tuple[Session, Code]], history: History, calendar: SchoolCalendar) -> Iterator[_Day]:
    for day, sessions in groupby(missed, key=lambda pair: pair[0].day):
        pairs = list(sessions)
        held = [s for s in calendar.sessions_on(day) if history.pupil.attends(s)]
        codes = tuple(dict.fromkeys(code for _, code in pairs))
        yield _Day(day, tuple(s.period for s, _ in pairs), codes, len(pairs) >= len(held))


def _runs(days: Sequence[_Day], calendar: SchoolCalendar) -> Iterator[Sequence[_Day]]:
    """Whole days in a row with the same reason, weekends and holidays between them left out; any other day alone."""
    run: list[_Day] = []
    for day in days:
        follows = run and day.is_whole and run[-1].is_whole and day.codes == run[-1].codes
        if follows and calendar.school_days_between(run[-1].day, day.day) == 2:
            run.append(day)
            continue
        if run:
            yield run
        run = [day]
    if run:
        yield run


def _when(run: Sequence[_Day]) -> str:
    first, last = run[0], run[-1]
    if len(run) == 1:
        return long_day(first.day) if first.is_whole else f"{long_day(first.day)}, {_HALF[first.halves[0]]}"
    return f"{long_day(first.day)} to {long_day(last.day)} ({len(run)} school days)"


def _reason(codes: Sequence[Code], desk: Desk, day: date) -> str:
    policy = desk.policy(day)
    words = policy.table(REASONS) if policy.is_in_force(REASONS) else {}
    return ", ".join(words.get(code) or desk.codes.title(code, day).casefold() for code in codes)
