"""Figures of any span of one school, counted for everybody together once several pupils are asked about it.

Rules ask each pupil's history about the same few spans (the year to date, the weeks that roll). Counting a whole
school takes as long as counting ten pupils one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from mbls_sync.figures.counts import figures_of
from mbls_sync.figures.measures import Measures
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Session

Span = tuple[date, Session, Cohort]

ASKED_OFTEN = 8
"""From so many questions about one span on, the next are about most of the school."""


class Spans:
    """The figures of `pupils` over `registers`, neither of which changes; what is counted is kept."""

    def __init__(
        self,
        pupils: Sequence[Pupil],
        registers: Mapping[AcademicYear, RegisterPages],
        calendar: SchoolCalendar,
        measures: Measures,
    ) -> None:
        self._pupils = {pupil.id: pupil for pupil in pupils}
        self._years, self._calendar, self._measures = tuple(registers.values()), calendar, measures
        self._asked: Counter[Span] = Counter()
        self._kept: dict[Span, dict[PupilId, PupilFigures]] = {}

    def of(self, pupil: PupilId, first: date, last: Session, cohort: Cohort) -> PupilFigures:
        """One pupil's figures from `first` to `last`, both inclusive. Raises KeyError for none of the pupils."""
        span = first, last, cohort
        known = self._kept.setdefault(span, {})
        if pupil not in known:
            self._asked[span] += 1
            often = self._asked[span] > ASKED_OFTEN
            wanted = tuple(self._pupils.values()) if often else (self._pupils[pupil],)
            counted = figures_of(wanted, self._years, self._calendar, first, last, self._measures, cohort)
            known |= {figures.pupil: figures for figures in counted}
        return known[pupil]
