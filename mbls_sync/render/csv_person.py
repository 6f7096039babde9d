"""CSV that a person opens in a spreadsheet: nothing in it can run.

The writer for machines is separate code on purpose: what protects a person corrupts a machine's file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from mbls_sync.model.papers import Cell
from mbls_sync.render.cells import british, readable, starts_a_formula

GUARD = "'"
"""Put before a text that would start a formula; a spreadsheet then shows it as text (OWASP, CSV Injection)."""


def csv_for_person(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, every cell quoted, dates as 07/09/2026, no cell a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([guarded(column) for column in columns])
    writer.writerows([guarded(british(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def guarded(text: str) -> str:
    """The text, made safe to open."""
    # Decided before cleaning: a leading control character is what a spreadsheet would have acted on.
    return GUARD + readable(text) if starts_a_formula(text) or starts_a_formula(readable(text)) else readable(text)


def unguarded(text: str) -> str:
    """What stood in a cell before it was made safe."""
    bare = text.removeprefix(GUARD)
    return bare if bare != text and starts_a_formula(bare) else text


def read_csv_of_person(data: bytes) -> tuple[list[str], list[list[str]]]:
    """Column heads and rows of a sheet that a person may have saved with a spreadsheet since.

    UTF-8 with or without a byte order mark, else Windows-1252; comma, semicolon or tab. Raises csv.Error.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = [[unguarded(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    return (rows[0], rows[1:]) if rows else ([], [])
