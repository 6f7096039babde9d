"""Runs of marks of one kind, with the school days they fill."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.registers import POSSIBLE, SLOTS, PageGrid
from mbls_sync.model.sessions import Period, Session

COUNTS, BREAKS, NEITHER = b"+", b"x", b"-"
_RUN = re.compile(rb"\+(?:-*\+)*")


@dataclass(frozen=True)
class Run:
    """Consecutive possible sessions that a test holds for; sessions that are not possible neither break nor count.

    Nor does a session without a mark: it says neither that the pupil was there nor that they were not.
    `counted` are the sessions that count, never none; `whole` the days on which every possible session is among them.
    """

    counted: tuple[Session, ...]
    whole: tuple[date, ...]

    @property
    def first(self) -> Session:
        """The first session that counts."""
        return self.counted[0]

    @property
    def last(self) -> Session:
        """The last session that counts."""
        return self.counted[-1]

    @property
    def sessions(self) -> int:
        """How many sessions count."""
        return len(self.counted)

    @property
    def school_days(self) -> int:
        """How many days it fills with every possible session."""
        return len(self.whole)

    def reached(self, school_days: int) -> date | None:
        """The day on which it came to so many school days, or to the sessions of as many; None where it has not."""
        sessions = school_days * len(Period)
        found = [self.whole[school_days - 1]] if len(self.whole) >= school_days else []
        found += [self.counted[sessions - 1].day] if len(self.counted) >= sessions else []
        return min(found, default=None)

    def since(self, day: date) -> Run | None:
        """What of it lies on or after `day`; None where nothing does."""
        counted = tuple(session for session in self.counted if session.day >= day)
        return Run(counted, tuple(whole for whole in self.whole if whole >= day)) if counted else None


def runs(line: bytes, grid: PageGrid, wanted: bytes) -> tuple[Run, ...]:
    """Every run in one pupil's line of bytes, in order; the marks that count have a byte of `wanted`."""
    return runs_over(((line, grid, wanted),))


def runs_over(years: Sequence[tuple[bytes, PageGrid, bytes]]) -> tuple[Run, ...]:
    """As `runs` of the last of these academic years, each with its line, grid and bytes: a summer ends no run."""
    kinds = b"".join(line.translate(_table(wanted)) for line, _, wanted in years)
    last = SLOTS * (len(years) - 1)
    found = [one for one in _RUN.finditer(kinds, kinds.rfind(BREAKS, 0, last) + 1) if one.end() > last]
    if not found:
        return ()
    sessions = _sessions(tuple(grid.year.start for _, grid, _ in years))
    return tuple(_run(kinds, one.start(), one.end(), sessions) for one in found)


@lru_cache(maxsize=64)
def _sessions(starts: tuple[int, ...]) -> tuple[Session, ...]:
    """The sessions of these years' slots, one year after another."""
    return tuple(session for start in starts for session in PageGrid(AcademicYear(start)).sessions)


def _run(kinds: bytes, start: int, stop: int, sessions: Sequence[Session]) -> Run:
    counted = [slot for slot in range(start, stop) if kinds[slot] == COUNTS[0]]
    # Slots of one day differ in their lowest bit.
    whole = {slot >> 1 for slot in counted if kinds[slot ^ 1] != BREAKS[0]}
    return Run(tuple([sessions[slot] for slot in counted]), tuple([sessions[day << 1].day for day in sorted(whole)]))


@lru_cache(maxsize=256)
def _table(wanted: bytes) -> bytes:
    return b"".join(_kind(byte, byte in wanted) for byte in range(256))


def _kind(byte: int, is_wanted: bool) -> bytes:
    if byte and is_wanted:
        return COUNTS
    return BREAKS if byte & POSSIBLE else NEITHER
