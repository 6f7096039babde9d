"""Sums over so many school weeks on end, for every school week in which they can end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mbls_sync.figures.counts import Flags, blocks, where
from mbls_sync.figures.slots import Marks, Mask
from mbls_sync.model.registers import WEEKS

Sums = NDArray[np.uint16]


def weekly(marks: Marks, flags: Flags) -> Sums:
    """How many marks of that kind each week of each row has: `marks` has one row a pupil, one column a slot."""
    # Two slots at a time: both bytes of a pair are added at once, and no sum of a week overflows a byte.
    pairs = where(marks, flags).view(np.uint16).reshape(len(marks), WEEKS, 5)
    both = pairs[:, :, 0] + pairs[:, :, 1] + pairs[:, :, 2] + pairs[:, :, 3] + pairs[:, :, 4]
    sums: Sums = (both & 0xFF) + (both >> 8)
    return sums


def school_weeks(held: Mask) -> NDArray[np.intp]:
    """The weeks of the year's grid that have a session, in order."""
    return np.flatnonzero(held.reshape(WEEKS, 10).any(axis=1))


def rolling(marks: Marks, flags: Flags, held: Mask, weeks: int) -> Sums:
    """For each row and each school week, how many marks of that kind the `weeks` school weeks have that end with it.

    Within one academic year: the first windows are as short as the year then is. A window is one span of
    dates, so that marks made in a holiday between its weeks count.
    """
    at = school_weeks(held)
    before: Sums = np.zeros((WEEKS + 1, len(marks)), dtype=np.uint16)
    for rows in blocks(marks):
        before[1:, rows] = weekly(marks[rows], flags).T
    np.cumsum(before, axis=0, out=before)
    starts = at[np.maximum(np.arange(len(at)) - weeks + 1, 0)]
    sums: Sums = (before[at + 1] - before[starts]).T
    return sums
