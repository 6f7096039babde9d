"""How a return writes a share, a school and a last step: the same in every return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from mbls_sync.api import Event, PupilFigures, ReturnEntry, attendance, shown


def by_name(entries: Sequence[ReturnEntry]) -> list[ReturnEntry]:
    """The entries by surname, forename and id: the order in which a person looks somebody up."""
    return sorted(entries, key=lambda entry: (entry.pupil.surname, entry.pupil.forename, entry.pupil.id))


def attendance_percent(figures: PupilFigures) -> Decimal | None:
    """Attendance to one decimal, half up, as a number; none where nothing was possible."""
    return Decimal(shown(attendance(figures))) if figures.possible else None


def last_action(event: Event | None) -> tuple[str, date | None]:
    """The last step of a case and its date."""
    return (event.kind.replace("-", " "), event.at.date()) if event else ("none recorded", None)


def plain(number: Decimal) -> str:
    """A number of the policy without needless zeros: 93, 92.5."""
    return f"{number.normalize():f}"
