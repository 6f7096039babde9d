"""Fills a pupil's marks from shorthand: a span of presence, weeks of ten characters, or an exact figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.codes import NO_MARK, Code
from mbls_sync.model.sessions import Period, Session

BLANKS = ".- "
"""In a week of ten characters, each of these is a session without a mark."""
NOT_POSSIBLE: Code = "Y7"
"""Fills the morning before an odd number of possible sessions; it is no possible attendance."""

Marks = dict[Session, Code]


def present(session: Session) -> Code:
    """The code of presence for a session."""
    return "/" if session.period is Period.AM else "\\"


def presence(calendar: SchoolCalendar, first: date, last: date) -> Marks:
    """Present in every session from `first` to `last`."""
    return {session: present(session) for session in calendar.sessions(first, last)}


def week(monday: date, codes: str) -> Marks:
    """Ten characters, Monday AM to Friday PM. Raises ValueError when they are not ten or the day is no Monday."""
    if len(codes) != 10 or monday.weekday() != 0:
        raise ValueError(f"a week is a Monday and ten characters; here are {len(codes)} for {monday}")
    days = [monday + timedelta(days=n // 2) for n in range(10)]
    sessions = [Session(day, Period.PM if n % 2 else Period.AM) for n, day in enumerate(days)]
    return {session: code for session, code in zip(sessions, codes, strict=True) if code not in BLANKS}


def spread(sessions: Sequence[Session], missed: int, code: Code) -> Marks:
    """Marks for these sessions with exactly `missed` absences of `code`, spread evenly. Raises ValueError."""
    if not 0 <= missed <= len(sessions):
        raise ValueError(f"{missed} of {len(sessions)} sessions cannot be missed")
    count = len(sessions)
    # Bresenham's line: the n-th session is missed when the whole number of absences due by it goes up.
    absent = [(n + 1) * missed // count > n * missed // count for n in range(count)]
    return {s: code if away else present(s) for s, away in zip(sessions, absent, strict=True)}


def last_sessions(calendar: SchoolCalendar, before: date, count: int) -> Sequence[Session]:
    """The last `count` sessions of the academic year before the day `before`. Raises ValueError: there are fewer."""
    year = AcademicYear.of(before)
    known = calendar.sessions(year.first, before - timedelta(days=1))
    if len(known) < count:
        raise ValueError(f"only {len(known)} sessions were held in {year} before {before}, not {count}")
    return known[len(known) - count :]


def exactly(calendar: SchoolCalendar, before: date, parts: Sequence[tuple[int, int, Code]]) -> Marks:
    """Marks that end on the last school day before `before` and give exactly these figures, oldest part first.

    Each part is possible sessions, how many of them are missed, and with which code.
    """
    sessions = last_sessions(calendar, before, sum(possible for possible, _, _ in parts))
    marks: Marks = {}
    for possible, missed, code in parts:
        here, sessions = sessions[:possible], sessions[possible:]
        marks |= spread(here, missed, code)
    first = min(marks)
    morning = Session(first.day, Period.AM)
    return marks if first == morning else {morning: NOT_POSSIBLE, **marks}


def without_blanks(marks: Mapping[Session, Code]) -> Marks:
    """The marks that are marks: `-` and an empty text stand for none."""
    return {session: code for session, code in marks.items() if code not in ("-", NO_MARK)}
