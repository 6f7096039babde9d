"""The whole school's figures, as `judge_school` is given them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mbls_sync.figures.history import History
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil


@dataclass(frozen=True)
class Figures:
    """The figures of everybody who was on roll this academic year, known at one moment.

    `histories` holds one for each pupil on roll on the day asked about.
    """

    day: date
    calendar: SchoolCalendar
    pupils: tuple[Pupil, ...]
    histories: Mapping[PupilId, History]

    def over(self, first: date, last: date, cohort: Cohort = Cohort.ALL_ROLL) -> Mapping[PupilId, PupilFigures]:
        """Each pupil's figures from `first` to `last`, both inclusive; pupils without a possible session too."""
        raise NotImplementedError
