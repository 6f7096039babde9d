"""Penalty notices to one parent about one pupil: how many count, and which the next would be.

Education (Penalty Notices) (England) (Amendment) Regulations 2024: a second notice within three years of the first
is dearer, and there is no third within them. Each parent counts alone, for each child alone. A notice that was
withdrawn does not count; one that was not paid does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo

from mbls_sync.model.happenings import Event

ISSUED, WITHDRAWN = "penalty-notice-issued", "penalty-notice-withdrawn"
"""The kinds of events that say so; `outcome` names the parent."""

COUNTED_FOR_YEARS = (ISSUED, WITHDRAWN)
"""What must be known for longer than the registers that are judged: the law counts notices over several years."""


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices to one parent that count on a day, the first of them first, and which the next would be.

    `until` is the last day on which they count; None where none does. `issuable`: the next may still be issued.
    """

    counted: tuple[date, ...]
    until: date | None
    issuable: bool

    @property
    def next(self) -> int:
        """Which the next notice would be: 1 for the first."""
        return len(self.counted) + 1


def notices_to(
    parent: str, events: Iterable[Event], day: date, *, years: int, most: int, zone: tzinfo | None = None
) -> Notices:
    """The notices to `parent` among a pupil's events as they stand on `day`.

    The count begins with a notice and ends so many `years` after it; the next then begins a new one. `most` may be
    issued within one count. The parent is known by name, whatever its case and spaces.
    """
    mine = [event for event in events if _same(event.outcome, parent)]
    withdrawn = [event.at for event in mine if event.kind == WITHDRAWN]
    issued = sorted(event.at for event in mine if event.kind == ISSUED)
    for at in withdrawn:
        before = [other for other in issued if other <= at]
        if before:
            issued.remove(before[-1])
    days = [at.astimezone(zone).date() for at in issued]
    counted: list[date] = []
    for one in (found for found in days if found <= day):
        if counted and one >= _years_after(counted[0], years):
            counted = []
        counted.append(one)
    if counted and day >= _years_after(counted[0], years):
        counted = []
    until = _day_before(_years_after(counted[0], years)) if counted else None
    return Notices(tuple(counted), until, len(counted) < most)


def unplaced(parents: Iterable[str], events: Iterable[Event]) -> tuple[Event, ...]:
    """The notices that were issued to somebody who is none of `parents`, as far as names tell: whose they were is open.

    One that was withdrawn in the same name is none.
    """
    known, found = tuple(parents), tuple(events)
    withdrawn = [event.outcome.casefold().split() for event in found if event.kind == WITHDRAWN]
    return tuple(
        event
        for event in found
        if event.kind == ISSUED
        and not any(_same(event.outcome, parent) for parent in known)
        and event.outcome.casefold().split() not in withdrawn
    )


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and one.casefold().split() == other.casefold().split()


def _years_after(day: date, years: int) -> date:
    # 29 February has no such day three years on: the period ends with the month, as the law counts.
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
