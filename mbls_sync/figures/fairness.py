"""Whether what is done falls evenly on two groups, or more unevenly than chance alone would explain."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import comb


def chance_of(of_group: int, group: int, of_others: int, others: int) -> Fraction:
    """How likely chance alone brings about a division at least as uneven: Fisher's exact test, two-sided.

    `of_group` of `group` pupils, and `of_others` of `others`, were touched. 1 where nothing could differ.
    """
    touched, everybody = of_group + of_others, group + others
    ways = [comb(group, n) * comb(others, touched - n) for n in range(touched + 1)]
    here = ways[of_group]
    return Fraction(sum(way for way in ways if way <= here), comb(everybody, touched))


def is_uneven(of_group: int, group: int, of_others: int, others: int, percent: Decimal) -> bool:
    """Whether chance alone would bring the division about less often than `percent`."""
    return 100 * chance_of(of_group, group, of_others, others) < Fraction(percent)
