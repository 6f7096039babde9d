"""Absence by weekday against what is usual: more absence on Fridays is usual, and no sign of anything by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from mbls_sync.figures.groups import WEEKDAYS, GroupFigures
from mbls_sync.figures.percentages import absence, share

WEDNESDAY_AM, FRIDAY_PM = 4, 9


@dataclass(frozen=True, slots=True)
class Usual:
    """What a weekday is measured by.

    `friday_points`: by how many points absence on Friday afternoons is usually above that on Wednesday mornings.
    `points`: how far beyond what is usual a day must be, and `missed`: how many sessions must be missed on it, to
    be named.
    """

    friday_points: Decimal
    points: Decimal
    missed: int


@dataclass(frozen=True, slots=True)
class WeekShape:
    """How absence lies over the week.

    `days` is the share missed of each weekday, `friday_gap` how many points Friday afternoon is above Wednesday
    morning, `named` the days beyond what is usual with their points beyond it.
    """

    days: Mapping[str, Fraction]
    friday_gap: Fraction | None
    named: Mapping[str, Fraction]


def week_shape(half_days: Sequence[GroupFigures], usual: Usual) -> WeekShape:
    """The shape of a week from its ten half-days, Monday AM to Friday PM; no day where nobody was counted.

    Friday is beyond the usual where the gap from Wednesday morning to Friday afternoon is; another day where it is
    beyond the mean of the other days from Monday to Thursday.
    """
    if not half_days:
        return WeekShape({}, None, {})
    days = {
        name: missed
        for at, name in enumerate(WEEKDAYS)
        if (missed := _share(half_days[2 * at : 2 * at + 2])) is not None
    }
    morning, afternoon = absence(half_days[WEDNESDAY_AM]), absence(half_days[FRIDAY_PM])
    gap = None if morning is None or afternoon is None else afternoon - morning
    named = {
        name: beyond
        for at, name in enumerate(WEEKDAYS)
        if name in days
        and sum(half_day.absent for half_day in half_days[2 * at : 2 * at + 2]) >= usual.missed
        and (beyond := _beyond(at, half_days, gap, usual)) is not None
        and beyond >= Fraction(usual.points)
    }
    return WeekShape(days, gap, named)


def _beyond(at: int, half_days: Sequence[GroupFigures], gap: Fraction | None, usual: Usual) -> Fraction | None:
    """How many points a weekday is beyond what is usual for it."""
    if at == FRIDAY_PM // 2:
        return None if gap is None else gap - Fraction(usual.friday_points)
    others = [half_days[2 * other + half] for other in range(4) if other != at for half in (0, 1)]
    mine, rest = _share(half_days[2 * at : 2 * at + 2]), _share(others)
    return None if mine is None or rest is None else mine - rest


def _share(half_days: Sequence[GroupFigures]) -> Fraction | None:
    return share(sum(half.absent for half in half_days), sum(half.possible for half in half_days))
