"""A part of a list: its rows as marks or items, the rows that cannot be read, and what is doubtful."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from mbls_adapter_rest.fields import Lookups
from mbls_adapter_rest.items import ItemRead, gathered, item_reader
from mbls_adapter_rest.marks import MarkReader, mark_reader
from mbls_adapter_rest.options import ResourcePart
from mbls_adapter_rest.paths import OUTER, PARENT
from mbls_adapter_rest.shapes import SHAPES
from mbls_adapter_rest.tables import PupilIds
from mbls_adapter_rest.values import BadValue
from mbls_adapter_rest.whom import doubtful
from mbls_sync.api import BadRow, Item, MarkRow, PupilId, Resource

MOST_TEXT = 600


@dataclass
class Part:
    """What some rows became."""

    marks: list[MarkRow] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PartBuilder:
    """Makes a part of rows. `needs_all` says that the rows of a pupil must come together, wherever they stood.

    `always` says that a part is read even where it is known, since other lists need what it teaches.
    """

    build: Callable[[Sequence[Any], int, str], Part]
    needs_all: bool = False
    always: bool = False


def part_builder(
    resource: Resource, part: ResourcePart, lookups: Lookups, ids: PupilIds, zone: ZoneInfo
) -> PartBuilder:
    """By the settings. `build` is given the rows, the number of the first, and what a person would look for."""
    if resource is Resource.MARKS:
        reader = mark_reader(part, lookups, ids, zone)
        holds = len(part.weekday_columns.columns) if part.weekday_columns else 1
        return PartBuilder(lambda rows, first, source: _marks(reader, rows, first, source, holds))
    read = item_reader(resource, part, lookups, ids, zone)
    return PartBuilder(
        lambda rows, first, source: _items(resource, read, ids, rows, first, source),
        needs_all=SHAPES[resource].gathers is not None,
        always=resource is Resource.PUPILS,
    )


def _marks(reader: MarkReader, rows: Sequence[Any], first: int, source: str, holds: int) -> Part:
    part, plain = Part(), reader.read_all(rows, first)
    if plain is not None:
        part.marks = plain
    else:
        _one_by_one(reader, rows, first, source, holds, part)
    _doubt({mark.pupil for mark in part.marks}, part)
    return part


def _one_by_one(reader: MarkReader, rows: Sequence[Any], first: int, source: str, holds: int, part: Part) -> None:
    for line, row in enumerate(rows, first):
        try:
            part.marks += reader.read(row, line)
        except BadValue as error:
            part.bad.append(BadRow(source, line, str(error), holds, row_text(row)))


def _items(
    resource: Resource,
    read: Callable[[Any], ItemRead],
    ids: PupilIds,
    rows: Sequence[Any],
    first: int,
    source: str,
) -> Part:
    part, found = Part(), []
    for line, row in enumerate(rows, first):
        try:
            one = read(row)
        except BadValue as error:
            part.bad.append(BadRow(source, line, str(error), 0, row_text(row)))
            continue
        part.bad += [BadRow(source, line, problem, 0, row_text(row)) for problem in one.problems]
        if one.mis_id and one.pupil is not None:
            ids.learn(one.mis_id, one.pupil)
        if one.class_id and one.pupil is not None:
            ids.in_class(one.pupil, one.class_id)
        found.append(one)
    part.items = gathered(resource, found)
    _doubt({one.pupil for one in found if one.pupil is not None}, part)
    return part


def _doubt(pupils: set[PupilId], part: Part) -> None:
    if wrong := doubtful(pupils):
        part.warnings.append(
            f"{wrong} UPNs do not agree with their check letter; the rows are kept: correct the UPN in the MIS"
        )


def row_text(row: Any) -> str:
    """A row as a person can look it up."""
    if isinstance(row, dict):
        row = {name: value for name, value in row.items() if name not in (OUTER, PARENT)}
    try:
        return json.dumps(row, ensure_ascii=False, default=str)[:MOST_TEXT]
    except RecursionError:
        return "a row that is nested too deeply to be shown"
