"""Walks the rows of a table: what ends the data, and what each row that cannot be read is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mbls_adapter_integris_csv.identity import Identity
from mbls_adapter_integris_csv.source import Source
from mbls_adapter_integris_csv.tables import Table, is_footer
from mbls_sync.api import BadRow

FOOTER_INITIALS = frozenset("TtGgPpRrEe \t")
MarksOf = Callable[[list[str]], int]
"""How many marks a row holds, for the count of what went to quarantine."""


class Rows:
    """The rows of one table, whole ones only; what cannot be taken apart is gathered in `bad`.

    A blank row or a footer ends the data. A row behind the end that looks like data is not lost: it is
    quarantined, because an export that goes on behind a footer is one whose shape we do not know.
    """

    def __init__(self, source: Source, table: Table, identity: Identity, marks_of: MarksOf) -> None:
        self._source, self._table, self._identity, self._marks_of = source, table, identity, marks_of
        self.bad: list[BadRow] = []

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        records, width = self._table.records(), len(self._table.header)
        first = self._identity.first
        for line, cells in records:
            if isinstance(cells, str):
                self.reject(line, cells, [])
            elif len(cells) == width and cells[first] and cells[first][0] not in FOOTER_INITIALS:
                yield line, cells
            elif not any(map(str.strip, cells)) or is_footer(cells, self._identity.columns):
                self._behind_the_end(records, line)
                return
            elif len(cells) >= width and not any(map(str.strip, cells[width:])):
                yield line, cells
            else:
                said = f"the row has {len(cells)} cells where the header has {width}"
                self.reject(line, f"{said}; a part of it is missing, or a comma is not within quotes", cells)

    def reject(self, line: int, reason: str, cells: list[str]) -> None:
        """Quarantine a row whole."""
        self.bad.append(self._source.bad(line, reason, self._marks_of(cells)))

    def _behind_the_end(self, records: Iterator[tuple[int, list[str] | str]], end: int) -> None:
        for line, cells in records:
            if isinstance(cells, str) or self._looks_like_data(cells):
                reason = f"the row stands behind the end of the data (a blank row or a footer on line {end})"
                self.reject(line, reason, [] if isinstance(cells, str) else cells)

    def _looks_like_data(self, cells: list[str]) -> bool:
        filled = sum(1 for cell in cells if cell.strip())
        return filled >= 2 and not is_footer(cells, self._identity.columns)
