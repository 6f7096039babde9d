"""What an analysis pack is before it is bytes: frozen sentences, key figures, plots and tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mbls_sync.model.papers import Cell


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large figure of the first page: what it is, its text, and how it stands (`above the target of 96%`)."""

    label: str
    text: str
    says: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length (None: nothing to show) and the text at its end; `note` stands in words beside."""

    label: str
    value: Decimal | None
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Bars from `low` to `high`, with a line at `line` where there is one. `says` is the sentence under it.

    `description` puts in words what is to be seen, for whoever cannot see it.
    """

    heading: str
    bars: tuple[Bar, ...]
    low: Decimal
    high: Decimal
    says: str
    description: str
    line: Decimal | None = None
    line_says: str = ""
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One week of a line plot: its label, this year's figure and the earlier year's; None where there is none."""

    label: str
    now: Decimal | None
    before: Decimal | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class LinePlot:
    """Week by week from `low` to `high`: this year as a full line, an earlier one broken, `line` the target.

    `keys` explain the marks above the weeks, in order.
    """

    heading: str
    points: tuple[Point, ...]
    low: Decimal
    high: Decimal
    names: tuple[str, str]
    says: str
    description: str
    line: Decimal | None = None
    line_says: str = ""
    keys: tuple[str, ...] = ()
    intro: str = ""


@dataclass(frozen=True, slots=True)
class PackTable:
    """A table. `sheet` names its tab in the workbook (none: it is not there); `printed` are the columns in print.

    `printed` None prints every column, an empty one prints nothing. `notes` stand below the rows.
    """

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sheet: str = ""
    printed: tuple[int, ...] | None = None
    intro: str = ""
    notes: tuple[str, ...] = ()


Part = BarPlot | LinePlot | PackTable


@dataclass(frozen=True, slots=True)
class Pack:
    """One analysis pack: a first page of plain sentences, then plots and tables.

    `name` begins its files' names; `until` is the last day whose marks it counts, and the date it carries.
    `confidential` says who may see it.
    """

    name: str
    title: str
    subtitle: str
    until: date
    confidential: str
    key: tuple[KeyFigure, ...]
    summary: tuple[str, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
