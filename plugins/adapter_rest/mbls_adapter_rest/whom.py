"""Which pupil a row is about: the UPN, else the admission number, else the MIS's own id; never a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mbls_adapter_rest.fields import Lookups, compiled
from mbls_adapter_rest.options_rows import FieldPart
from mbls_adapter_rest.paths import Get
from mbls_adapter_rest.tables import PupilIds
from mbls_adapter_rest.values import BadValue, as_text
from mbls_sync.api import BY_ADMISSION_NUMBER, PupilId, is_valid_upn

LONGEST_ID = 64


def pupil_getter(fields: Mapping[str, FieldPart], lookups: Lookups, ids: PupilIds | None) -> Get:
    """Gives the pupil of a row, None where it names none. `ids` None: the row is itself the list of pupils."""
    ways: list[Get] = []
    for name, read in (("upn", upn_of), ("admission_number", number_of), ("mis_id", ids.ours if ids else own_of)):
        if name in fields:
            ways.append(compiled(fields[name], read, lookups))
    if len(ways) == 1:
        return ways[0]

    def first(row: Any) -> PupilId | None:
        return next((pupil for pupil in (way(row) for way in ways) if pupil is not None), None)

    return first


def upn_of(value: Any) -> PupilId | None:
    """A UPN without blanks, in capitals."""
    return _checked("".join(as_text(value).split()).upper())


def number_of(value: Any) -> PupilId | None:
    """An admission number."""
    said = as_text(value)
    return _checked(f"{BY_ADMISSION_NUMBER}{said}") if said else None


def own_of(value: Any) -> PupilId | None:
    """The MIS's own id."""
    return _checked(as_text(value))


def doubtful(pupils: set[PupilId]) -> int:
    """How many UPNs do not agree with their check letter."""
    return sum(1 for pupil in pupils if len(pupil) == 13 and pupil[0].isalpha() and not is_valid_upn(pupil))


def _checked(text: str) -> PupilId | None:
    if len(text) > LONGEST_ID:
        raise BadValue(f"names a pupil by an id that is longer than {LONGEST_ID} characters")
    return PupilId(text) if text else None
