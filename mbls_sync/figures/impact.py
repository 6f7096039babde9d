"""What changed after a step of support: attendance in so many school weeks before it and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from mbls_sync.errors import CalendarGap
from mbls_sync.figures.percentages import attendance, difference
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.marks import PupilId

Counts = Callable[[PupilId, date, date], PupilFigures | None]
"""A pupil's figures from a first to a last day, both inclusive."""


@dataclass(frozen=True, slots=True)
class Impact:
    """How some pupils attended before and after a step. `too_early` counts steps whose weeks after are not over."""

    pupils: frozenset[PupilId]
    before: Fraction | None
    after: Fraction | None
    improved: int
    too_early: int

    @property
    def change(self) -> Fraction | None:
        """Points after less points before."""
        return difference(self.after, self.before)


def impact_of(
    steps: Iterable[tuple[PupilId, date]], weeks: int, until: date, calendar: SchoolCalendar, counts: Counts
) -> Impact:
    """The mean over pupils of each one's first step: attendance before, and after, in `weeks` school weeks each.

    The days of the step's own week up to it belong to the weeks before, the days after it to those after: what a
    step answers has mostly just happened, and weeks before without it would make every step look as if it did harm.
    A step counts once its weeks after are over by `until`.
    """
    firsts: dict[PupilId, date] = {}
    for pupil, day in steps:
        firsts[pupil] = min(day, firsts.get(pupil, day))
    pairs: dict[PupilId, tuple[Fraction, Fraction]] = {}
    too_early = 0
    for pupil, day in firsts.items():
        spans = _spans(day, weeks, until, calendar)
        if spans is None:
            too_early += 1
            continue
        shares = [attendance(found) if (found := counts(pupil, *span)) else None for span in spans]
        if shares[0] is not None and shares[1] is not None:
            pairs[pupil] = (shares[0], shares[1])
    return Impact(
        pupils=frozenset(pairs),
        before=_mean([pair[0] for pair in pairs.values()]),
        after=_mean([pair[1] for pair in pairs.values()]),
        improved=sum(after > before for before, after in pairs.values()),
        too_early=too_early,
    )


def _spans(
    day: date, weeks: int, until: date, calendar: SchoolCalendar
) -> tuple[tuple[date, date], tuple[date, date]] | None:
    """The days before and after a step; None where those after are not over, or reach beyond the calendar."""
    monday = day - timedelta(days=day.weekday())
    try:
        ends = calendar.school_weeks_after(monday, weeks) + timedelta(days=6)
    except CalendarGap:
        return None
    if ends - timedelta(days=2) > until:
        return None
    first = calendar.school_weeks_back(monday - timedelta(days=1), weeks)
    return (first, day), (day + timedelta(days=1), ends)


def _mean(shares: list[Fraction]) -> Fraction | None:
    return sum(shares, Fraction()) / len(shares) if shares else None
