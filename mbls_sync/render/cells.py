"""What a cell looks like as text, and which text a spreadsheet would take for a formula."""

from __future__ import annotations

from datetime import date

from mbls_sync.model.papers import Cell

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may read as the start of a formula (OWASP, CSV Injection); the wide forms count too."""

_UNPRINTABLE = {code: " " for code in range(32) if chr(code) not in "\n\t"} | {0x7F: None}
"""What each character that no printer can show becomes."""


def starts_a_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text instead of showing it."""
    return text.startswith(STARTS_A_FORMULA)


def iso(cell: Cell) -> str:
    """A cell for a machine: dates as 2026-09-07, nothing as an empty text."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def british(cell: Cell) -> str:
    """A cell for a person: dates as 07/09/2026, nothing as an empty text."""
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else iso(cell)


def readable(text: str) -> str:
    """The text without what no printer can show: control characters and broken halves of characters."""
    return text.translate(_UNPRINTABLE).encode("utf-8", "replace").decode("utf-8")
