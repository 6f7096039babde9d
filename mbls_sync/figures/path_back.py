"""A pupil's path back: what the year can still become, how much may still be missed, and when persistence can end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from mbls_sync.figures.forecast import best_reachable, may_still_miss
from mbls_sync.figures.measures import reaches
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.sessions import Session

Line = tuple[Decimal, bool]
"""A percentage of attendance, and whether it must be passed (True) or reached is enough."""


@dataclass(frozen=True, slots=True)
class PathBack:
    """Where a pupil's year can still go.

    `left` sessions lie ahead. `best` is the percentage of the year if each is attended. `may_miss` says of each
    line how many of them may be missed and the year still end there; None where it is out of reach. `leaves` is the
    day on which persistent absence ends if every session from now on is attended; None where the pupil is not
    persistently absent, or where it can no longer end this year.
    """

    left: int
    best: Fraction | None
    may_miss: tuple[tuple[Line, int | None], ...]
    is_persistent: bool
    leaves: date | None


def path_back(
    figures: PupilFigures, ahead: Sequence[Session], lines: Iterable[Line], persistent_percent: Decimal
) -> PathBack:
    """The path from `figures`, the year to date, over the sessions `ahead`, in order.

    Sessions so far without a mark are taken as attended: it is the best that can still come.
    """
    left = len(ahead)
    is_persistent = reaches(figures.absent, figures.possible, persistent_percent)
    return PathBack(
        left=left,
        best=best_reachable(figures, left),
        may_miss=tuple((line, may_still_miss(figures, left, line[0], above=line[1])) for line in lines),
        is_persistent=is_persistent,
        leaves=_leaves(figures, ahead, persistent_percent) if is_persistent else None,
    )


def _leaves(figures: PupilFigures, ahead: Sequence[Session], percent: Decimal) -> date | None:
    """The day of the first session after which less than `percent` is missed: 100 x missed < percent x possible."""
    numerator, denominator = percent.as_integer_ratio()
    if not numerator:
        return None
    wanted = 100 * denominator * figures.absent // numerator + 1 - figures.possible - figures.unmarked
    if wanted > len(ahead) or not ahead:
        return None
    return ahead[max(wanted, 1) - 1].day
