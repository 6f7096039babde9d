"""Where dates, the calendar and a part-time pattern stand on a page's grid of slots."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.pupils import Pattern
from mbls_sync.model.registers import SLOTS, WEEKS, PageGrid
from mbls_sync.model.sessions import Period, Session

Mask = NDArray[np.bool_]
Marks = NDArray[np.uint8]


def first_slot(origin: int, day: int) -> int:
    """The first slot on or after a date, 0 to SLOTS; both dates are ordinals, `origin` the Monday of slot 0."""
    weeks, weekday = divmod(day - origin, 7)
    return min(max(weeks * 10 + min(weekday, 5) * 2, 0), SLOTS)


def span(year: AcademicYear, first: date, last: Session) -> slice:
    """The slots from `first` to the session `last`, both inclusive, as far as they are in the year."""
    origin = PageGrid(year).origin.toordinal()
    start = first_slot(origin, max(first, year.first).toordinal())
    if last.day > year.last:
        last = Session(year.last, Period.PM)
    # On a weekend no slot is the day's own, and the next Monday's is the end already.
    own = 0 if last.day.weekday() > 4 else 1 if last.period is Period.AM else 2
    end = first_slot(origin, last.day.toordinal())
    # Before the year the first slot is clamped to 0, which is not one of the day's own.
    stop = end + own if last.day >= year.first else 0
    return slice(start, max(start, stop))


_KEPT: dict[int, dict[AcademicYear, Mask]] = {}


def held(calendar: SchoolCalendar, year: AcademicYear) -> Mask:
    """The slots in which the school has a session; read-only, and made once for each calendar and year."""
    # By identity: a calendar's own hash runs over every date in it and costs more than a pupil's figures.
    key = id(calendar)
    kept = _KEPT.get(key)
    if kept is None:
        kept = _KEPT[key] = {}
        weakref.finalize(calendar, _KEPT.pop, key, None)
    mask = kept.get(year)
    if mask is None:
        mask = kept[year] = _held(calendar, year)
    return mask


def _held(calendar: SchoolCalendar, year: AcademicYear) -> Mask:
    mask = np.zeros(SLOTS, dtype=np.bool_)
    mask[PageGrid(year).slots(calendar.sessions(year.first, year.last))] = True
    mask.flags.writeable = False
    return mask


@lru_cache(maxsize=512)
def attended_slots(year: AcademicYear, patterns: tuple[Pattern, ...]) -> Mask:
    """The slots of the year that patterns include: the first that covers a day decides, none means all."""
    origin = PageGrid(year).origin.toordinal()
    attended = np.ones(SLOTS, dtype=np.bool_)
    for pattern in reversed(patterns):
        start = 0 if pattern.first is None else first_slot(origin, pattern.first.toordinal())
        stop = SLOTS if pattern.last is None else first_slot(origin, pattern.last.toordinal() + 1)
        attended[start:stop] = np.tile(_week(pattern), WEEKS)[start:stop]
    attended.flags.writeable = False
    return attended


def _week(pattern: Pattern) -> Sequence[bool]:
    return [(slot // 2, Period.PM if slot % 2 else Period.AM) in pattern.sessions for slot in range(10)]
