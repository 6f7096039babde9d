"""XLSX workbooks: typed cells, never a formula, the same bytes for the same contents."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import ceil
from typing import Any

from mbls_sync.model.papers import Cell
from mbls_sync.render.cells import british, readable

LONGEST_CELL = 32_767
"""Characters that a cell of the format holds; XlsxWriter drops a longer text without a word."""


LINE = 15
"""Points from line to line."""

MOST_LINES = 27
"""A row of the format is 409 points high at most."""

ONE_PLACE, MORE_PLACES = "one decimal", "two decimals"
"""How a decimal number is shown: as its writer rounded it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its tab's name (31 characters at most), a title over the header row, and notes below the rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    subtitle: str = ""
    notes: tuple[str, ...] = ()


def workbook(sheets: Sequence[Sheet], title: str, made: date) -> bytes:
    """The sheets as one workbook. `made` is the date it carries; it never asks what day it is."""
    import xlsxwriter  # noqa: PLC0415 - few commands write a workbook, and every one would wait for it

    data = io.BytesIO()
    book = xlsxwriter.Workbook(
        data,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "author": "mbls-sync", "created": datetime.combine(made, time())})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF2"}),
        "text": book.add_format({"valign": "top", "text_wrap": True}),
        "number": book.add_format({"valign": "top", "align": "right", "indent": 1}),
        ONE_PLACE: book.add_format({"valign": "top", "align": "right", "indent": 1, "num_format": "0.0"}),
        MORE_PLACES: book.add_format({"valign": "top", "align": "right", "indent": 1, "num_format": "0.00"}),
        "date": book.add_format({"valign": "top", "num_format": "dd/mm/yyyy", "align": "left"}),
    }
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet.name), sheet, styles)
    book.close()
    return data.getvalue()


def _write_sheet(page: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    page.write_string(0, 0, _fit(sheet.title), styles["title"])
    page.write_string(1, 0, _fit(sheet.subtitle))
    head, widths = 2, [_width(sheet, column) for column in range(len(sheet.columns))]
    for column, name in enumerate(sheet.columns):
        page.write_string(head, column, _fit(name), styles["head"])
        page.set_column(column, column, widths[column])
    page.set_row(head, _height(widths, sheet.columns))
    for number, row in enumerate(sheet.rows, start=head + 1):
        page.set_row(number, _height(widths, row))
        for column, cell in enumerate(row):
            _write_cell(page, number, column, cell, styles)
    for number, note in enumerate(sheet.notes, start=head + 2 + len(sheet.rows)):
        page.write_string(number, 0, _fit(note))
    page.freeze_panes(head + 1, 0)
    page.repeat_rows(head)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer("&L&F&RPage &P of &N")


def _write_cell(page: Any, row: int, column: int, cell: Cell, styles: dict[str, Any]) -> None:
    if isinstance(cell, date):
        page.write_datetime(row, column, datetime.combine(cell, time()), styles["date"])
    elif isinstance(cell, int):
        page.write_number(row, column, cell, styles["number"])
    elif isinstance(cell, Decimal):
        page.write_number(row, column, float(cell), styles[_decimals(cell)])
    elif cell is not None:
        page.write_string(row, column, _fit(cell), styles["text"])


def _decimals(number: Decimal) -> str:
    exponent = number.as_tuple().exponent
    return MORE_PLACES if isinstance(exponent, int) and exponent < -1 else ONE_PLACE


def _fit(text: str) -> str:
    clean = readable(text)
    return clean if len(clean) <= LONGEST_CELL else clean[: LONGEST_CELL - 1] + "…"


def _height(widths: Sequence[float], row: Sequence[Cell]) -> float:
    """Room for the cell with the most lines: what opens the file need not fit a wrapped row to its text by itself."""
    lines = (_lines(british(cell), width) for cell, width in zip(row, widths, strict=True))
    return float(LINE * min(max(lines, default=1), MOST_LINES))


def _lines(text: str, width: float) -> int:
    return sum(max(ceil(len(part) / (width - 4)), 1) for part in text.split("\n"))


def _width(sheet: Sheet, column: int) -> float:
    # A head of several words wraps, so only its longest word asks for room.
    words = max((len(word) for word in sheet.columns[column].split()), default=0)
    cells = max((len(british(row[column])) for row in sheet.rows), default=0)
    return float(min(max(words, cells, 6) + 4, 60))
