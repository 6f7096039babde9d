"""The mark-string layout: a start date, and one character for each half-day of every school week since.

A string cannot carry a code of two characters, and one character too many or too few would shift every mark
behind it. So its length must be exactly what the calendar counts, else the row is quarantined whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from mbls_adapter_integris_csv.anchors import EXTRACT_WORDS, in_file_name, in_preamble
from mbls_adapter_integris_csv.identity import Identity
from mbls_adapter_integris_csv.rows import Rows
from mbls_adapter_integris_csv.source import Reading, Source
from mbls_adapter_integris_csv.tables import Table, UnreadableFile
from mbls_adapter_integris_csv.values import BadCell, Remembered, code_reader
from mbls_sync.api import AcademicYear, MarkRow, Period, SchoolCalendar, monday

HalfDays = tuple[tuple[date, Period], ...]


def read_string(source: Source, table: Table) -> Reading:
    """Every character of every row as one mark."""
    identity = Identity(table)
    string = table.fields["marks"]
    rows = Rows(source, table, identity, lambda cells: len(cells[string]) if string < len(cells) else 1)
    codes = Remembered(code_reader(source.options.no_mark))
    dates = source.dates
    starts = Remembered(dates.day)
    start, end_of = table.fields["start_date"], _end_reader(source, table)
    spans: dict[tuple[date, date], HalfDays] = {}
    marks: list[MarkRow] = []
    for line, cells in rows:
        try:
            pupil = identity.pupil(cells, line)
            span = starts[cells[start]], end_of(cells)
            if span not in spans:
                spans[span] = half_days(source.calendar, *span)
            said = cells[string]
            _check_length(said, spans[span], *span)
        except BadCell as error:
            rows.reject(line, str(error), cells)
            continue
        pairs = zip(spans[span], said, strict=True)
        marks += [MarkRow(pupil, day, period, codes[ch], line) for (day, period), ch in pairs]
    return Reading(marks=marks, bad=tuple(rows.bad), warnings=identity.warnings())


def half_days(calendar: SchoolCalendar, first: date, last: date) -> HalfDays:
    """Every weekday half-day from `first` to `last`, both inclusive, in weeks that have a session.

    A closed day within a school week keeps its place; a week without any session has none. Raises BadCell
    where no calendar covers the span.
    """
    if last < first:
        raise BadCell(f"the marks start on {first:%d/%m/%Y}, after the extract of {last:%d/%m/%Y}")
    uncovered = next((day for day in _year_starts(first, last) if not calendar.covers(day)), None)
    if uncovered is not None:
        year = AcademicYear.of(uncovered)
        raise BadCell(f"no school calendar covers {year}, so the characters cannot be counted; add {year}.yaml")
    weeks = (week for week in calendar.school_weeks if monday(first) <= week <= last)
    days = (week + timedelta(days=n) for week in weeks for n in range(5))
    return tuple((day, period) for day in days if first <= day <= last for period in (Period.AM, Period.PM))


def _year_starts(first: date, last: date) -> Iterator[date]:
    yield first
    for start in range(AcademicYear.of(first).start + 1, AcademicYear.of(last).start + 1):
        yield AcademicYear(start).first


def _check_length(said: str, expected: HalfDays, first: date, last: date) -> None:
    if len(said) != len(expected):
        raise BadCell(
            f"the string has {len(said)} characters where the calendar counts {len(expected)} half-days from "
            f"{first:%d/%m/%Y} to {last:%d/%m/%Y}; a mark would land on the wrong session, so none is taken. A code of "
            "two characters cannot stand in a string: use the long layout"
        )


def _end_reader(source: Source, table: Table) -> Callable[[list[str]], date]:
    """Gives the last day that a row's string covers."""
    wanted = source.options.extract_date
    place = table.fields.get("extract_date")
    if place is not None and wanted in ("auto", "column"):
        ends = Remembered(source.dates.day)
        return lambda cells: ends[cells[place]]
    day = _end_of_file(source, table)
    if day is None:
        raise UnreadableFile(
            f"the settings take the date of the extract from the {str(wanted).replace('_', ' ')}, and it holds none"
        )
    return lambda _: day


def _end_of_file(source: Source, table: Table) -> date | None:
    wanted = source.options.extract_date
    if isinstance(wanted, date):
        return wanted
    day = None
    if wanted in ("auto", "preamble"):
        day = in_preamble(table.preamble, EXTRACT_WORDS, source.dates)
    if day is None and wanted in ("auto", "file_name"):
        day = in_file_name(source.name, source.dates)
    return source.file_day if day is None and wanted in ("auto", "file_day") else day
