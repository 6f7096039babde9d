"""Runs of marks of one kind, with the school days they fill."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from mbls_sync.model.registers import POSSIBLE, PageGrid
from mbls_sync.model.sessions import Session

COUNTS, BREAKS, NEITHER = b"+", b"x", b"-"
_RUN = re.compile(rb"\+(?:-*\+)*")


@dataclass(frozen=True)
class Run:
    """Consecutive possible sessions that a test holds for; sessions that are not possible neither break nor count.

    Nor does a session without a mark: it says neither that the pupil was there nor that they were not.
    `school_days` counts the distinct days on which every possible session is in the run.
    """

    first: Session
    last: Session
    sessions: int
    school_days: int


def runs(line: bytes, grid: PageGrid, wanted: bytes) -> tuple[Run, ...]:
    """Every run in one pupil's line of bytes, in order; the marks that count have a byte of `wanted`."""
    kinds = line.translate(_table(wanted))
    return tuple(_run(kinds, found.start(), found.end(), grid) for found in _RUN.finditer(kinds))


def _run(kinds: bytes, start: int, stop: int, grid: PageGrid) -> Run:
    counted = [slot for slot in range(start, stop) if kinds[slot : slot + 1] == COUNTS]
    # Slots of one day differ in their lowest bit.
    days = {slot >> 1 for slot in counted if kinds[slot ^ 1 : (slot ^ 1) + 1] != BREAKS}
    return Run(grid.session(start), grid.session(stop - 1), len(counted), len(days))


@lru_cache(maxsize=256)
def _table(wanted: bytes) -> bytes:
    return b"".join(_kind(byte, byte in wanted) for byte in range(256))


def _kind(byte: int, is_wanted: bool) -> bytes:
    if byte and is_wanted:
        return COUNTS
    return BREAKS if byte & POSSIBLE else NEITHER
