"""Counts of sessions by what their marks mean, for any number of pupils at once.

The byte of a mark carries its meaning in its high bits, so that counting looks no code up: each count is
one mask, one comparison and one population count over the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mbls_sync.figures.measures import Measures
from mbls_sync.figures.school_weeks import school_weeks_back
from mbls_sync.figures.seen import seen
from mbls_sync.figures.slots import Marks, Mask, held, span
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.codes import Code, Meaning
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import APPROVED, ATTENDED, POSSIBLE, UNAUTHORISED, Encoding, RegisterPages
from mbls_sync.model.sessions import Session

LATE_BEFORE_CLOSE: Code = "L"
LATE_AFTER_CLOSE: Code = "U"
"""The national codes of a late arrival (2024 Regulations, regulation 10, Tables 1 and 3)."""

Counts = NDArray[np.int64]


class Flags(NamedTuple):
    """A mark is of this kind when its byte has `value` in the bits of `mask`."""

    mask: int
    value: int


FLAGS = {
    Meaning.PRESENT: Flags(ATTENDED | APPROVED, ATTENDED),
    Meaning.APPROVED: Flags(ATTENDED | APPROVED, ATTENDED | APPROVED),
    Meaning.AUTHORISED: Flags(ATTENDED | POSSIBLE | UNAUTHORISED, POSSIBLE),
    Meaning.UNAUTHORISED: Flags(ATTENDED | POSSIBLE | UNAUTHORISED, POSSIBLE | UNAUTHORISED),
}
"""The four meanings that make a session possible, by the flag bits of their bytes."""

BLOCK = 200
"""Rows that are counted at a time."""

POSSIBLE_FLAGS = Flags(POSSIBLE, POSSIBLE)
NOTHING = Flags(0x00, 0xFF)
"""What no byte is: the flags of a code that the encoding does not hold."""
UNMARKED = Flags(0xFF, 0x00)


def where(marks: Marks, flags: Flags) -> Mask:
    """Where the mark is of that kind."""
    hits: Mask = (marks & flags.mask) == flags.value
    return hits


def count_flags(marks: Marks, *flags: Flags) -> Counts:
    """For each of `flags` and each row of `marks`, in how many slots the mark is of that kind."""
    if len(marks) == 1:
        # One pupil: how often each byte occurs, once, is a fifth of the work of asking for each kind in turn.
        return (_kinds(flags) @ np.bincount(marks[0], minlength=256))[:, None]
    counts = np.empty((len(flags), len(marks)), dtype=np.int64)
    for rows in blocks(marks):
        for at, kind in enumerate(flags):
            counts[at, rows] = _count(where(marks[rows], kind))
    return counts


@lru_cache(maxsize=64)
def _kinds(flags: tuple[Flags, ...]) -> Counts:
    """For each of `flags` a 1 for every byte that is of that kind."""
    every = np.arange(256, dtype=np.uint8)
    return np.stack([where(every, kind) for kind in flags]).astype(np.int64)


def count_unmarked(marks: Marks, expected: Mask) -> Counts:
    """For each row of `marks`, in how many of the slots that `expected` holds there is no mark."""
    counts = np.empty(len(marks), dtype=np.int64)
    for rows in blocks(marks):
        counts[rows] = _count((marks[rows] == 0) & expected)
    return counts


def count_slots(marks: Marks, *flags: Flags) -> Counts:
    """For each of `flags` and each slot, in how many rows of `marks` the mark is of that kind."""
    counts = np.zeros((len(flags), marks.shape[1]), dtype=np.int64)
    for rows in blocks(marks):
        for at, kind in enumerate(flags):
            # A block has fewer rows than a byte can count, which spares widening every mark.
            counts[at] += np.add.reduce(where(marks[rows], kind).view(np.uint8), axis=0, dtype=np.uint8)
    return counts


def blocks(marks: Marks) -> Iterator[slice]:
    """The rows of `marks` in blocks so small that what is made of one is neither paged in afresh nor leaves the cache.

    With a whole school at a time the same counts took twice as long.
    """
    return (slice(start, start + BLOCK) for start in range(0, len(marks), BLOCK))


def _count(hits: Mask) -> Counts:
    """How many are true in each row: a population count takes half the time of adding them up."""
    eighths = np.bitwise_count(np.packbits(hits, axis=-1))
    counts: Counts = np.add.reduce(eighths, axis=-1, dtype=np.uint16).astype(np.int64)
    return counts


def late_flags(encoding: Encoding) -> tuple[Flags, Flags]:
    """The flags of a late arrival before, and after, the register's close."""
    return (
        _exactly(encoding, LATE_BEFORE_CLOSE, Meaning.PRESENT),
        _exactly(encoding, LATE_AFTER_CLOSE, Meaning.UNAUTHORISED),
    )


def by_pupil(
    registers: RegisterPages,
    roll: Iterable[Pupil],
    calendar: SchoolCalendar,
    *,
    first: date,
    last: Session,
    measures: Measures,
    cohort: Cohort = Cohort.ALL_ROLL,
    also: Sequence[RegisterPages] = (),
) -> tuple[PupilFigures, ...]:
    """The figures of everybody on `roll` and everybody in `registers`, from `first` to `last`, sorted by pupil id.

    A pupil in the register whom the roll does not know counts as on roll throughout. `also` holds other
    academic years, for a rolling window or a span that reaches into them. A mark counts by its meaning even
    where the calendar has no session: the calendar says only which sessions were expected and what a
    school week is.
    """
    return figures_of(everybody(registers, roll), [*also, registers], calendar, first, last, measures, cohort)


def everybody(registers: RegisterPages, roll: Iterable[Pupil]) -> tuple[Pupil, ...]:
    """The pupils of the roll, and one of whom nothing but the id is known for each other in the register; by id."""
    known = {pupil.id: pupil for pupil in roll}
    strays = (Pupil(id=id) for id in registers.pages if id not in known)
    return tuple(sorted((*known.values(), *strays), key=lambda pupil: pupil.id))


class SpanCounts(Protocol):
    """How often each kind of mark stands in a span of one year's slots, for some pupils."""

    def kinds(self, over: slice) -> Counts:
        """For each of the four `FLAGS`, the two `late_flags`, and expected sessions without a mark: one a pupil."""
        ...

    def unauthorised(self, over: slice) -> Counts:
        """How many marks of unauthorised absence each pupil has."""
        ...


@dataclass(frozen=True, slots=True)
class CountedAnew:
    """Each span counted for itself. `marks` have one row a pupil, as they count."""

    marks: Marks
    encoding: Encoding
    held: Mask

    def kinds(self, over: slice) -> Counts:
        """As `SpanCounts.kinds`."""
        marks = self.marks[:, over]
        kinds = count_flags(marks, *FLAGS.values(), *late_flags(self.encoding))
        return np.vstack([kinds, count_unmarked(marks, self.held[over])])

    def unauthorised(self, over: slice) -> Counts:
        """As `SpanCounts.unauthorised`."""
        counts: Counts = count_flags(self.marks[:, over], FLAGS[Meaning.UNAUTHORISED])[0]
        return counts


Columns = Sequence[list[Any]]
"""What `PupilFigures` holds beside the pupil, in its order: each a line of one number, or yes or no, a pupil."""


def figures_of(
    pupils: Sequence[Pupil],
    years: Iterable[RegisterPages],
    calendar: SchoolCalendar,
    first: date,
    last: Session,
    measures: Measures,
    cohort: Cohort = Cohort.ALL_ROLL,
    window_ends: date | None = None,
) -> tuple[PupilFigures, ...]:
    """The figures of exactly these pupils, in their order, from `first` to `last` over all of `years`.

    The rolling window ends with the school week of `window_ends`, else of `last`; no mark behind `last` is in it.
    """

    def anew(pages: RegisterPages) -> CountedAnew:
        return CountedAnew(seen(pages, pupils, cohort), pages.encoding, held(calendar, pages.year))

    columns = columns_over(len(pupils), years, anew, calendar, first, last, measures, window_ends)
    return tuple(map(PupilFigures, [pupil.id for pupil in pupils], *columns))


def columns_over(
    size: int,
    years: Iterable[RegisterPages],
    counts_of: Callable[[RegisterPages], SpanCounts],
    calendar: SchoolCalendar,
    first: date,
    last: Session,
    measures: Measures,
    window_ends: date | None = None,
) -> Columns:
    """The figures of `figures_of` as columns, for the `size` pupils whose counts of a year `counts_of` gives."""
    registers = tuple(years)
    window_first = school_weeks_back(calendar, registers, window_ends or last.day, measures.school_weeks)
    totals = np.zeros((7, size), dtype=np.int64)
    rolling = np.zeros(size, dtype=np.int64)
    for pages in registers:
        over, window = span(pages.year, first, last), span(pages.year, window_first, last)
        if over.stop <= over.start and window.stop <= window.start:
            continue
        counts = counts_of(pages)
        totals += counts.kinds(over)
        rolling += counts.unauthorised(window)
    return _columns(totals, rolling, measures)


def _columns(totals: Counts, rolling: Counts, measures: Measures) -> Columns:
    present, approved, authorised, unauthorised, late_before, late_after, unmarked = totals
    absent = authorised + unauthorised
    possible = present + approved + absent
    columns = (
        possible,
        present,
        approved,
        authorised,
        unauthorised,
        unmarked,
        late_before,
        late_after,
        measures.is_persistent(absent, possible),
        measures.is_severe(absent, possible),
        rolling,
    )
    return [column.tolist() for column in columns]


def _exactly(encoding: Encoding, code: Code, meaning: Meaning) -> Flags:
    try:
        return Flags(0xFF, encoding.byte(code, meaning))
    except KeyError:
        return NOTHING
