"""Rows of marks: a row a mark, or a text or columns that hold the marks of many sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mbls_adapter_rest.fields import Field, Lookups, compiled
from mbls_adapter_rest.options import MarkString, ResourcePart, WeekColumns
from mbls_adapter_rest.paths import Get, getter
from mbls_adapter_rest.shapes import SHAPES
from mbls_adapter_rest.tables import PupilIds
from mbls_adapter_rest.values import (
    BadValue,
    as_written,
    code_reader,
    read_day,
    read_sessions,
    read_time,
    readers,
    session_reader,
)
from mbls_adapter_rest.whom import pupil_getter
from mbls_sync.api import Code, MarkDetail, MarkRow, Period, Resource

SATURDAY = 5
NOTHING = MarkDetail()
Cell = tuple[date, Period, Code]


@dataclass(frozen=True)
class MarkReader:
    """Reads the marks of one row. Raises BadValue."""

    pupil: Get
    cells: Callable[[Any], Sequence[Cell]]
    detail: Callable[[Any], MarkDetail | None]
    columns: tuple[Field, ...] = ()

    def read_all(self, rows: Sequence[Any], first: int) -> list[MarkRow] | None:
        """All marks of plain rows at once; None where any is out of the ordinary, so that each is read by itself."""
        if not self.columns:
            return None
        try:
            pupils, days, periods, codes = (field.column(rows) for field in self.columns)
        except (KeyError, TypeError, BadValue):
            return None
        if None in pupils or None in days or None in periods:
            return None
        plain = [code or "" for code in codes]
        return list(map(MarkRow, pupils, days, periods, plain, range(first, first + len(rows))))

    def read(self, row: Any, line: int) -> list[MarkRow]:
        """Every mark of a row; a blank is no mark and says so."""
        pupil = self.pupil(row)
        if pupil is None:
            raise BadValue("there is no pupil in it: neither a UPN nor another id, and a name alone is never enough")
        detail = self.detail(row)
        return [MarkRow(pupil, day, period, code, line, detail) for day, period, code in self.cells(row)]


def mark_reader(part: ResourcePart, lookups: Lookups, ids: PupilIds, zone: ZoneInfo) -> MarkReader:
    """By the settings."""
    pupil, detail = pupil_getter(part.fields, lookups, ids), _details(part, lookups, zone)
    if part.split_mark_string is not None or part.weekday_columns is not None:
        return MarkReader(pupil, _cells_within(part, lookups, zone), detail or (lambda _: None))
    day, session, code = _three(part, lookups, zone)
    columns = (pupil, day, session, code) if isinstance(pupil, Field) and detail is None else ()
    return MarkReader(pupil, _cell(day, session, code), detail or (lambda _: None), columns)


def _three(part: ResourcePart, lookups: Lookups, zone: ZoneInfo) -> tuple[Field, Field, Field]:
    pm_from = read_time(part.pm_from) if part.pm_from else None
    return (
        compiled(part.fields["day"], lambda value: read_day(value, zone), lookups),
        compiled(part.fields["session"], session_reader(pm_from), lookups),
        compiled(part.fields["code"], code_reader(part.no_mark), lookups),
    )


def _cells_within(part: ResourcePart, lookups: Lookups, zone: ZoneInfo) -> Callable[[Any], Sequence[Cell]]:
    code_of = code_reader(part.no_mark)
    if part.split_mark_string is not None:
        return _string(part.split_mark_string, code_of, lookups, zone)
    assert part.weekday_columns is not None  # noqa: S101 - asked before
    return _columns(part.weekday_columns, code_of, lookups, zone)


def _cell(day: Field, session: Field, code: Field) -> Callable[[Any], Sequence[Cell]]:
    def cells(row: Any) -> Sequence[Cell]:
        of_day, of_session = day(row), session(row)
        if of_day is None or of_session is None:
            raise BadValue("there is no day in it" if of_day is None else "there is no session in it")
        return ((of_day, of_session, code(row) or ""),)

    return cells


def _string(given: MarkString, code_of: Get, lookups: Lookups, zone: ZoneInfo) -> Callable[[Any], Sequence[Cell]]:
    start = compiled(given.start, lambda value: read_day(value, zone), lookups)
    marks, every = compiled(given.marks, as_written, lookups), given.order.endswith("every day")

    def cells(row: Any) -> Sequence[Cell]:
        first, text = start(row), marks(row)
        if first is None:
            raise BadValue("there is no first day in it, so nobody can say whose day each mark is")
        days = _days(first, every)
        places = ((day, period) for day in days for period in Period)
        return [(day, period, code_of(mark)) for mark, (day, period) in zip(text or "", places, strict=False)]

    return cells


def _days(first: date, every: bool) -> Iterator[date]:
    day = first
    while True:
        if every or day.weekday() < SATURDAY:
            yield day
        day += timedelta(days=1)


def _columns(given: WeekColumns, code_of: Get, lookups: Lookups, zone: ZoneInfo) -> Callable[[Any], Sequence[Cell]]:
    monday = compiled(given.monday, lambda value: read_day(value, zone), lookups)
    places = []
    for session, path in given.columns.items():
        ((weekday, period),) = _one_session(session)
        places.append((timedelta(days=weekday), period, getter(path)))

    def cells(row: Any) -> Sequence[Cell]:
        first = monday(row)
        if first is None or first.weekday() != 0:
            raise BadValue("its week does not begin on a Monday" if first else "there is no Monday in it")
        return [(first + after, period, code_of(get(row))) for after, period, get in places]

    return cells


def _one_session(text: str) -> list[tuple[int, Period]]:
    found = sorted(read_sessions(text))
    if len(found) != 1:
        raise BadValue(f"{text!r} is not one session; name each column such as Mon AM")
    return found


def _details(part: ResourcePart, lookups: Lookups, zone: ZoneInfo) -> Callable[[Any], MarkDetail | None] | None:
    """What reads the rest of a row; None where the settings name nothing of it."""
    read: Mapping[str, Callable[[Any], Any]] = readers(zone)
    kinds = SHAPES[Resource.MARKS].fields
    names = [name for name in part.fields if name in MarkDetail.__dataclass_fields__]
    gets = [(name, compiled(part.fields[name], read[kinds[name]], lookups)) for name in names]
    if not gets:
        return None

    def detail(row: Any) -> MarkDetail | None:
        found = MarkDetail(**{name: value if value != "" else None for name, get in gets for value in [get(row)]})
        return None if found == NOTHING else found

    return detail
