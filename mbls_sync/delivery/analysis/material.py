"""What a pack is made of: the figures of one half-term or term, of the year to date, and of the spans beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from mbls_sync.delivery.analysis import groupings
from mbls_sync.delivery.analysis.groupings import Grouping
from mbls_sync.delivery.analysis.spans import Span, a_year_before, before
from mbls_sync.delivery.desk import Desk
from mbls_sync.figures.counts import everybody
from mbls_sync.figures.groups import GroupFigures, grouped
from mbls_sync.figures.history import History
from mbls_sync.figures.school import Figures
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.benchmarks import Benchmark
from mbls_sync.policy.view import PolicyAt

WHOLE = "Whole school"

Counted = Mapping[PupilId, PupilFigures]


class Reader(StrEnum):
    """Whom a pack is for. What goes to the governors names nobody and leaves small numbers out."""

    STAFF = "staff"
    GOVERNORS = "governors"


@dataclass(frozen=True)
class Material:
    """All that a pack needs, each figure counted once. `policy` is that of the span's last day, with its readings."""

    desk: Desk
    span: Span
    reader: Reader
    policy: PolicyAt
    benchmarks: tuple[Benchmark, ...]

    @property
    def is_published(self) -> bool:
        """Whether the pack leaves the circle that may know each pupil."""
        return self.reader is Reader.GOVERNORS

    @cached_property
    def until(self) -> date:
        """The last day whose marks are in the pack: the span's last, or the latest whose register has opened."""
        known = max((history.until.day for history in self.desk.histories.values()), default=self.span.last)
        return max(min(self.span.last, known), self.span.first)

    @property
    def is_whole(self) -> bool:
        """Whether the span is over, so that nothing more comes to it."""
        return self.until >= self.span.last

    @property
    def ends(self) -> Session:
        """The last session that counts."""
        return Session(self.until, Period.PM)

    @cached_property
    def pupils(self) -> Mapping[PupilId, Pupil]:
        """Everybody known to the school's roll or to the marks of the year, by id."""
        roll = (*self.desk.roll, *self.desk.leavers)
        years = [self.desk.registers[year] for year in sorted(self.desk.registers)]
        return {pupil.id: pupil for pages in years for pupil in everybody(pages, roll)}

    @cached_property
    def registers(self) -> tuple[RegisterPages, ...]:
        """The marks of every year held, oldest first."""
        return tuple(self.desk.registers[year] for year in sorted(self.desk.registers))

    def counted(self, first: date, last: date, cohort: Cohort = Cohort.ALL_ROLL) -> Counted:
        """The figures of everybody with a possible session from `first` to `last`."""
        return {id: found for id, found in self._figures.over(first, last, cohort).items() if found.possible}

    @cached_property
    def _figures(self) -> Figures:
        on_roll: Mapping[PupilId, History] = {pupil.id: self.desk.histories[pupil.id] for pupil in self.desk.roll}
        return Figures(self.desk.now.date(), self.desk.calendar, tuple(self.pupils.values()), on_roll)

    @cached_property
    def over(self) -> Counted:
        """Everybody's figures in the span."""
        return self.counted(self.span.first, self.until)

    @cached_property
    def year(self) -> Counted:
        """Everybody's figures from the start of the academic year to the span's end."""
        return self.counted(self.span.year.first, self.until)

    @cached_property
    def earlier(self) -> Counted:
        """The span before, or nothing where no mark of it is held."""
        span = before(self.span, self.desk.calendar)
        return self.counted(span.first, span.last) if span else {}

    @property
    def before_said(self) -> str:
        """What the span before is called: `the half-term before`."""
        return f"the {self.span.length} before"

    @cached_property
    def year_ago(self) -> Counted:
        """The same span a year ago, as many days of it in school as there were of this; nothing where none is held."""
        span = a_year_before(self.span, self.desk.calendar)
        return self.counted(span.first, self._as_far(span)) if span else {}

    @cached_property
    def members(self) -> frozenset[PupilId]:
        """Everybody with a possible session in the span."""
        return frozenset(self.over)

    @cached_property
    def groupings(self) -> tuple[Grouping, ...]:
        """Every way the pack divides the school; those that would tell who is who only where it stays inside."""
        here = [self.pupils[id] for id in sorted(self.members)]
        flags = [flag.strip() for flag in self.policy.text("analysis.vulnerable_flags").split(",") if flag.strip()]
        bands = groupings.bands({id: self.year[id] for id in self.members}, self.policy)
        told = groupings.characteristics(here, flags, self.until)
        every = (groupings.year_groups(here), groupings.classes(here), bands, *told)
        return tuple(grouping for grouping in every if grouping.published or not self.is_published)

    @property
    def at_least(self) -> int:
        """The fewest pupils a figure may be about."""
        return self.policy.count("analysis.small_number") if self.is_published else 1

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events of the academic year up to the span's end, in order."""
        zone = self.desk.calendar.zone
        days = ((event, event.at.astimezone(zone).date()) for event in self.desk.events)
        return tuple(event for event, day in days if self.span.year.first <= day <= self.until)

    def steps(self) -> Mapping[str, tuple[str, ...]]:
        """The steps of support that are looked at: what they are called, and the kinds of event."""
        return {name: tuple(kinds.split()) for name, kinds in self.policy.table("analysis.steps").items()}

    def _as_far(self, span: Span) -> date:
        if self.is_whole:
            return span.last
        calendar = self.desk.calendar
        gone = calendar.school_days_between(self.span.first, self.until)
        days = sorted({session.day for session in calendar.sessions(span.first, span.last)})
        return days[min(gone, len(days)) - 1]


def summed(counted: Counted, members: Iterable[PupilId], name: str = WHOLE) -> GroupFigures | None:
    """The figures of some pupils added up; None where none of them had a possible session."""
    mine = [counted[id] for id in sorted(members) if id in counted]
    sums = grouped(mine, {figures.pupil: (name,) for figures in mine})
    return sums[0] if sums else None


def year_before(year: AcademicYear) -> AcademicYear:
    """The academic year before."""
    return AcademicYear(year.start - 1)
