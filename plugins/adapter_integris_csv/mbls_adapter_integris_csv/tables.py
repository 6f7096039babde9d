"""A file's header, and the rows under it, each with the line a person would look for."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from mbls_adapter_integris_csv.columns import plain

DELIMITERS = (",", ";", "\t")
LONGEST_LINE = 65_536
MOST_COLUMNS = 2_000
MOST_LINES_OF_A_ROW = 20
MOST_BROKEN_ROWS = 1_000
FOOTER = re.compile(r"\s*(grand\s+)?(totals?|printed|page|report\s+printed|end\s+of\s+report)\b", re.IGNORECASE)


class UnreadableFile(Exception):
    """Nothing in the file can be read; says why and what to do."""


@dataclass(frozen=True)
class Table:
    """The lines of a file with its header found. `fields` maps each field that is known to its column."""

    lines: Sequence[str]
    delimiter: str
    header_line: int
    header: tuple[str, ...]
    fields: Mapping[str, int]

    @property
    def preamble(self) -> tuple[str, ...]:
        """The lines above the header."""
        return tuple(self.lines[: self.header_line - 1])

    def records(self) -> Iterator[tuple[int, list[str] | str]]:
        """Each row under the header: its line (the first is 1), and its cells, or why it has none."""
        return read_records(self.lines, self.delimiter, self.header_line, len(self.header))


def find_table(
    lines: Sequence[str], known: Mapping[str, str], session_column: re.Pattern[str], delimiter: str, preamble_rows: int
) -> Table:
    """The header is the row with the most known columns among the first few, with the delimiter that shows most.

    Raises UnreadableFile where no row has two known columns.
    """
    best: tuple[int, Table] | None = None
    for candidate in DELIMITERS if delimiter == "auto" else (delimiter,):
        top = [line[:LONGEST_LINE] for line in lines[: preamble_rows + 1]]
        for number, line in enumerate(top, start=1):
            cells = _cells(line, candidate)
            score = sum(plain(cell) in known or bool(session_column.fullmatch(cell.strip())) for cell in cells)
            if score >= 2 and (best is None or score > best[0]):
                best = score, Table(lines, candidate, number, tuple(cells), {})
    if best is None:
        raise UnreadableFile(
            f"no header was found: no row among the first {preamble_rows + 1} has two columns that are known; "
            "export with a header row, or name its columns under `aliases` in the settings"
        )
    return _with_fields(best[1], known)


def read_records(lines: Sequence[str], delimiter: str, after: int, width: int) -> Iterator[tuple[int, list[str] | str]]:
    """The rows of `lines` behind line `after`; a row that cannot be taken apart costs no row but itself."""
    at, broken = after, 0
    for end in [*(n for n, line in enumerate(lines) if n >= after and len(line) > LONGEST_LINE), len(lines)]:
        while at < end:
            for number, cells, spanned in _rows(lines, delimiter, at, end, width):
                yield number, cells
                at = number - 1 + spanned
                if isinstance(cells, str):
                    broken += 1
                    break
            else:
                at = end
            if broken > MOST_BROKEN_ROWS:
                raise UnreadableFile(
                    f"more than {MOST_BROKEN_ROWS} rows open a quote that they never close; export the file again"
                )
        if end < len(lines):
            yield end + 1, f"the line is longer than {LONGEST_LINE} characters"
            at = end + 1


def _rows(
    lines: Sequence[str], delimiter: str, start: int, end: int, width: int
) -> Iterator[tuple[int, list[str] | str, int]]:
    """Rows with their first line and how many lines they span; a row that swallows its neighbours is text."""
    reader = csv.reader(islice(lines, start, end), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            spanned = reader.line_num - before
            if spanned != 1 and (spanned > MOST_LINES_OF_A_ROW or len(cells) != width):
                yield start + before + 1, "a quote is opened and never closed", 1
                return
            yield start + before + 1, cells, spanned
            before = reader.line_num
    except csv.Error:
        yield start + before + 1, "a quote is opened and never closed", 1


def is_footer(cells: Sequence[str], identity: Sequence[int]) -> bool:
    """Whether a row is the foot of a report: it begins as one does, and no pupil's number stands behind that."""
    first = next((n for n, cell in enumerate(cells) if cell.strip()), None)
    if first is None or not FOOTER.match(cells[first]):
        return False
    return not any(n > first and n < len(cells) and cells[n].strip() for n in identity)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _with_fields(table: Table, known: Mapping[str, str]) -> Table:
    if len(table.header) > MOST_COLUMNS:
        raise UnreadableFile(f"the header has {len(table.header)} columns, more than {MOST_COLUMNS}; is it an export?")
    fields: dict[str, int] = {}
    for column, header in enumerate(table.header):
        field = known.get(plain(header))
        if field in fields:
            raise UnreadableFile(
                f"the columns {table.header[fields[field]].strip()!r} and {header.strip()!r} say the same thing, so "
                "that which one counts would be a guess; export one of them"
            )
        if field is not None:
            fields[field] = column
    return Table(table.lines, table.delimiter, table.header_line, table.header, fields)
