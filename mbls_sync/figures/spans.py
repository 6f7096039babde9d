"""Figures of any span of one school: its marks are walked over once, and each span is a difference of totals.

Rules ask each pupil's history about the same few spans (the year to date, the weeks that roll), and about some
of each pupil's own (since the letter, since the meeting).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from mbls_sync.figures.counts import Columns, columns_over
from mbls_sync.figures.measures import Measures
from mbls_sync.figures.seen import seen
from mbls_sync.figures.slots import Marks, held
from mbls_sync.figures.totals import RunningTotals
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Session

Span = tuple[date, Session, Cohort]


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
        self._years, self._calendar, self._measures = tuple(registers.values()), calendar, measures
        self._seen: dict[tuple[AcademicYear, Cohort], Marks] = {}
        self._totals: dict[tuple[AcademicYear, Cohort], RunningTotals] = {}
        self._columns: dict[Span, Columns] = {}
        self._kept: dict[Span, dict[PupilId, PupilFigures]] = {}

    def of(self, pupil: PupilId, first: date, last: Session, cohort: Cohort) -> PupilFigures:
        """One pupil's figures from `first` to `last`, both inclusive. Raises KeyError for none of the pupils."""
        span = first, last, cohort
        known = self._kept.setdefault(span, {})
        if pupil not in known:
            place = self._places[pupil]
            known[pupil] = PupilFigures(pupil, *[column[place] for column in self._over(span)])
        return known[pupil]

    def everyone(self, first: date, last: Session, cohort: Cohort) -> Mapping[PupilId, PupilFigures]:
        """The figures of each of the pupils, as `of` gives them."""
        span = first, last, cohort
        known = self._kept.setdefault(span, {})
        if len(known) < len(self._pupils):
            known.update(zip(self._places, map(PupilFigures, self._places, *self._over(span)), strict=True))
        return known

    def line(self, pupil: PupilId, pages: RegisterPages) -> Marks:
        """One pupil's marks of a year as they count, not to be changed. Raises KeyError for none of the pupils."""
        mine: Marks = self._as_seen(pages, Cohort.ALL_ROLL)[self._places[pupil]]
        return mine

    def _over(self, span: Span) -> Columns:
        if span not in self._columns:
            first, last, cohort = span

            def totals(pages: RegisterPages) -> RunningTotals:
                return self._totals_of(pages, cohort)

            self._columns[span] = columns_over(
                len(self._pupils), self._years, totals, self._calendar, first, last, self._measures
            )
        return self._columns[span]

    def _totals_of(self, pages: RegisterPages, cohort: Cohort) -> RunningTotals:
        key = pages.year, cohort
        if key not in self._totals:
            marks = self._as_seen(pages, cohort)
            self._totals[key] = RunningTotals(marks, pages.encoding, held(self._calendar, pages.year))
        return self._totals[key]

    def _as_seen(self, pages: RegisterPages, cohort: Cohort) -> Marks:
        """Everybody's marks of a year as they count."""
        key = pages.year, cohort
        if key not in self._seen:
            self._seen[key] = seen(pages, self._pupils, cohort)
        return self._seen[key]
