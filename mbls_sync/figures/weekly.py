"""Sums of some pupils' sessions, week by week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from mbls_sync.figures.counts import FLAGS, count_slots, late_flags
from mbls_sync.figures.seen import OUTSIDE, seen
from mbls_sync.figures.slots import span
from mbls_sync.model.attendance import Cohort, Sums
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import WEEKS, RegisterPages
from mbls_sync.model.sessions import Session


@dataclass(frozen=True, slots=True)
class WeekFigures(Sums):
    """The sums of the week that begins on `monday`; every number counts sessions."""

    monday: date
    present: int
    approved_activity: int
    authorised: int
    unauthorised: int
    late_before_close: int
    late_after_close: int

    @property
    def possible(self) -> int:
        """Attended and missed."""
        return self.attended + self.absent


def by_week(
    pupils: Sequence[Pupil],
    years: Iterable[RegisterPages],
    first: date,
    last: Session,
    cohort: Cohort = Cohort.ALL_ROLL,
) -> tuple[WeekFigures, ...]:
    """Each week with a possible session from `first` to `last`, both inclusive, in order."""
    sums: dict[date, list[int]] = {}
    for pages in years:
        over = span(pages.year, first, last)
        if over.stop <= over.start:
            continue
        marks = seen(pages, pupils, cohort)
        marks[:, : over.start] = marks[:, over.stop :] = OUTSIDE
        slots = count_slots(marks, *FLAGS.values(), *late_flags(pages.encoding))
        weeks = slots.reshape(len(slots), WEEKS, 10).sum(axis=2).T
        for number in np.flatnonzero(weeks[:, :4].any(axis=1)).tolist():
            # A week over the turn of the year stands in both years' pages.
            monday = pages.grid.origin + timedelta(weeks=number)
            known = sums.get(monday, [0] * 6)
            sums[monday] = [old + new for old, new in zip(known, weeks[number].tolist(), strict=True)]
    return tuple(WeekFigures(monday, *sums[monday]) for monday in sorted(sums))
