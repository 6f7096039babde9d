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


def csv_for_machine(columns: Sequence[str], rows: Iterable[Sequence[Cell]], encoding: str = "utf-8") -> bytes:
    """Comma, CRLF, dates as 2026-09-07, in the receiver's encoding; every cell reads back as it was.

    Raises PaperRefused where a text starts like a formula, holds a control character, or a letter that the
    encoding does not have.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for number, row in enumerate(rows, start=1):
        cells = zip(row, columns, strict=True)
        writer.writerow([_checked(iso(cell), number, column, encoding) for cell, column in cells])
    return text.getvalue().encode(encoding)


def why_refused(text: str, encoding: str = "utf-8") -> str:
    """Why a text cannot stand unaltered in a file for a machine; empty where it can. Never the text itself."""
    if starts_a_formula(text) and not _HARMLESS.fullmatch(text):
        return "the text starts like a spreadsheet formula, and a file for a machine is never altered"
    if _UNPRINTABLE.search(text):
        return "the text holds a control character that the receiver cannot read"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return f"the text holds a letter that {encoding}, which the receiver takes, does not have"
    return ""


def _checked(text: str, row: int, column: str, encoding: str) -> str:
    if why := why_refused(text, encoding):
        raise PaperRefused(
            f"row {row}, column {column}: {why}, so the file was not written. Correct the entry in the MIS and write "
            f"the file again."
        )
    return text
