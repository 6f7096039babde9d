"""The marks of some pupils as they count: outside their time on roll or in the cohort, nothing is seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from mbls_sync.figures.slots import Marks, attended_slots, first_slot
from mbls_sync.model.attendance import Cohort
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import SLOTS, RegisterPages

OUTSIDE = 0x10
"""Written over a session that is none of the pupil's: it reads as *not collected*, so it counts nowhere."""

Lines = tuple[int, int]


def seen(pages: RegisterPages, pupils: Sequence[Pupil], cohort: Cohort = Cohort.ALL_ROLL) -> Marks:
    """One row a pupil, one column a slot of the year, each byte as the register holds it or `OUTSIDE`.

    `OUTSIDE` stands before admission, after leaving, outside the cohort, and where a part-time pattern
    leaves an unmarked session out. A mark in such a session of the pattern counts: marks are the truth.
    """
    joined = b"".join([pages.page(pupil.id) for pupil in pupils])
    marks: Marks = np.frombuffer(bytearray(joined), dtype=np.uint8).reshape(len(pupils), SLOTS)
    origin = pages.grid.origin.toordinal()
    for row, pupil in enumerate(pupils):
        start, stop = _own(pupil, pages.year, origin, cohort)
        if start > 0:
            marks[row, :start] = OUTSIDE
        if stop < SLOTS:
            marks[row, stop:] = OUTSIDE
        if pupil.patterns:
            line = marks[row]
            line[(line == 0) & ~attended_slots(pages.year, pupil.patterns)] = OUTSIDE
    return marks


def _own(pupil: Pupil, year: AcademicYear, origin: int, cohort: Cohort) -> Lines:
    """From which slot up to before which the pupil is on roll and in the cohort."""
    if cohort is Cohort.CENSUS_5_15 and not _aged_5_to_15(pupil.born, year):
        return SLOTS, SLOTS
    start = 0 if pupil.admitted is None else first_slot(origin, pupil.admitted.toordinal())
    stop = SLOTS if pupil.left is None else first_slot(origin, pupil.left.toordinal() + 1)
    if cohort is Cohort.STATUTORY and (of_age := pupil.compulsory_school_age_from) is not None:
        start = max(start, first_slot(origin, of_age.toordinal()))
    return start, max(start, stop)


def _aged_5_to_15(born: date | None, year: AcademicYear) -> bool:
    """Aged 5 to 15 on 31 August, the day before the school year; somebody whose birth date is not known counts."""
    if born is None:
        return True
    return date(year.start - 16, 8, 31) < born <= date(year.start - 5, 8, 31)
