"""Counts of sessions by what their marks mean, for any number of pupils at once.

The byte of a mark carries its meaning in its high bits, so that counting looks no code up: each count is
one mask, one comparison and one population count over the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mbls_sync.figures.measures import Measures
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

POSSIBLE_FLAGS = Flags(POSSIBLE, POSSIBLE)
NOTHING = Flags(0x00, 0xFF)
"""What no byte is: the flags of a code that the encoding does not hold."""


def count_where(hits: Mask) -> Counts:
    """How many are true along the last axis, in eighths of the time that adding them up would take."""
    eighths = np.bitwise_count(np.packbits(hits, axis=-1))
    counts: Counts = np.add.reduce(eighths, axis=-1, dtype=np.int64)
    return counts


def count_by_slot(hits: Mask) -> Counts:
    """How many rows are true in each slot: `hits` has one row a pupil and one column a slot."""
    totals = np.zeros(hits.shape[-1], dtype=np.int64)
    rows = hits.view(np.uint8)
    # So many rows at a time as a byte can count, which spares widening every mark.
    for start in range(0, len(rows), 255):
        totals += np.add.reduce(rows[start : start + 255], axis=0, dtype=np.uint8)
    return totals


def count_flags(marks: Marks, *flags: Flags) -> Counts:
    """For each of `flags` and each row of `marks`, in how many slots the mark is of that kind."""
    return count_where(where_flags(marks, *flags))


def where_flags(marks: Marks, *flags: Flags) -> Mask:
    """For each of `flags`, where in `marks` the mark is of that kind."""
    masks = np.array([flag.mask for flag in flags], dtype=np.uint8)[:, None, None]
    values = np.array([flag.value for flag in flags], dtype=np.uint8)[:, None, None]
    hits: Mask = (marks & masks) == values
    return hits


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


def figures_of(
    pupils: Sequence[Pupil],
    years: Iterable[RegisterPages],
    calendar: SchoolCalendar,
    first: date,
    last: Session,
    measures: Measures,
    cohort: Cohort = Cohort.ALL_ROLL,
) -> tuple[PupilFigures, ...]:
    """The figures of exactly these pupils, in their order, from `first` to `last` over all of `years`."""
    window_first = calendar.school_weeks_back(last.day, measures.school_weeks)
    totals = np.zeros((7, len(pupils)), dtype=np.int64)
    rolling = np.zeros(len(pupils), dtype=np.int64)
    for pages in years:
        over, window = span(pages.year, first, last), span(pages.year, window_first, last)
        if over.stop <= over.start and window.stop <= window.start:
            continue
        marks = seen(pages, pupils, cohort)
        totals[:6] += count_flags(marks[:, over], *FLAGS.values(), *late_flags(pages.encoding))
        totals[6] += count_where((marks[:, over] == 0) & held(calendar, pages.year)[over])
        rolling += count_flags(marks[:, window], FLAGS[Meaning.UNAUTHORISED])[0]
    return _figures(pupils, totals, rolling, measures)


def _figures(pupils: Sequence[Pupil], totals: Counts, rolling: Counts, measures: Measures) -> tuple[PupilFigures, ...]:
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
    return tuple(map(PupilFigures, [pupil.id for pupil in pupils], *(column.tolist() for column in columns)))


def _exactly(encoding: Encoding, code: Code, meaning: Meaning) -> Flags:
    try:
        return Flags(0xFF, encoding.byte(code, meaning))
    except KeyError:
        return NOTHING
