"""A pack as a workbook: a summary sheet, then a sheet a table, every number a number."""

from __future__ import annotations

from textwrap import wrap

from mbls_sync.model.packs import Pack, PackTable
from mbls_sync.model.papers import Cell
from mbls_sync.render.xlsx import Sheet, workbook

SUMMARY = "Summary"
LINE = 90
"""Characters of a note in one line: a longer one would make the printed sheet as wide as itself."""


def pack_workbook(pack: Pack, school: str) -> bytes:
    """The workbook; the same pack gives the same bytes."""
    tables = [part for part in pack.parts if isinstance(part, PackTable) and part.sheet]
    sheets = [_summary(pack, school), *(_sheet(table, pack) for table in tables)]
    return workbook(sheets, f"{pack.title}, {pack.subtitle}", pack.until)


def _summary(pack: Pack, school: str) -> Sheet:
    rows: list[tuple[Cell, ...]] = [(figure.label, f"{figure.text}, {figure.says}") for figure in pack.key]
    rows += [("In short" if number == 0 else "", sentence) for number, sentence in enumerate(pack.summary)]
    return Sheet(
        name=SUMMARY,
        title=f"{pack.title}: {pack.subtitle}",
        columns=("What", "How it stands"),
        rows=tuple(rows),
        subtitle=f"{school}. Marks up to {pack.until:%d/%m/%Y}. {pack.confidential}",
        notes=pack.notes,
    )


def _sheet(table: PackTable, pack: Pack) -> Sheet:
    # An intro goes below the rows: the line over them does not wrap.
    said = (*table.notes, *((table.intro,) if table.intro and table.intro not in table.notes else ()))
    notes = tuple(line for note in said for line in wrap(note, LINE))
    return Sheet(table.sheet, table.heading, table.columns, table.rows, f"{pack.title}, {pack.subtitle}", notes)
