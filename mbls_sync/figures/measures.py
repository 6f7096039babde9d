"""The dated values behind the words *persistent*, *severe* and the rolling window: who fixes them may change them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.int64]


class Values(Protocol):
    """What is asked of the policy on one day."""

    def percent(self, name: str) -> Decimal:
        """A percentage, exact."""
        ...

    def count(self, name: str) -> int:
        """A number of things."""
        ...


@dataclass(frozen=True, slots=True)
class Measures:
    """From which share of own possible sessions missed absence is persistent and severe; how many weeks roll."""

    persistent_percent: Decimal
    severe_percent: Decimal
    school_weeks: int

    @classmethod
    def under(cls, policy: Values) -> Measures:
        """The measures in force on the policy's day."""
        return cls(
            persistent_percent=policy.percent("figures.persistent_percent"),
            severe_percent=policy.percent("figures.severe_percent"),
            school_weeks=policy.count("figures.rolling_school_weeks"),
        )

    def is_persistent(self, missed: Line, possible: Line) -> NDArray[np.bool_]:
        """Whose absence is persistent, for a line of pupils."""
        return _reach(missed, possible, self.persistent_percent)

    def is_severe(self, missed: Line, possible: Line) -> NDArray[np.bool_]:
        """Whose absence is severe, for a line of pupils; they are persistent too."""
        return _reach(missed, possible, self.severe_percent)


def reaches(missed: int, possible: int, percent: Decimal | int) -> bool:
    """Whether `missed` is at least `percent` of `possible`: 100 x missed >= percent x possible, in integers.

    Never by a rounded percentage: at 10, 38 missed of 380 reach it and 37 do not. False when nothing was possible.
    """
    numerator, denominator = percent.as_integer_ratio()
    return possible > 0 and 100 * missed * denominator >= numerator * possible


def _reach(missed: Line, possible: Line, percent: Decimal) -> NDArray[np.bool_]:
    numerator, denominator = percent.as_integer_ratio()
    reached: NDArray[np.bool_] = (possible > 0) & (100 * denominator * missed >= numerator * possible)
    return reached
