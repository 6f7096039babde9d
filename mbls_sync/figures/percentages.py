"""Percentages of possible sessions: exact inside, decimal text for machines, one decimal for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

import numpy as np

from mbls_sync.figures.counts import FLAGS, where
from mbls_sync.model.attendance import Sums
from mbls_sync.model.codes import Code, Meaning
from mbls_sync.model.registers import Encoding

PLACES = 10
"""Decimals of the text for machines."""


class Counted(Protocol):
    """Counts of sessions, whoever's they are."""

    @property
    def possible(self) -> int:
        """Sessions that count."""
        ...

    @property
    def attended(self) -> int:
        """Present and approved educational activity."""
        ...

    @property
    def absent(self) -> int:
        """Sessions missed."""
        ...


@dataclass(frozen=True, slots=True)
class Totals(Sums):
    """Sessions added up by what their marks mean."""

    present: int
    approved_activity: int
    authorised: int
    unauthorised: int

    @property
    def possible(self) -> int:
        """Attended and missed."""
        return self.attended + self.absent


def share(part: int, possible: int) -> Fraction | None:
    """The exact percentage that `part` is of `possible`; None when nothing was possible."""
    return Fraction(100 * part, possible) if possible else None


def attendance(counted: Counted) -> Fraction | None:
    """The exact attendance percentage; None when nothing was possible."""
    return share(counted.attended, counted.possible)


def absence(counted: Counted) -> Fraction | None:
    """The exact percentage of possible sessions missed; None when nothing was possible."""
    return share(counted.absent, counted.possible)


def exact_text(percentage: Fraction | None) -> str | None:
    """Decimal text for a machine, right to ten places; None stays None."""
    return None if percentage is None else _fixed(round(percentage * 10**PLACES), PLACES)


def shown(percentage: Fraction | None, places: int = 1) -> str:
    """Decimal text for a person, rounded half up; a dash when nothing was possible."""
    if percentage is None:
        return "–"
    return _fixed(
        (2 * percentage.numerator * 10**places + percentage.denominator) // (2 * percentage.denominator), places
    )


def rounded(percentage: Fraction | None, places: int = 1) -> Decimal | None:
    """The number that `shown` writes, for a cell or a plot; None when nothing was possible."""
    return None if percentage is None else Decimal(shown(percentage, places))


def points(change: Fraction | None) -> str:
    """A difference of two percentages for a person, such as `+0.4` or `-1.2`; a dash where one of them is missing."""
    if change is None:
        return shown(None)
    size = shown(abs(change))
    return size if not Fraction(size) else f"{'-' if change < 0 else '+'}{size}"


def difference(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    """How many points `one` is above `other`; None where either is missing."""
    return None if one is None or other is None else one - other


def shown_against(percentage: Fraction | None, threshold: Decimal | int) -> str:
    """As `shown`, with as many decimals beside it as it takes where rounding hides on which side of `threshold` it is.

    So 92.96 against 93 reads `93.0 (92.96)`: the pupil is below, whatever the rounded figure looks like.
    """
    brief = shown(percentage)
    if percentage is None or _side(Fraction(brief), threshold) == _side(percentage, threshold):
        return brief
    fuller = (shown(percentage, places) for places in range(2, PLACES + 1))
    honest = (text for text in fuller if _side(Fraction(text), threshold) == _side(percentage, threshold))
    return f"{brief} ({next(honest, shown(percentage, PLACES))})"


def from_code_counts(
    counts: Mapping[Code, int], meaning_of: Callable[[Code], Meaning], *, other_authorised: int = 0
) -> Totals:
    """The totals of sessions that are known only as so many of each code, such as a published table's.

    Codes are classed by the flag bits of their bytes, exactly as marks in a register page are.
    `other_authorised` are authorised absences whose code is not known.
    """
    meanings = [(code, meaning_of(code)) for code in counts]
    encoding = Encoding().grown(meanings)
    marks = np.array([encoding.byte(code, meaning) for code, meaning in meanings], dtype=np.uint8)
    sessions = np.array([*counts.values()], dtype=np.int64)
    present, approved, authorised, unauthorised = (int(where(marks, kind) @ sessions) for kind in FLAGS.values())
    return Totals(present, approved, authorised + other_authorised, unauthorised)


def _side(percentage: Fraction, threshold: Decimal | int) -> int:
    limit = Fraction(threshold)
    return (percentage > limit) - (percentage < limit)


def _fixed(scaled: int, places: int) -> str:
    """An integer with its last `places` digits after the point."""
    whole, rest = divmod(scaled, 10**places)
    return f"{whole}.{rest:0{places}d}"


def in_days(sessions: int) -> str:
    """Sessions in words a parent reads: a session is half a day."""
    whole, half = divmod(sessions, 2)
    if not whole:
        return "half a day" if half else "no days"
    number = f"{whole}½" if half else str(whole)
    return f"{number} day" if number == "1" else f"{number} days"
