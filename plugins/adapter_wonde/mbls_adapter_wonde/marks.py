"""Rows of `attendance/session` as marks: first by days, so that nothing shifts between pages; then what was updated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mbls_adapter_wonde.codes import Codes
from mbls_adapter_wonde.memory import Read, print_of
from mbls_adapter_wonde.options import Options
from mbls_adapter_wonde.walk import Wonde
from mbls_adapter_wonde.wire import BadValue, Row, day_of, id_of, moment_of, text_of
from mbls_sync.api import NO_MARK, BadRow, MarkDetail, MarkRow, Page, Period, PupilId, Rejected, Resource

STREAM = "attendance"
LISTS = ("attendance/session", "attendance-leavers/session")
MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass
class Rows:
    """What came, read: marks, what could not be read, and the latest moment of update."""

    marks: list[MarkRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    updated: str = ""


@dataclass(frozen=True)
class Marks:
    """Reads one school's marks. `whose` says which pupil an id is; None for nobody's."""

    wonde: Wonde
    options: Options
    codes: Codes
    whose: Callable[[str], PupilId | None]
    zone: ZoneInfo

    def pages(self, read: Read, since: date, today: date, here: Iterable[PupilId]) -> Iterator[Page]:
        """Every mark that is not read yet, fortnight by fortnight; then what was updated since, and today whole."""
        updated = read.updated
        for first, last in self._windows(read.to or since, today) if read.to != today else ():
            found = self._read(self._between(first, last))
            updated = max(updated, found.updated)
            yield _page(found, Read(last, updated), f"marks from {first} to {last}")
        yield self._changes(read, updated, today, here)

    def on(self, day: date) -> Rows:
        """The marks of one day."""
        return self._read(self._between(day, day))

    def _changes(self, read: Read, updated: str, today: date, here: Iterable[PupilId]) -> Page:
        now = self.on(today) if self._has_days else Rows()
        rows = self._read(self._updated(read.updated or updated, today))
        marks = {_place(row): row for row in (*rows.marks, *now.marks, *_blanks(now.marks, today, here))}
        bad = list({row.text: row for row in (*rows.bad, *now.bad)}.values())
        found = Rows([marks[place] for place in sorted(marks)], bad, max(updated, rows.updated, now.updated))
        content = print_of([row._replace(line=0) for row in found.marks])
        cursor = Read(today, found.updated, content)
        # What went to quarantine is asked for again until it can be read: its update is past by then.
        retry = str(Read(today, read.updated)) if found.bad else ""
        return replace(_page(found, cursor, "marks updated lately", unchanged=cursor == read), retry_cursor=retry)

    def _windows(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        if not self._has_days:
            yield first, last
            return
        while first <= last:
            end = min(first + timedelta(days=self.options.window_days - 1), last)
            yield first, end
            first = end + timedelta(days=1)

    def _between(self, first: date, last: date) -> Iterator[Row]:
        query = {}
        if self._has_days:
            query = {self.options.date_from_param: str(first), self.options.date_to_param: str(last)}
        for path in LISTS:
            for row in self.wonde.rows(path, query):
                day = _day(row, self.zone)
                if day is None or first <= day <= last:
                    yield row
                elif self._has_days:
                    raise Rejected(
                        "Wonde gave marks of other days than asked for, so its parameters have other names here; "
                        "set `date_from_param` and `date_to_param` of the source to those in its manual, or both to "
                        'nothing ("") to read all marks in one go'
                    )

    def _updated(self, updated: str, today: date) -> Iterator[Row]:
        """What was updated since, and a little before: clocks differ, and a row may become visible late."""
        if not updated:
            yield from self._between(today - timedelta(days=self.options.recheck_days), today)
            return
        back = timedelta(minutes=self.options.look_back_minutes)
        after = (datetime.strptime(updated, MOMENT).replace(tzinfo=UTC) - back).strftime(MOMENT)
        for path in LISTS:
            yield from self.wonde.rows(path, {"updated_after": after})

    @property
    def _has_days(self) -> bool:
        return bool(self.options.date_from_param and self.options.date_to_param)

    def _read(self, rows: Iterable[Row]) -> Rows:
        found = Rows()
        for line, row in enumerate(rows, start=1):
            try:
                found.marks.append(self._mark(row, line))
                updated = moment_of(row.get("updated_at"))
            except BadValue as error:
                found.bad.append(BadRow("Wonde attendance", line, str(error), 1, text_of(row.get("id"))))
                continue
            if updated is not None:
                found.updated = max(found.updated, updated.astimezone(UTC).strftime(MOMENT))
        return found

    def _mark(self, row: Row, line: int) -> MarkRow:
        day, half = day_of(row.get("date"), self.zone), text_of(row.get("session")).upper()
        if day is None or half not in tuple(Period):
            raise BadValue("there is no day in it" if day is None else f"{half[:20]!r} is no session; AM or PM is")
        pupil = self.whose(id_of(row.get("student")))
        if pupil is None:
            raise BadValue("it names a pupil whom Wonde lists neither as here nor as left")
        code = self.codes.of_id.get(id_of(row.get("attendance_code")))
        if code is None:
            raise BadValue("it names a code that is not in the school's list of codes")
        return MarkRow(pupil, day, Period(half), code, line, _detail(row))


def _detail(row: Row) -> MarkDetail | None:
    late, comment = text_of(row.get("minutes_late")), text_of(row.get("comment"))
    if not late and not comment:
        return None
    return MarkDetail(minutes_late=int(late) if late.isdecimal() else None, comment=comment or None)


def _blanks(marks: Sequence[MarkRow], today: date, here: Iterable[PupilId]) -> Iterator[MarkRow]:
    """Who has no row in a session of which today's list has some: no mark, or one that was taken out again."""
    taken = {row.period for row in marks}
    held = {(row.pupil, row.period) for row in marks}
    pupils = sorted(here)
    return (MarkRow(p, today, s, NO_MARK, 1) for s in sorted(taken) for p in pupils if (p, s) not in held)


def _day(row: Row, zone: ZoneInfo) -> date | None:
    try:
        return day_of(row.get("date"), zone)
    except BadValue:
        return None  # it goes to quarantine where it is read


def _place(row: MarkRow) -> tuple[date, str, str]:
    return (row.day, row.period, row.pupil)


def _page(rows: Rows, cursor: Read, source: str, *, unchanged: bool = False) -> Page:
    return Page(
        Resource.MARKS,
        STREAM,
        f"Wonde {source}",
        str(cursor),
        marks=tuple(rows.marks),
        bad=tuple(rows.bad),
        unchanged=unchanged,
    )


def read_of(cursors: Mapping[str, str]) -> Read:
    """How far the marks are read."""
    return Read.parse(cursors.get(STREAM, ""))
