"""The long layout: a row for each pupil and session."""

from __future__ import annotations

from operator import itemgetter

from mbls_adapter_integris_csv.clean_long import Columns, DetailOf, read_clean
from mbls_adapter_integris_csv.identity import Identity
from mbls_adapter_integris_csv.rows import Rows
from mbls_adapter_integris_csv.source import Reading, Source
from mbls_adapter_integris_csv.tables import Table
from mbls_adapter_integris_csv.values import BadCell, Dates, Remembered, clean, code_reader, read_period
from mbls_sync.api import MarkDetail, MarkRow

DETAILS = ("minutes_late", "comment", "amended_by", "amended_role", "amended_at", "amended_reason")


def read_long(source: Source, table: Table) -> Reading:
    """Every row as one mark."""
    identity = Identity(table)
    dates = source.dates
    columns = Columns(
        (table.fields["date"], table.fields["session"], table.fields["mark"]),
        Remembered(dates.day),
        Remembered(read_period),
        Remembered(code_reader(source.options.no_mark)),
        _detail_reader(table, dates),
    )
    clean_marks = read_clean(table, identity, columns)
    if clean_marks is not None:
        return Reading(marks=clean_marks, warnings=identity.warnings())
    return _row_by_row(source, table, Identity(table), columns)


def _row_by_row(source: Source, table: Table, identity: Identity, columns: Columns) -> Reading:
    rows = Rows(source, table, identity, lambda _: 1)
    when, which, what = columns.places
    days, periods, codes, detail_of = columns.days, columns.periods, columns.codes, columns.detail_of
    marks: list[MarkRow] = []
    for line, cells in rows:
        try:
            pupil = identity.pupil(cells, line)
            detail = detail_of(cells) if detail_of else None
            marks.append(MarkRow(pupil, days[cells[when]], periods[cells[which]], codes[cells[what]], line, detail))
        except BadCell as error:
            rows.reject(line, str(error), cells)
    return Reading(marks=marks, bad=tuple(rows.bad), warnings=identity.warnings())


def _detail_reader(table: Table, dates: Dates) -> DetailOf | None:
    """Reads what stands beside a code, where the export has any such column."""
    columns = [(field, table.fields[field]) for field in DETAILS if field in table.fields]
    if not columns:
        return None
    places = [place for _, place in columns]
    pick = itemgetter(*places) if len(places) > 1 else lambda cells: (cells[places[0]],)

    def read(cells: list[str]) -> MarkDetail | None:
        said = pick(cells)
        if not any(said):
            return None
        return _detail({field: clean(text) for (field, _), text in zip(columns, said, strict=True)}, dates)

    return read


def _detail(said: dict[str, str], dates: Dates) -> MarkDetail | None:
    if not any(said.values()):
        return None
    late, amended_at = said.get("minutes_late", ""), said.get("amended_at", "")
    if late and not (late.isdecimal() and len(late) <= 4):
        raise BadCell(f"the minutes late are no whole number: {late[:20]!r}")
    return MarkDetail(
        minutes_late=int(late) if late else None,
        comment=said.get("comment") or None,
        amended_by=said.get("amended_by") or None,
        amended_role=said.get("amended_role") or None,
        amended_at=dates.moment(amended_at) if amended_at else None,
        amended_reason=said.get("amended_reason") or None,
    )
