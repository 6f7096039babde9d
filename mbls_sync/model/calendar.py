"""The school's calendar: which half-days have a session, and what a school week, a term and a school day are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from mbls_sync.errors import CalendarGap
from mbls_sync.model.sessions import Period, Session

YEAR_STARTS_IN_MONTH = 8
"""An academic year runs from 1 August to 31 July, as the school census counts it (its windows start 1 August)."""


@dataclass(frozen=True, slots=True, order=True)
class AcademicYear:
    """An academic year, named by the calendar year in which it starts: 2026 is 2026-27."""

    start: int

    @staticmethod
    def of(day: date) -> AcademicYear:
        """The academic year that holds `day`."""
        return _year(day.year if day.month >= YEAR_STARTS_IN_MONTH else day.year - 1)

    @property
    def first(self) -> date:
        """1 August."""
        return date(self.start, YEAR_STARTS_IN_MONTH, 1)

    @property
    def last(self) -> date:
        """31 July."""
        return date(self.start + 1, YEAR_STARTS_IN_MONTH, 1) - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.start}-{(self.start + 1) % 100:02d}"


_year = lru_cache(maxsize=256)(AcademicYear)
"""One value for each year: a pass over a school asks for it some twenty thousand times."""


@dataclass(frozen=True, slots=True, order=True)
class HalfTerm:
    """A half of a term, both dates inclusive. `number` is 1 or 2."""

    first: date
    last: date
    term: str
    number: int


@dataclass(frozen=True, slots=True)
class Closure:
    """Sessions that did not or will not happen. `planned` ones are told to parents beforehand.

    `scope` is `school`, or `class:<name>` or `year:<group>` for a part of it. A partial closure does not
    take the session away from the school; nobody whom it names is expected in it.
    """

    session: Session
    reason: str
    planned: bool
    scope: str = "school"

    def names(self, class_name: str, year_group: str) -> bool:
        """Whether a pupil of this class and year group stays away because of it."""
        return self.scope in ("school", f"class:{class_name}", f"year:{year_group}")


@dataclass(frozen=True)
class SchoolYear:
    """One academic year as the school runs it. INSET days and bank holidays have no sessions."""

    year: AcademicYear
    half_terms: tuple[HalfTerm, ...]
    inset_days: frozenset[date] = frozenset()
    bank_holidays: frozenset[date] = frozenset()
    closures: tuple[Closure, ...] = ()

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        """Every session of the year in order: Monday to Friday in term, less INSET, bank holidays and closures."""
        shut = {closure.session for closure in self.closures if closure.scope == "school"}
        days = (day for half in sorted(self.half_terms) for day in _days(half.first, half.last))
        return tuple(
            session
            for day in days
            if day.weekday() < 5 and day not in self.inset_days and day not in self.bank_holidays
            for session in (Session(day, Period.AM), Session(day, Period.PM))
            if session not in shut
        )


@dataclass(frozen=True)
class SchoolCalendar:
    """All school years that are known, as one line of sessions.

    Every method that is asked about a date outside the known years raises `CalendarGap`, naming the year:
    a guess about a school day would move a statutory deadline. Only `school_day_after` answers beyond them, with the
    earliest day it can be: so a duty of July arises although its last day lies in a September that nobody knows yet.
    """

    years: tuple[SchoolYear, ...]
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))

    @cached_property
    def _by_year(self) -> dict[AcademicYear, SchoolYear]:
        return {year.year: year for year in self.years}

    @cached_property
    def _sessions(self) -> tuple[Session, ...]:
        return tuple(s for year in sorted(self.years, key=lambda y: y.year) for s in year.sessions)

    @cached_property
    def _days(self) -> tuple[date, ...]:
        """The date of each session: finding one compares dates, which costs a tenth of comparing sessions."""
        return tuple(session.day for session in self._sessions)

    @cached_property
    def _session_set(self) -> frozenset[Session]:
        return frozenset(self._sessions)

    @cached_property
    def school_days(self) -> tuple[date, ...]:
        """Every day with at least one session, in order, over all known years."""
        return tuple(sorted({session.day for session in self._sessions}))

    @cached_property
    def school_weeks(self) -> tuple[date, ...]:
        """The Monday of every week with at least one session, in order."""
        return tuple(sorted({monday(day) for day in self.school_days}))

    @cached_property
    def unknown_from(self) -> date:
        """The first day after the academic years of which a calendar is known."""
        return max((year.year.last for year in self.years), default=date.min) + timedelta(days=1)

    def covers(self, day: date) -> bool:
        """Whether a calendar is known for the academic year of `day`."""
        return AcademicYear.of(day) in self._by_year

    def school_year(self, day: date) -> SchoolYear:
        """The school year that holds `day`."""
        year = AcademicYear.of(day)
        try:
            return self._by_year[year]
        except KeyError:
            raise CalendarGap(
                f"no school calendar covers {day.isoformat()}; add config/calendar/{year}.yaml with the terms of {year}"
            ) from None

    def is_school_day(self, day: date) -> bool:
        """Whether the school has a session on `day`."""
        return bool(self.sessions_on(day))

    def is_session(self, session: Session) -> bool:
        """Whether the school holds this session."""
        return session in self._session_set

    def sessions_on(self, day: date) -> tuple[Session, ...]:
        """The sessions of one day, none on a closed day."""
        self.school_year(day)
        return self.sessions(day, day)

    def sessions(self, first: date, last: date) -> tuple[Session, ...]:
        """The sessions from `first` to `last`, both inclusive, as far as calendars are known."""
        return self._sessions[bisect_left(self._days, first) : bisect_right(self._days, last)]

    def school_day_after(self, day: date, count: int) -> date:
        """The `count`-th school day after `day`; `count` 0 is `day`, or the next school day.

        Beyond the last calendar that is known: the first day that none covers, or `day` itself where that is later.
        The day is not earlier, so that nothing is due too soon by it, and no deadline is missed.
        """
        low = bisect_left(self.school_days, day)
        if count and low < len(self.school_days) and self.school_days[low] == day:
            low += 1
        index = low + max(count - 1, 0)
        return self.school_days[index] if index < len(self.school_days) else max(day, self.unknown_from)

    def school_day_before(self, day: date) -> date | None:
        """The last school day before `day`; None where none is known."""
        at = bisect_left(self.school_days, day)
        return self.school_days[at - 1] if at else None

    def school_days_between(self, first: date, last: date) -> int:
        """How many school days there are from `first` to `last`, both inclusive."""
        return bisect_right(self.school_days, last) - bisect_left(self.school_days, first)

    def school_weeks_back(self, day: date, count: int) -> date:
        """The Monday on which a window of `count` school weeks ending in the week of `day` begins.

        A school week is one with at least one session; holiday weeks do not count. Where fewer weeks are
        known, the first known Monday.
        """
        end = bisect_right(self.school_weeks, day)
        return self.school_weeks[max(end - count, 0)] if end else monday(day)

    def school_weeks_after(self, day: date, count: int) -> date:
        """The day on which `count` school weeks have passed since `day`: same weekday, holiday weeks skipped."""
        low = bisect_right(self.school_weeks, monday(day))
        week = self._at(self.school_weeks, low + count - 1, day) if count else monday(day)
        return week + timedelta(days=day.weekday())

    def half_term_of(self, day: date) -> HalfTerm | None:
        """The half-term that holds `day`; None in a holiday."""
        return next((h for h in self.school_year(day).half_terms if h.first <= day <= h.last), None)

    def term_of(self, day: date) -> tuple[str, date, date] | None:
        """The name, first and last day of the term that holds `day` (its half-term holiday included); None outside."""
        for name, first, last in self.terms(day):
            if first <= day <= last:
                return name, first, last
        return None

    def terms(self, day: date) -> tuple[tuple[str, date, date], ...]:
        """The terms of the school year of `day`: name, first and last day, in order."""
        year = self.school_year(day)
        if year.year not in self._terms:
            spans: dict[str, list[HalfTerm]] = {}
            for half in sorted(year.half_terms):
                spans.setdefault(half.term, []).append(half)
            self._terms[year.year] = tuple((name, halves[0].first, halves[-1].last) for name, halves in spans.items())
        return self._terms[year.year]

    @cached_property
    def _terms(self) -> dict[AcademicYear, tuple[tuple[str, date, date], ...]]:
        return {}

    def _at(self, line: Sequence[date], index: int, asked: date) -> date:
        if index >= len(line):
            raise CalendarGap(
                f"the school calendars end before the date counted from {asked.isoformat()}; "
                f"add the next year to config/calendar/"
            )
        return line[index]


def monday(day: date) -> date:
    """The Monday of the week that holds `day`."""
    return day - timedelta(days=day.weekday())


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
