"""Where the scale of a plot begins and ends, so that its marks fall on round numbers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

SMALL = 8
"""Up to this many per cent every one is marked, beyond it every second."""


def ceiling(highest: Fraction | Decimal | int) -> Decimal:
    """The end of a scale of absence: a whole number above the highest value, even where only every second is marked."""
    whole = int(highest) + 1
    return Decimal(whole if whole <= SMALL else whole + whole % 2)


def floor(attendance: Iterable[Fraction | Decimal]) -> Decimal:
    """Where a scale of attendance begins: a multiple of five below the lowest value, 90 at most."""
    return Decimal(min(int(min(attendance) // 5) * 5, 90))
