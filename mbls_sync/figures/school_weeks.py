"""The school weeks of years with and without a calendar: where a rolling window begins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from mbls_sync.figures.slots import Marks
from mbls_sync.model.calendar import SchoolCalendar, monday
from mbls_sync.model.registers import POSSIBLE, WEEKS, RegisterPages


def school_weeks_until(calendar: SchoolCalendar, years: Iterable[RegisterPages], day: date) -> Sequence[date]:
    """The Mondays of the school weeks up to that of `day`, in order; without a calendar a year's marks say its weeks.

    A week in which anybody's attendance was possible had a session, so that a window reaches back into a year
    of which only the register is known.
    """
    unknown = [pages for pages in years if pages.pages and not calendar.covers(pages.year.first)]
    marked = {week for pages in unknown for week in _weeks_with_marks(pages)}
    weeks = sorted(marked.union(calendar.school_weeks)) if marked else calendar.school_weeks
    return weeks[: bisect_right(weeks, day)]


def school_weeks_back(calendar: SchoolCalendar, years: Iterable[RegisterPages], day: date, count: int) -> date:
    """The Monday on which `count` school weeks end with that of `day`; the first known where fewer are."""
    begun = school_weeks_until(calendar, years, day)
    return begun[max(len(begun) - count, 0)] if begun else monday(day)


def _weeks_with_marks(pages: RegisterPages) -> Iterator[date]:
    marks: Marks = np.frombuffer(b"".join(pages.pages.values()), dtype=np.uint8).reshape(-1, WEEKS, 10)
    for week in np.flatnonzero((marks & POSSIBLE).any(axis=(0, 2))).tolist():
        yield pages.grid.origin + timedelta(weeks=week)
