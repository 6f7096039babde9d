"""The year as numpy grids, one row a pupil and one column a slot of the page: who is expected, who is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from mbls_sync.engine.world import World
from mbls_sync.model.calendar import Closure
from mbls_sync.model.codes import Code, CodeStanding
from mbls_sync.model.pupils import Pattern, Pupil
from mbls_sync.model.registers import SLOTS, PageGrid, RegisterPages
from mbls_sync.model.sessions import Period
from mbls_sync.model.subjects import only_taking_sets

Grid = NDArray[np.bool_]
Line = NDArray[np.int64]


@dataclass(frozen=True)
class YearGrids:
    """This academic year for the pupils on roll, in the order of `pupils`. Columns are slots of `grid`.

    `held` marks the slots in which the school has a session; `expected` the sessions a pupil is expected
    in: held, on roll, in the pupil's pattern, and not shut for the pupil's class or year group.
    `only_taking` says of each of the 256 mark bytes whether only taking the register sets it: present, or N.
    """

    grid: PageGrid
    pupils: tuple[Pupil, ...]
    marks: NDArray[np.uint8]
    held: Grid
    expected: Grid
    only_taking: Grid


@dataclass(frozen=True)
class Blanks:
    """How many pupils without a mark a taken register may hold: a percentage of it, and in any case so many."""

    percent: Decimal
    count: int

    def allowed(self, size: Line) -> Line:
        """For registers of these sizes."""
        parts, whole = self.percent.as_integer_ratio()
        return np.maximum(self.count, size * parts // (100 * whole))


def year_grids(world: World) -> YearGrids:
    """The grids of the world's academic year."""
    pages, pupils = world.pages, world.on_roll
    marks = np.frombuffer(b"".join(pages.page(pupil.id) for pupil in pupils), dtype=np.uint8)
    held = np.zeros(SLOTS, dtype=bool)
    held[pages.grid.slots(world.calendar.sessions(world.year.first, world.year.last))] = True
    days = slot_days(pages.grid)
    partial = _partial_closures(world)
    expected = np.zeros((len(pupils), SLOTS), dtype=bool)
    for row, pupil in enumerate(pupils):
        expected[row] = held & _between(days, pupil.admitted, pupil.left)
        if pupil.patterns:
            expected[row] &= _attended(days, pupil.patterns)
        if partial:
            shut = [closure.session for closure in partial if closure.names(pupil.class_name, pupil.year_group)]
            expected[row, pages.grid.slots(shut)] = False
    return YearGrids(pages.grid, pupils, marks.reshape(len(pupils), SLOTS), held, expected, _only_taking(pages))


def _partial_closures(world: World) -> Sequence[Closure]:
    """The closures of a part of the school; `held` leaves out those of all of it."""
    year = next((year for year in world.calendar.years if year.year == world.year), None)
    return [closure for closure in year.closures if closure.scope != "school"] if year else []


def slot_days(grid: PageGrid) -> Line:
    """The ordinal of each slot's date."""
    origin = grid.origin.toordinal()
    slots = np.arange(SLOTS)
    return origin + slots // 10 * 7 + slots % 10 // 2


def taken(grids: YearGrids, rows: Sequence[int], blanks: Blanks) -> Grid:
    """For each slot, whether these pupils' register was taken, as `Register.is_taken` has it."""
    chosen = list(rows)
    marks, expected = grids.marks[chosen], grids.expected[chosen]
    size, blank = expected.sum(axis=0), ((marks == 0) & expected).sum(axis=0)
    begun = (grids.only_taking[marks] & expected).any(axis=0) & (blank <= blanks.allowed(size))
    either: Grid = begun | ((size > 0) & (blank == 0))
    return either


def _only_taking(pages: RegisterPages) -> Grid:
    table = np.zeros(256, dtype=bool)
    for byte, (code, meaning) in pages.encoding.pairs.items():
        table[byte] = only_taking_sets(code, meaning)
    return table


def oddly_coded(world: World, grids: YearGrids) -> Grid:
    """Where a mark's code is not valid for the pupil on that date (withdrawn, wrong age, no national code)."""
    days = slot_days(grids.grid)
    found = np.zeros_like(grids.expected)
    starts = (pupil.compulsory_school_age_from for pupil in grids.pupils)
    of_age = np.array([0 if start is None else start.toordinal() for start in starts])[:, None] <= days[None, :]
    for byte in np.flatnonzero(np.bincount(grids.marks.ravel())).tolist():
        if byte:
            code = world.pages.encoding.code(byte)
            valid = np.where(of_age, _valid(world, grids, code, True), _valid(world, grids, code, False))
            found |= (grids.marks == byte) & ~valid & grids.held
    return found


def _valid(world: World, grids: YearGrids, code: Code, is_csa: bool) -> Grid:
    """In which slots a code is valid at an age.

    A code valid on the first and the last day of the year's sessions is valid on those between: asking the
    code book for each of them cost more than all the rest of judging.
    """
    valid = np.ones(SLOTS, dtype=bool)
    slots = [int(slot) for slot in np.flatnonzero(grids.held)]
    ends = {*slots[:1], *slots[-1:]}
    if all(_is_valid(world, code, grids.grid.session(slot).day, is_csa) for slot in ends):
        return valid
    for slot in slots:
        valid[slot] = _is_valid(world, code, grids.grid.session(slot).day, is_csa)
    return valid


def _is_valid(world: World, code: Code, day: date, is_csa: bool) -> bool:
    return world.codebook.standing(code, day, is_csa) is CodeStanding.VALID


def _between(days: Line, first: date | None, last: date | None) -> Grid:
    low = days >= (first.toordinal() if first else 0)
    high = days <= (last.toordinal() if last else date.max.toordinal())
    both: Grid = low & high
    return both


def _attended(days: Line, patterns: Sequence[Pattern]) -> Grid:
    """The slots a part-time pupil attends; the first pattern that covers a day decides, none means all."""
    attended = np.ones(SLOTS, dtype=bool)
    decided = np.zeros(SLOTS, dtype=bool)
    for pattern in patterns:
        week = [(slot // 2, Period.PM if slot % 2 else Period.AM) in pattern.sessions for slot in range(10)]
        covers = _between(days, pattern.first, pattern.last) & ~decided
        attended[covers] = np.tile(np.array(week), SLOTS // 10)[covers]
        decided |= covers
    return attended
