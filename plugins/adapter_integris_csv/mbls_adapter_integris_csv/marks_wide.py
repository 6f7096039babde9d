"""The wide layout: a row for each pupil, a column for each session of a week or of certain dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from mbls_adapter_integris_csv.anchors import WEEK_WORDS, in_file_name, in_preamble
from mbls_adapter_integris_csv.identity import Identity
from mbls_adapter_integris_csv.rows import Rows
from mbls_adapter_integris_csv.sessions import SessionColumn, session_columns
from mbls_adapter_integris_csv.source import Reading, Source
from mbls_adapter_integris_csv.tables import Table, UnreadableFile
from mbls_adapter_integris_csv.values import BadCell, Remembered, code_reader
from mbls_sync.api import MarkRow, Period, monday

SATURDAY = 5
Days = Sequence[tuple[int, date, Period]]


def read_wide(source: Source, table: Table) -> Reading:
    """Every session column of every row as one mark."""
    columns, problems = session_columns(table.header, source.session_pattern, source.dates)
    if problems or not columns:
        said = "; ".join(problems) or "the header has no column such as `Mon AM` or `01/09/2026 AM`"
        raise UnreadableFile(f"{said}: correct the header and put the file in again")
    identity = Identity(table)
    rows = Rows(source, table, identity, lambda _: len(columns))
    codes = Remembered(code_reader(source.options.no_mark))
    week_of = _week_reader(source, table, columns)
    days: dict[date | None, Days] = {}
    marks: list[MarkRow] = []
    for line, cells in rows:
        try:
            pupil, week = identity.pupil(cells, line), week_of(cells)
        except BadCell as error:
            rows.reject(line, str(error), cells)
            continue
        if week not in days:
            days[week] = [_placed(column, week) for column in columns]
        marks += [MarkRow(pupil, day, period, codes[cells[place]], line) for place, day, period in days[week]]
    return Reading(marks=marks, bad=tuple(rows.bad), warnings=identity.warnings())


def _placed(column: SessionColumn, week: date | None) -> tuple[int, date, Period]:
    if column.day is not None:
        return column.column, column.day, column.period
    if week is None or column.weekday is None:
        raise AssertionError("a weekday column is only read with a week")
    return column.column, week + timedelta(days=column.weekday), column.period


def _week_reader(source: Source, table: Table, columns: Sequence[SessionColumn]) -> Callable[[list[str]], date | None]:
    """Gives the Monday of the week a row is about; None where every column carries its own date."""
    if all(column.day is not None for column in columns):
        return lambda _: None
    wanted = source.options.week_commencing
    place = table.fields.get("week_commencing", table.fields.get("date"))
    if place is not None and wanted in ("auto", "column"):
        weeks = Remembered(lambda text: _week(source.dates.day(text)))
        return lambda cells: weeks[cells[place]]
    day = _week_of_file(source, table)
    if day is None:
        raise UnreadableFile(
            "the columns are weekdays and nothing says of which week: add a column `Week Commencing`, a line "
            "`Week commencing 07/09/2026` above the header, or the date to the file's name"
        )
    try:
        week = _week(day)
    except BadCell as error:
        raise UnreadableFile(str(error)) from None
    return lambda _: week


def _week_of_file(source: Source, table: Table) -> date | None:
    wanted = source.options.week_commencing
    if isinstance(wanted, date):
        return wanted
    day = None
    if wanted in ("auto", "preamble"):
        day = in_preamble(table.preamble, WEEK_WORDS, source.dates)
    if day is None and wanted in ("auto", "file_name"):
        day = in_file_name(source.name, source.dates)
    return day


def _week(day: date) -> date:
    """The Monday; a week that begins on a Tuesday behind a bank holiday is still that week."""
    if day.weekday() >= SATURDAY:
        raise BadCell(f"the week commencing {day:%d/%m/%Y} begins at a weekend")
    return monday(day)
