"""What a person should know about marks that were stored all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from mbls_sync.intake.repeats import named_lines
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.codes import Code, CodeEntry
from mbls_sync.model.marks import MarkRow
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.codebook import CodeBook


def warnings_about(
    marks: Sequence[MarkRow], codes_of: Mapping[date, Collection[Code]], codes: CodeBook, calendar: SchoolCalendar
) -> tuple[str, ...]:
    """Withdrawn codes, marks on closed days, and years without a calendar, each in one sentence without names.

    `codes_of` has the codes that occur on each day, so that a first load is not gone through mark by mark.
    """
    return (
        *_out_of_force(marks, codes_of, codes),
        *_closed(marks, _closed_sessions(codes_of, calendar), codes),
        *_uncovered(codes_of, calendar),
    )


def _out_of_force(
    marks: Sequence[MarkRow], codes_of: Mapping[date, Collection[Code]], codes: CodeBook
) -> Iterator[str]:
    doubtful = {
        (code, day): entry
        for day, said in codes_of.items()
        for code in said
        if (entry := codes.entry(code, day)) is not None and not _in_force(entry, day)
    }
    lines: dict[CodeEntry, list[int]] = {}
    for row in marks if doubtful else ():
        entry = doubtful.get((row.code, row.day))
        if entry is not None:
            lines.setdefault(entry, []).append(row.line)
    for entry, found in sorted(lines.items(), key=lambda pair: pair[0].code):
        use = f"; {entry.successor} stands for it since" if entry.successor else ""
        yield (
            f"marks with {entry.code}: {len(found)}. The code is not in the national set on their day{use}. "
            f"They are kept and count as {entry.meaning}: lines {named_lines(found)}"
        )


def _in_force(entry: CodeEntry, day: date) -> bool:
    return (entry.valid_from is None or entry.valid_from <= day) and (entry.valid_to is None or day <= entry.valid_to)


def _closed_sessions(days: Iterable[date], calendar: SchoolCalendar) -> dict[date, frozenset[Period]]:
    shut = {}
    for day in days:
        if day.weekday() < 5 and calendar.covers(day):
            closed = frozenset(p for p in Period if not calendar.is_session(Session(day, p)))
            if closed:
                shut[day] = closed
    return shut


def _closed(marks: Sequence[MarkRow], shut: dict[date, frozenset[Period]], codes: CodeBook) -> Iterator[str]:
    if not shut:
        return
    # A planned closure has a code of its own; what counts as possible contradicts the calendar.
    lines = [
        row.line
        for row in marks
        if row.day in shut
        and row.period in shut[row.day]
        and (entry := codes.entry(row.code, row.day)) is not None
        and entry.meaning.is_possible
    ]
    if lines:
        yield (
            f"{len(lines)} marks stand on sessions that the school calendar says are closed. They are kept; correct "
            f"the calendar or the marks: lines {named_lines(lines)}"
        )


def _uncovered(days: Iterable[date], calendar: SchoolCalendar) -> Iterator[str]:
    years = sorted({AcademicYear.of(day) for day in days if not calendar.covers(day)})
    for year in years:
        yield f"no school calendar covers {year}; its marks are kept and judged by no rule until {year}.yaml is there"
