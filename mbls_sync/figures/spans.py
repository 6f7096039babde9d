"""Figures of any span of one school, counted for everybody together once several pupils are asked about it.

Rules ask each pupil's history about the same few spans (the year to date, the weeks that roll). Counting a whole
school takes as long as counting ten pupils one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from mbls_sync.figures.counts import Seen, figures_over
from mbls_sync.figures.measures import Measures
from mbls_sync.figures.seen import seen
from mbls_sync.figures.slots import Marks
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
        self._pupils = tuple(pupils)
        self._places = {pupil.id: place for place, pupil in enumerate(self._pupils)}
        self._seen: dict[tuple[AcademicYear, Cohort], Marks] = {}
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
            place = self._places[pupil]
            rows = slice(None) if often else slice(place, place + 1)
            as_seen: Seen = lambda pages: self.seen(pages, cohort)[rows]  # noqa: E731 - what is counted
            wanted = self._pupils[rows]
            counted = figures_over(wanted, self._years, as_seen, self._calendar, first, last, self._measures)
            known |= {figures.pupil: figures for figures in counted}
        return known[pupil]

    def line(self, pupil: PupilId, pages: RegisterPages) -> Marks:
        """One pupil's marks of a year as they count, not to be changed. Raises KeyError for none of the pupils."""
        mine: Marks = self.seen(pages, Cohort.ALL_ROLL)[self._places[pupil]]
        return mine

    def seen(self, pages: RegisterPages, cohort: Cohort) -> Marks:
        """Everybody's marks of a year as they count, worked out once; not to be changed."""
        key = pages.year, cohort
        if key not in self._seen:
            self._seen[key] = seen(pages, self._pupils, cohort)
        return self._seen[key]
