"""Who changed a mark last, and when: as the MIS said, else when a pull first saw the change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.registers import PageGrid
from mbls_sync.model.sessions import Session
from mbls_sync.store import registers
from mbls_sync.store.transaction import Tx

Place = tuple[PupilId, Session]


@dataclass(frozen=True, slots=True)
class LastChange:
    """`by` is empty where the MIS names nobody; `at` is its own moment, else when we saw it (`is_seen`)."""

    by: str
    at: datetime | None
    is_seen: bool = False


def last_changes(tx: Tx, places: Iterable[Place]) -> Mapping[Place, LastChange]:
    """The last change of each mark that is known to have changed since it was first seen, or whose MIS names one."""
    wanted = set(places)
    found: dict[Place, LastChange] = {}
    for year in sorted({AcademicYear.of(session.day) for _, session in wanted}):
        grid = PageGrid(year)
        for (pupil, slot), detail in registers.details(tx, year).items():
            if (place := (pupil, grid.session(slot))) in wanted and (detail.amended_by or detail.amended_at):
                found[place] = _told(detail)
    for mark in registers.amendments(tx) if wanted else ():
        place = (mark.pupil, mark.session)
        if place in wanted and (place not in found or mark.by or mark.at):
            who = " ".join(filter(None, (mark.by, f"({mark.role})" if mark.role else "")))
            found[place] = LastChange(who, mark.at or mark.observed_at, is_seen=mark.at is None)
    return found


def _told(detail: MarkDetail) -> LastChange:
    role = f"({detail.amended_role})" if detail.amended_role else ""
    return LastChange(" ".join(filter(None, (detail.amended_by, role))), detail.amended_at)
