r"""CSV that a machine reads: an LA's system, an MIS.

A cell is never altered: marks are themselves `/`, `\`, `-` and `#`, and a prefix would corrupt them. What
could not stand unaltered is refused instead, naming row and column and never the text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from mbls_sync.errors import PaperRefused
from mbls_sync.model.papers import Cell
from mbls_sync.render.cells import iso, starts_a_formula

_HARMLESS = re.compile(r"[+-]?[0-9][0-9 .]*|[^\t\r\n=]{1,2}")
"""A number, a telephone number or a code of one or two characters: no spreadsheet finds a formula in these."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def csv_for_machine(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8, comma, CRLF, dates as 2026-09-07; every cell reads back as it was.

    Raises PaperRefused where a text starts like a formula or holds a control character.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for number, row in enumerate(rows, start=1):
        writer.writerow([_checked(iso(cell), number, column) for cell, column in zip(row, columns, strict=True)])
    return text.getvalue().encode("utf-8")


def _checked(text: str, row: int, column: str) -> str:
    if starts_a_formula(text) and not _HARMLESS.fullmatch(text):
        raise PaperRefused(
            f"row {row}, column {column}: the text starts like a spreadsheet formula; a file for a machine "
            f"is never altered, so it was not written. Correct the entry in the MIS and write the file again."
        )
    if _UNPRINTABLE.search(text):
        raise PaperRefused(
            f"row {row}, column {column}: the text holds a control character that the receiver cannot read, "
            f"so the file was not written. Correct the entry in the MIS and write the file again."
        )
    return text
