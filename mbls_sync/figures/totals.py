"""Running totals of a year's marks: what any span of it comes to is one of them less another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mbls_sync.figures.counts import FLAGS, UNMARKED, Counts, Flags, late_flags, where
from mbls_sync.figures.slots import Marks, Mask
from mbls_sync.model.codes import Meaning
from mbls_sync.model.registers import SLOTS, Encoding

Words = NDArray[np.uint64]

_BITS = SLOTS.bit_length()
"""Room for the highest count that a year can reach; six of them side by side fill a word, and are added at once."""
_LOW = np.uint64((1 << _BITS) - 1)
_UNAUTHORISED = np.uint64(_BITS * [*FLAGS].index(Meaning.UNAUTHORISED))


class RunningTotals:
    """The kinds of mark that `SpanCounts` counts, for some pupils over one year; made in one walk over its marks."""

    def __init__(self, marks: Marks, encoding: Encoding, held: Mask) -> None:
        kinds = (*FLAGS.values(), *late_flags(encoding))
        self._shifts = (np.arange(len(kinds)) * _BITS).astype(np.uint64)[:, None]
        self._words: Words = np.zeros((len(marks), SLOTS + 1), dtype=np.uint64)
        np.cumsum(_words(kinds)[marks], axis=1, out=self._words[:, 1:])
        self._unmarked = np.zeros((len(marks), SLOTS + 1), dtype=np.uint16)
        np.cumsum(where(marks, UNMARKED) & held, axis=1, out=self._unmarked[:, 1:])

    def kinds(self, over: slice) -> Counts:
        """As `SpanCounts.kinds`."""
        words = self._words[:, over.stop] - self._words[:, over.start]
        unmarked = self._unmarked[:, over.stop] - self._unmarked[:, over.start]
        return np.vstack([words >> self._shifts & _LOW, unmarked]).astype(np.int64)

    def unauthorised(self, over: slice) -> Counts:
        """As `SpanCounts.unauthorised`."""
        words = self._words[:, over.stop] - self._words[:, over.start]
        return (words >> _UNAUTHORISED & _LOW).astype(np.int64)


def _words(kinds: Sequence[Flags]) -> Words:
    """For each byte of a mark a word with a one in the place of each kind that it is of."""
    every = np.arange(256, dtype=np.uint8)
    words = np.zeros(256, dtype=np.uint64)
    for at, kind in enumerate(kinds):
        words |= where(every, kind).astype(np.uint64) << np.uint64(at * _BITS)
    return words
