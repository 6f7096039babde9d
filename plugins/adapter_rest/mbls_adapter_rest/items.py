"""Rows of everything but marks: pupils, contacts, flags, patterns, messages, sign-ins, requests for leave, events."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from mbls_adapter_rest.fields import Lookups, compiled
from mbls_adapter_rest.options import ResourcePart
from mbls_adapter_rest.paths import Get
from mbls_adapter_rest.shapes import CLASS_ID, SHAPES
from mbls_adapter_rest.tables import PupilIds
from mbls_adapter_rest.values import BadValue, as_text, readers
from mbls_adapter_rest.whom import pupil_getter
from mbls_sync.api import Item, PupilId, Resource


@dataclass(frozen=True)
class ItemRead:
    """What one row became, whom it is about, and what of it could not be read and was left out."""

    pupil: PupilId | None
    value: Any
    problems: tuple[str, ...] = ()
    mis_id: str = ""
    class_id: str = ""


LAST = 99
"""The place of a contact without a priority: behind those that have one."""
ReadItem = Callable[[Any], ItemRead]


def item_reader(resource: Resource, part: ResourcePart, lookups: Lookups, ids: PupilIds, zone: ZoneInfo) -> ReadItem:
    """Reads one row. Raises BadValue where something is missing that it cannot do without."""
    shape, is_roll = SHAPES[resource], resource is Resource.PUPILS
    whom = pupil_getter(part.fields, lookups, None if is_roll else ids)
    read = readers(zone)
    gets = {n: compiled(part.fields[n], read[kind], lookups) for n, kind in shape.fields.items() if n in part.fields}
    own = _optional(part, "mis_id", lookups)
    class_id = _optional(part, CLASS_ID if CLASS_ID in part.fields else "class_name", lookups)
    must = shape.needs | {name for name, field in part.fields.items() if field.required}
    nothing = {f.name: None for f in fields(shape.build) if f.default is MISSING and f.default_factory is MISSING}

    def one(row: Any) -> ItemRead:
        pupil = whom(row)
        if pupil is None and not shape.of_the_school:
            raise BadValue("there is no pupil in it: neither a UPN nor another id, and a name alone is never enough")
        said, problems = _values(row, gets, must)
        values = nothing | said
        if is_roll:
            values["id"] = pupil
        elif shape.gathers is None:
            values["pupil"] = pupil
        if resource is Resource.CONTACTS and values["priority"] is None:
            values["priority"] = LAST
        ids_of = (own(row) or "", class_id(row) or "") if is_roll else ("", "")
        return ItemRead(pupil, shape.build(**values), tuple(problems), *ids_of)

    return one


def _optional(part: ResourcePart, name: str, lookups: Lookups) -> Get:
    """What reads a field as a text; nothing where the settings do not name it."""
    return compiled(part.fields[name], as_text, lookups) if name in part.fields else lambda _: ""


def gathered(resource: Resource, reads: Iterable[ItemRead]) -> list[Item]:
    """The items of the rows; of contacts, flags and patterns one a pupil, which replaces what was known."""
    whole = SHAPES[resource].gathers
    if whole is None:
        return [read.value for read in reads]
    by_pupil: dict[PupilId, list[Any]] = {}
    for read in reads:
        if read.pupil is not None:
            by_pupil.setdefault(read.pupil, []).append(read.value)
    if resource is Resource.CONTACTS:
        for contacts in by_pupil.values():
            contacts.sort(key=lambda contact: contact.priority)
    return [whole(pupil, tuple(values)) for pupil, values in by_pupil.items()]


def _values(row: Any, gets: Mapping[str, Get], must: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, get in gets.items():
        try:
            value = get(row)
        except BadValue as error:
            if name in must:
                raise BadValue(f"{name}: {error}") from None
            problems.append(f"{name} is left out: {error}")
            continue
        if value is not None and value != "":
            values[name] = value
        elif name in must:
            raise BadValue(f"{name} is blank")
    return values, problems
