"""Prints rows as a table for people, or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

Row = Mapping[str, Any]


class Format(StrEnum):
    """How data is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print: table, json or csv.")]


def show(
    rows: Sequence[Row], columns: Sequence[str], form: Format, *, title: str = "", head: Mapping[str, Any] | None = None
) -> None:
    """Print rows. `head` are facts about all of them: beside `rows` in JSON, in the title of a table."""
    if form is Format.JSON:
        body: Any = {**head, "rows": list(rows)} if head is not None else list(rows)
        print(json.dumps(body, ensure_ascii=False, indent=2, default=plain))
    elif form is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([[cell(row.get(column)) for column in columns] for row in rows])
    else:
        console().print(_table(rows, columns, title))


def console() -> Console:
    """Standard output for people; as wide as the data where it is no terminal, so that nothing is cut."""
    found = Console(highlight=False, soft_wrap=False)
    return found if found.is_terminal else Console(highlight=False, width=200)


def say(text: str) -> None:
    """One plain line for people, on standard output."""
    print(text)


def warn(text: str) -> None:
    """One plain line on standard error."""
    print(f"mbls-sync: {text}", file=sys.stderr)


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, (set, frozenset, tuple)) else str(value)


def cell(value: Any) -> str:
    """A value as one cell of a table or of CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _table(rows: Sequence[Row], columns: Sequence[str], title: str) -> Table:
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        numbers = bool(rows) and all(isinstance(row.get(column), (int, float)) for row in rows)
        table.add_column(column.replace("_", " "), justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell(row.get(column))) for column in columns))
    return table
