"""A pack as a tagged PDF: one page in plain sentences, then a plot or table at a time with what it shows."""

from __future__ import annotations

from typing import Any

from mbls_sync.model.packs import Bar, BarPlot, LinePlot, Pack, PackTable, Part
from mbls_sync.render.cells import british
from mbls_sync.render.html import long_day
from mbls_sync.render.pdf import typeset


def pack_pdf(pack: Pack, school: str) -> bytes:
    """The PDF; the same pack gives the same bytes. Every plot carries its description for whoever cannot see it."""
    values = {
        "title": pack.title,
        "subtitle": pack.subtitle,
        "school": school,
        "until": long_day(pack.until),
        "date": [pack.until.year, pack.until.month, pack.until.day],
        "confidential": pack.confidential,
        "key": [[figure.label, figure.text, figure.says] for figure in pack.key],
        "summary": list(pack.summary),
        "parts": [part for part in map(_part, pack.parts) if part is not None],
        "notes": list(pack.notes),
    }
    return typeset("pack.typ", values, pack.until)


def _part(part: Part) -> dict[str, Any] | None:
    if isinstance(part, PackTable):
        return _table(part)
    scale = {"low": float(part.low), "high": float(part.high)}
    plot: dict[str, Any] = {
        "heading": part.heading,
        "intro": part.intro,
        "says": part.says,
        "alt": part.description,
        "line": None if part.line is None else float(part.line),
        "line_says": part.line_says,
        **scale,
    }
    if isinstance(part, BarPlot):
        return plot | {"kind": "bars", "bars": [_bar(bar) for bar in part.bars]}
    return plot | {"kind": "lines", "names": list(part.names), "points": _points(part), "keys": list(part.keys)}


def _bar(bar: Bar) -> list[Any]:
    return [bar.label, None if bar.value is None else float(bar.value), bar.text, bar.note]


def _points(plot: LinePlot) -> list[list[Any]]:
    def number(value: Any) -> float | None:
        return None if value is None else float(value)

    return [[point.label, number(point.now), number(point.before), point.mark] for point in plot.points]


def _table(table: PackTable) -> dict[str, Any] | None:
    printed = range(len(table.columns)) if table.printed is None else table.printed
    if not printed:
        return None
    return {
        "kind": "table",
        "heading": table.heading,
        "intro": table.intro,
        "columns": [table.columns[column] for column in printed],
        "rows": [[british(row[column]) for column in printed] for row in table.rows],
    }
