"""The files of a subject access request: a page to read, and the same data as JSON and CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mbls_sync.delivery.files import safe_name
from mbls_sync.delivery.subject import Row, SubjectFile
from mbls_sync.model.papers import School
from mbls_sync.render.csv_person import csv_for_person
from mbls_sync.render.html import page

MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})[:.\d]*(?:Z|[+-]\d{2}:\d{2})")
ALWAYS = "0001-01-01"
"""What came with the first load and has no moment of its own is known from here."""


@dataclass(frozen=True)
class Table:
    """One section as a table; every cell is text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def subject_files(found: SubjectFile, school: School) -> dict[str, bytes]:
    """The files by name. What the school must look at stands first on the page and in a file of its own."""
    tables = [_table(title, rows) for title, rows in sorted(found.sections.items())]
    stated = {
        "pupil": found.pupil,
        "name": found.name,
        "as_of": found.at,
        "to_look_at": list(found.to_look_at),
        "sections": {title: list(rows) for title, rows in sorted(found.sections.items())},
    }
    text = json.dumps(stated, ensure_ascii=False, indent=1, default=_plain) + "\n"
    files = {
        "everything.json": text.encode("utf-8"),
        "everything.html": page("subject.html.j2", file=found, school=school, tables=tables),
    }
    files |= {f"{safe_name(table.title)}.csv": csv_for_person(table.columns, table.rows) for table in tables}
    if found.to_look_at:
        files["for-the-school-to-look-at.txt"] = ("\n".join(found.to_look_at) + "\n").encode("utf-8")
    return files


def _table(title: str, rows: Sequence[Row]) -> Table:
    """Whose row it is stands on top of the page, and a column in which nothing stands says nothing."""
    named = dict.fromkeys(key for row in rows for key in row if key != "pupil")
    columns = tuple(key for key in named if any(row.get(key) not in (None, "", [], {}) for row in rows))
    return Table(title, columns, tuple(tuple(_cell(row.get(column)) for column in columns) for row in rows))


def _cell(value: Any) -> str:
    """A value as a person reads it: parts of a part by name, moments to the minute."""
    if isinstance(value, dict):
        told = {str(key).replace("_", " "): _cell(inner) for key, inner in value.items()}
        return "; ".join(f"{key}: {text}" for key, text in told.items() if text)
    if isinstance(value, (list, tuple)):
        return " / ".join(filter(None, map(_cell, value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(_plain(value))
    moment = MOMENT.fullmatch(text)
    if moment is None:
        return text
    return "from the first" if moment[1] == ALWAYS else f"{moment[1]} {moment[2]}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date)) else str(value)
