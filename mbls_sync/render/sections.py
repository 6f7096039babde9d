"""A packet's sections as plain values: the JSON of the packet, the rows of its CSV, and what the PDF is set from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from math import sqrt
from typing import Any

from mbls_sync.model.papers import (
    Cell,
    ChecklistSection,
    FactsSection,
    HerringboneSection,
    PacketSections,
    PlotSection,
    Section,
    TableSection,
)
from mbls_sync.render.cells import british, iso

SESSIONS = tuple(f"{day} {period}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri") for period in ("AM", "PM"))
"""The ten columns of a herringbone."""

LINE = 88
"""About how many characters stand in a line of the PDF's page."""

LONGEST_WORD = 32
"""A longer word is broken; a shorter one never runs out of its column."""

_WITHIN_A_NUMBER = re.compile(r"(?<=\d) (?=\d)")
"""The space in a telephone number, at which no line may end."""

CSV_COLUMNS = ("Section", "Row", "Field", "Value")


def packet_values(packet: PacketSections) -> dict[str, Any]:
    """The packet as a tree of text, numbers and lists; dates as 2026-09-07."""
    return {
        "kind": packet.kind,
        "title": packet.title,
        "subject": packet.subject,
        "missing": list(packet.missing),
        "sections": [section_values(section) for section in packet.sections],
    }


def packet_json(packet: PacketSections) -> bytes:
    """The packet for a machine: UTF-8 JSON, keys in order."""
    return (json.dumps(packet_values(packet), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def packet_rows(packet: PacketSections) -> Iterator[tuple[Cell, ...]]:
    """The packet for a spreadsheet: a row a value, under the section and the row of it where it stands."""
    for section in packet.sections:
        for row, field, value in _values(section):
            yield section.heading, row, field, value


def section_values(section: Section) -> dict[str, Any]:
    """One section as a tree; `kind` says which."""
    base: dict[str, Any] = {"heading": section.heading, "intro": getattr(section, "intro", "")}
    if isinstance(section, FactsSection):
        return base | {"kind": "facts", "facts": [list(fact) for fact in section.facts]}
    if isinstance(section, TableSection):
        rows = [[iso(cell) for cell in row] for row in section.rows]
        return base | {"kind": "table", "columns": list(section.columns), "rows": rows}
    if isinstance(section, HerringboneSection):
        weeks = [[day.isoformat(), list(codes)] for day, codes in section.weeks]
        return base | {"kind": "herringbone", "weeks": weeks, "key": [list(pair) for pair in section.key]}
    if isinstance(section, PlotSection):
        return base | {
            "kind": "plot",
            "description": section.description,
            "weeks": [[day.isoformat(), attended, possible] for day, attended, possible in section.weeks],
            "steps": [[day.isoformat(), text] for day, text in section.steps],
        }
    return base | {
        "kind": "checklist",
        "items": [list(item) for item in section.items],
        "taken_off": section.taken_off,
    }


def _values(section: Section) -> Iterator[tuple[int, str, Cell]]:
    if isinstance(section, FactsSection):
        yield from ((number, label, text) for number, (label, text) in enumerate(section.facts, start=1))
    elif isinstance(section, TableSection):
        for number, row in enumerate(section.rows, start=1):
            yield from ((number, column, cell) for column, cell in zip(section.columns, row, strict=True))
    elif isinstance(section, HerringboneSection):
        yield from _week_values(section)
    elif isinstance(section, PlotSection):
        for number, (day, attended, possible) in enumerate(section.weeks, start=1):
            yield from ((number, "Week of", day), (number, "Attended", attended), (number, "Possible", possible))
    elif isinstance(section, ChecklistSection):
        for number, (item, here, mend) in enumerate(section.items, start=1):
            yield from ((number, "Item", item), (number, "Here", "yes" if here else "missing"), (number, "Mend", mend))


def _week_values(section: HerringboneSection) -> Iterator[tuple[int, str, Cell]]:
    for number, (day, codes) in enumerate(section.weeks, start=1):
        yield number, "Week of", day
        yield from ((number, name, code) for name, code in zip(SESSIONS, codes, strict=True) if code)


def typeset_values(section: Section) -> dict[str, Any]:
    """One section as the PDF shows it: dates as a person reads them, columns wide enough for what they hold."""
    values = section_values(section)
    if isinstance(section, TableSection):
        values["rows"] = [[_set(cell) for cell in row] for row in section.rows]
        values["widths"] = _widths(section)
    elif isinstance(section, HerringboneSection):
        values["columns"] = [name.replace(" ", "\n") for name in SESSIONS]
        values["weeks"] = [[british(day), list(codes)] for day, codes in section.weeks]
    elif isinstance(section, PlotSection):
        values["weeks"] = [[_short(day), a, p, _steps_in(section, day)] for day, a, p in section.weeks]
        values["steps"] = [f"{british(day)}: {text}" for day, text in section.steps]
    return values


def _widths(section: TableSection) -> list[float]:
    """How wide each column is beside the others: its longest word fits; what is left goes by the length of texts."""
    columns = [_column(section, number) for number in range(len(section.columns))]
    words = [min(max(len(word) for text in texts for word in text.split(" ")), LONGEST_WORD) for texts in columns]
    left = max(LINE - sum(words) - 2 * len(words), 0)
    # The square root keeps a column of dates readable beside a column of notes.
    shares = [sqrt(min(max(len(text) for text in texts), 80)) for texts in columns]
    total = sum(shares) or 1.0
    return [word + 2 + left * share / total for word, share in zip(words, shares, strict=True)]


def _column(section: TableSection, number: int) -> list[str]:
    return [section.columns[number], *(_set(row[number]) for row in section.rows)]


def _set(cell: Cell) -> str:
    return _WITHIN_A_NUMBER.sub("\u00a0", british(cell))


def _short(day: date) -> str:
    return f"{day.day}/{day.month}"


def _steps_in(section: PlotSection, week: date) -> str:
    """The numbers of the steps that were taken in a week."""
    numbers = [n for n, (day, _) in enumerate(section.steps, start=1) if 0 <= (day - week).days < 7]
    return ",".join(str(n) for n in numbers)
