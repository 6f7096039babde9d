"""Everybody whom Wonde lists, now and before, and which of its ids is whose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mbls_adapter_wonde.options import Options
from mbls_adapter_wonde.people import INCLUDES, contacts_of, pupil_of, whom
from mbls_adapter_wonde.walk import Wonde
from mbls_adapter_wonde.wire import BadValue, Row, text_of
from mbls_sync.api import BadRow, ContactsOf, Pupil, PupilId

NOW, BEFORE, SOON = "students", "students-leaver", "students-pre-admission"


@dataclass(frozen=True)
class Roll:
    """`ids` says whose each of Wonde's ids is or was; `current` is the id by which each pupil is written to now."""

    pupils: tuple[Pupil, ...]
    contacts: tuple[ContactsOf, ...]
    bad: tuple[BadRow, ...]
    ids: Mapping[str, PupilId]
    current: Mapping[PupilId, str]
    here: frozenset[PupilId]


def read_roll(wonde: Wonde, options: Options, zone: ZoneInfo) -> Roll:
    """Read those who are here, who left and who are to come. Raises MisError.

    Whoever left and came back has an id of then and one of now: who is here stands for both.
    """
    listed = {name: list(wonde.rows(name, {"include": INCLUDES})) for name in (BEFORE, SOON, NOW)}
    ids = {text_of(row.get("id")): whom(row) for rows in listed.values() for row in rows if whom(row)}
    here = frozenset(whom(row) for row in listed[NOW])
    standing = [row for row in listed[BEFORE] if whom(row) not in here]
    chosen = {whom(row): row for row in (*standing, *listed[SOON], *listed[NOW]) if whom(row)}
    pupils, bad = [], [*_nameless(listed)]
    for line, row in enumerate(chosen.values(), start=1):
        try:
            pupils.append(pupil_of(row, zone, options.group_type))
        except BadValue as error:
            bad.append(BadRow("Wonde students", line, str(error), text=text_of(row.get("id"))))
    return Roll(
        tuple(sorted(pupils, key=lambda pupil: pupil.id)),
        tuple(contacts_of(chosen[id]) for id in sorted(chosen)),
        tuple(bad),
        ids,
        {id: text_of(row.get("id")) for id, row in chosen.items()},
        here,
    )


def _nameless(listed: Mapping[str, list[Row]]) -> Iterator[BadRow]:
    for name, rows in listed.items():
        for line, row in enumerate(rows, start=1):
            if not whom(row):
                yield BadRow(f"Wonde {name}", line, "there is neither a UPN, an admission number nor an id")


def deleted_since(wonde: Wonde, ids: Mapping[str, PupilId], listed: Mapping[str, PupilId]) -> int:
    """How many pupils whom we knew Wonde says were deleted, not restored, and lists under no other id."""
    gone = {
        ids[id]
        for row in wonde.rows("deletions", {"type": "student"})
        if not row.get("restored_at") and (id := text_of(row.get("id"))) in ids and id not in listed
    }
    return len(gone - set(listed.values()))
