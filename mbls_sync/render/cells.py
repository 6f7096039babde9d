"""What a cell looks like as text, and which text a spreadsheet would take for a formula."""

from __future__ import annotations

from datetime import date

from mbls_sync.model.papers import Cell

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may read as the start of a formula (OWASP, CSV Injection); the wide forms count too."""

_TURNS_THE_LINE = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""What turns the reading direction of all that follows; letters of any script find their own direction without it."""

_UNPRINTABLE = {code: " " for code in range(32) if chr(code) not in "\n\t"} | dict.fromkeys((0x7F, *_TURNS_THE_LINE))
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
    """The text without control characters, broken halves of characters and what would turn the line around it."""
    return text.translate(_UNPRINTABLE).encode("utf-8", "replace").decode("utf-8")
