"""The sheets that the office keeps: the fire list by class, the whole-school daily sheet, what the head weighs."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.files import put, safe_name
from mbls_sync.errors import PaperRefused
from mbls_sync.model.deliveries import Kind, State
from mbls_sync.model.proposals import AddToSheet
from mbls_sync.render.csv_person import csv_for_person, read_csv_of_person
from mbls_sync.render.html import page

LIVE = (State.PLANNED, State.APPROVED, State.SENDING, State.ACCEPTED, State.VERIFIED)
"""The states in which a row belongs on its sheet."""


_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def sheet_rows(desk: Desk, layout: str) -> dict[str, tuple[AddToSheet, ...]]:
    """What belongs on each sheet of this layout, by the sheet's name, in the order of the keys."""
    found: dict[str, list[AddToSheet]] = {}
    for effect in sorted(desk.effects, key=lambda effect: effect.key):
        row = effect.proposal
        if effect.kind is Kind.SHEET_ROW and effect.state in LIVE and isinstance(row, AddToSheet):
            found.setdefault(row.sheet, []).append(row)
    chosen = {name: [row for row in rows if row.layout == layout] for name, rows in found.items()}
    return {name: tuple(sorted(rows, key=lambda row: row.key)) for name, rows in chosen.items() if rows}


def write_block_sheets(desk: Desk, folder: Path) -> list[Path]:
    """Each sheet of blocks (the fire list) as a printable page and a CSV in `folder`; older ones are replaced."""
    written: list[Path] = []
    for name, blocks in sorted(sheet_rows(desk, "block").items()):
        stem = safe_name(name)
        shown = [{"title": block.title, "cells": block.cells, "count": len(block.cells)} for block in blocks]
        heading = name.replace("-", " ").capitalize()
        html = page("block_sheet.html.j2", desk=desk, name=heading, blocks=shown)
        rows = [(block.key, label, text) for block in blocks for label, text in block.cells]
        written.append(put(folder, f"{stem}.html", html))
        written.append(put(folder, f"{stem}.csv", csv_for_person(("Class", "Name", "Known"), rows)))
    return written


def write_advice_sheets(desk: Desk, folder: Path) -> list[Path]:
    """Each sheet of advice as a printable page in `folder`, a block on a page; one with nothing left is taken away."""
    return _write_paged(desk, folder, "advice", "What stands here informs a decision and never makes one.")


def write_report_sheets(desk: Desk, folder: Path) -> list[Path]:
    """Each report (a class's attendance) as a printable page in `folder`, as advice is."""
    return _write_paged(desk, folder, "report", "Each page is for the staff whom it concerns, and for nobody else.")


def _write_paged(desk: Desk, folder: Path, layout: str, says: str) -> list[Path]:
    written = []
    for name, blocks in sorted(sheet_rows(desk, layout).items()):
        heading = name.replace("-", " ").capitalize()
        html = page("paged_sheet.html.j2", desk=desk, name=heading, blocks=blocks, says=says)
        written.append(put(folder, f"{safe_name(name)}.html", html))
    for place in sorted(folder.glob("*.html")):
        if place not in written:
            place.unlink()
    return written


def write_row_sheets(desk: Desk, folder: Path) -> list[Path]:
    """Each sheet of rows (the whole-school sheet) as a CSV in `folder`, the school's shared drive.

    What stands there already is kept: our row under a key is put in place of the row with that key, every
    other row and column, such as one that a person added, stays. Raises PaperRefused where the file cannot
    be read, and leaves it as it is.
    """
    return [_merge(folder, name, rows) for name, rows in sorted(sheet_rows(desk, "row").items())]


def _merge(folder: Path, name: str, rows: Sequence[AddToSheet]) -> Path:
    file = f"{safe_name(name)}.csv"
    heads, table = _standing(folder / file)
    places: dict[str, int] = {}
    for number, line in enumerate(table):
        places.setdefault(_plain_key(line[0]), number)
    heads = heads or [_key_head(rows[0])]
    for row in rows:
        place = places.get(_plain_key(row.key))
        if place is None:
            table.append([row.key])
        _fill(heads, table[-1 if place is None else place], row)
    data = csv_for_person(heads, [line + [""] * (len(heads) - len(line)) for line in table])
    try:
        return put(folder, file, data)
    except OSError as error:
        raise PaperRefused(
            f"{folder / file}: {error.strerror}; the sheet stands as it was. Close it where it is open, "
            f"and see that this program may write to the folder."
        ) from error


def _standing(place: Path) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the sheet as it stands, rows of nothing left out and all as wide as the widest."""
    if not place.exists():
        return [], []
    try:
        heads, rows = read_csv_of_person(place.read_bytes())
    except (OSError, csv.Error) as error:
        raise PaperRefused(
            f"{place}: cannot be read ({error}); it was left as it is, so that nothing a person added is lost. "
            f"Save it as CSV again, or move it away."
        ) from error
    rows = [row for row in rows if any(row)]
    width = max([len(heads), *(len(row) for row in rows)], default=0)
    return heads + [""] * (width - len(heads)), [row + [""] * (width - len(row)) for row in rows]


def _fill(heads: list[str], line: list[str], row: AddToSheet) -> None:
    for label, text in row.cells:
        if label not in heads:
            heads.append(label)
        line.extend([""] * (len(heads) - len(line)))
        line[heads.index(label)] = text


def _key_head(row: AddToSheet) -> str:
    """The head of the column of keys."""
    return "Date" if _ISO_DATE.match(row.key) else "Name"


def _plain_key(text: str) -> str:
    """A key as we compare it: a spreadsheet that saves a sheet turns 2026-10-13 into 13/10/2026."""
    british = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text.strip())
    return f"{british[3]}-{int(british[2]):02}-{int(british[1]):02}" if british else text.strip()
