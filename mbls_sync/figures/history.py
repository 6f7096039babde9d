"""One pupil's history as the rules see it: marks, messages, sign-ins, requests and events, known at one moment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np

from mbls_sync.figures.counts import FLAGS
from mbls_sync.figures.forecast import sessions_ahead
from mbls_sync.figures.measures import Measures
from mbls_sync.figures.path_back import Line, PathBack, path_back
from mbls_sync.figures.patterns import ILLNESS, IllnessPattern, WeekdayAbsence, illness_pattern, weekday_absence
from mbls_sync.figures.runs import Run, runs, runs_over
from mbls_sync.figures.seen import OUTSIDE, seen
from mbls_sync.figures.slots import held, span
from mbls_sync.figures.spans import Spans
from mbls_sync.figures.windows import rolling, school_weeks
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.codes import NO_MARK, Code, Meaning
from mbls_sync.model.happenings import Event, LeaveRequest, Message, SignIn
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import ATTENDED, EMPTY_PAGE, POSSIBLE, SLOTS, PageGrid, RegisterPages
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.subjects import PupilSession

CASE_CLOSED = "case-closed"
"""The kind of event that ends an episode."""

__all__ = ["History", "Run"]


@dataclass(frozen=True)
class History:
    """What is known of one pupil at one moment.

    `until` is the last session that counts (the latest whose register has opened). Messages, sign-ins,
    requests and events are in order of time; `sibling_requests` are those for pupils who are probably brothers
    or sisters. `figures` is the academic year to date, everybody on roll;
    `measures` say what is persistent and severe in `counts`. Histories of one school share `spans`, so that
    a span is counted once for all of them.
    """

    pupil: Pupil
    until: Session
    registers: Mapping[AcademicYear, RegisterPages]
    calendar: SchoolCalendar
    figures: PupilFigures
    measures: Measures
    messages: tuple[Message, ...] = ()
    sign_ins: tuple[SignIn, ...] = ()
    requests: tuple[LeaveRequest, ...] = ()
    sibling_requests: tuple[LeaveRequest, ...] = ()
    events: tuple[Event, ...] = ()
    spans: Spans | None = field(default=None, repr=False, compare=False)

    @cached_property
    def year(self) -> AcademicYear:
        """The academic year of `until`."""
        return AcademicYear.of(self.until.day)

    def code(self, session: Session) -> Code:
        """The mark's code; `NO_MARK` where there is none."""
        pages = self.registers.get(AcademicYear.of(session.day))
        return NO_MARK if pages is None else pages.code(self.pupil.id, session)

    def codes(self, first: date, last: date) -> tuple[tuple[Session, Code], ...]:
        """Session and code of each of the school's sessions from `first` to `last`, up to `until`, in order."""
        return tuple((session, self.code(session)) for session in self._sessions(first, last))

    def recent(self, count: int) -> tuple[tuple[Session, Code], ...]:
        """The last `count` of the school's sessions up to `until`, oldest first."""
        sessions = self._sessions(date.min, self.until.day)
        return tuple((session, self.code(session)) for session in sessions[max(len(sessions) - count, 0) :])

    def counts(self, first: date, last: date, cohort: Cohort = Cohort.ALL_ROLL) -> PupilFigures:
        """The figures from `first` to `last`, both inclusive, up to `until`.

        The rolling school weeks end where the span ends; they are not cut by `first`.
        """
        end = min(Session(last, Period.PM), self.until)
        spans = self.spans or Spans((self.pupil,), self.registers, self.calendar, self.measures)
        return spans.of(self.pupil.id, first, end, cohort)

    def message_for(self, day: date) -> Message | None:
        """The latest message that explains an absence on `day`, if any.

        A message covers the school day on which it was received, at whatever hour, or the next school day
        where it came on a closed day; with an expected return, every day from then up to before the return.
        Home reports each further day anew (attendance policy, Roles and responsibilities).
        """
        return next((message for message in reversed(self.messages) if self._covers(message, day)), None)

    def message_covers(self, subject: PupilSession) -> bool:
        """Whether a message from home explains the pupil's absence in that session."""
        return self.message_for(subject.session.day) is not None

    def sign_ins_on(self, day: date) -> tuple[SignIn, ...]:
        """The pupil's sign-ins and sign-outs of one day, in order."""
        return tuple(sign_in for sign_in in self.sign_ins if sign_in.day == day)

    def events_of(self, *kinds: str, since: datetime | None = None) -> tuple[Event, ...]:
        """The events of the given kinds, from `since` on, in order."""
        found = self._of_kinds(kinds)
        return found if since is None else tuple(event for event in found if event.at >= since)

    def last_event(self, *kinds: str) -> Event | None:
        """The latest event of the given kinds."""
        found = self._of_kinds(kinds)
        return found[-1] if found else None

    def _of_kinds(self, kinds: tuple[str, ...]) -> tuple[Event, ...]:
        """Kept, for each step of a case is asked for by most of the rules about cases."""
        if self._kinds.isdisjoint(kinds):
            return ()
        if kinds not in self._found_events:
            self._found_events[kinds] = tuple(event for event in self.events if event.kind in kinds)
        return self._found_events[kinds]

    @cached_property
    def _kinds(self) -> frozenset[str]:
        return frozenset(event.kind for event in self.events)

    @cached_property
    def _found_events(self) -> dict[tuple[str, ...], tuple[Event, ...]]:
        return {}

    def runs(self, *codes: Code) -> tuple[Run, ...]:
        """Every continuous run of marks with one of `codes` this academic year, in order."""
        pages = self.registers.get(self.year)
        return () if pages is None else self._runs(pages, pages.encoding.bytes_of(*codes))

    def unbroken(self, *codes: Code) -> tuple[Run, ...]:
        """Every continuous run of marks with one of `codes` (none named: of absence) that reaches this academic year.

        As `runs`, and a run that was going on when the year before ended is counted from where it began.
        """
        if self.year not in self.registers:
            return ()
        if codes not in self._found_unbroken:
            years = [year for year in (AcademicYear(self.year.start - 1), self.year) if year in self.registers]
            self._found_unbroken[codes] = runs_over([self._counted(self.registers[year], codes) for year in years])
        return self._found_unbroken[codes]

    def _counted(self, pages: RegisterPages, codes: tuple[Code, ...]) -> tuple[bytes, PageGrid, bytes]:
        wanted = pages.encoding.bytes_of(*codes) if codes else _ABSENT
        return self.line() if pages.year == self.year else self._whole(pages), pages.grid, wanted

    def episode(self) -> str:
        """Names the pupil's present episode: the academic year and how many cases were closed in it before.

        A one-off step (a letter at 93%) carries it as its occasion, so that it happens once an episode.
        """
        zone = self.calendar.zone
        closed = sum(AcademicYear.of(e.at.astimezone(zone).date()) == self.year for e in self.events_of(CASE_CLOSED))
        return f"{self.year}.{closed}"

    def weekday_absence(self) -> tuple[WeekdayAbsence, ...]:
        """How much was missed in each of the week's ten half-days this academic year, Monday AM first."""
        return weekday_absence(self.line())

    def illness_pattern(self) -> IllnessPattern:
        """The pupil's spells of illness this academic year."""
        return illness_pattern(self.runs(ILLNESS), self.calendar)

    def rolling_unauthorised(self) -> tuple[tuple[date, int], ...]:
        """Unauthorised sessions in the rolling school weeks, for each school week of this year that they end with.

        Each week by its Monday, up to the week of `until`; the windows do not reach into the year before.
        """
        grid = PageGrid(self.year)
        weeks = held(self.calendar, self.year).copy()
        weeks[span(self.year, self.year.first, self.until).stop :] = False
        line = np.frombuffer(self.line(), dtype=np.uint8)[None, :]
        sums = rolling(line, FLAGS[Meaning.UNAUTHORISED], weeks, self.measures.school_weeks)[0].tolist()
        mondays = (grid.session(week * 10).day for week in school_weeks(weeks).tolist())
        return tuple(zip(mondays, sums, strict=True))

    def sessions_ahead(self) -> tuple[Session, ...]:
        """The sessions the pupil is still expected in, in this academic year, in order."""
        return sessions_ahead(self.pupil, self.calendar, self.until)

    def sessions_left(self) -> int:
        """How many more sessions the pupil is expected in, in this academic year."""
        return len(self.sessions_ahead())

    def path_back(self, lines: Iterable[Line] = ()) -> PathBack:
        """Where this academic year can still go, with what may still be missed above each of `lines`."""
        return path_back(self.figures, self.sessions_ahead(), lines, self.measures.persistent_percent)

    def line(self) -> bytes:
        """This academic year's page up to `until`: every byte after it, and every one off roll, counts nowhere."""
        return self._line

    def _whole(self, pages: RegisterPages) -> bytes:
        """The page of an earlier year as it counts."""
        return bytes(seen(pages, (self.pupil,))[0] if self.spans is None else self.spans.line(self.pupil.id, pages))

    @cached_property
    def _line(self) -> bytes:
        pages = self.registers.get(self.year)
        if pages is None:
            return EMPTY_PAGE
        marks = seen(pages, (self.pupil,))[0] if self.spans is None else self.spans.line(self.pupil.id, pages)
        so_far = marks[: span(self.year, self.year.first, self.until).stop].tobytes()
        return so_far.ljust(SLOTS, bytes([OUTSIDE]))

    def _runs(self, pages: RegisterPages, wanted: bytes) -> tuple[Run, ...]:
        if wanted not in self._found_runs:
            self._found_runs[wanted] = runs(self.line(), pages.grid, wanted)
        return self._found_runs[wanted]

    @cached_property
    def _found_runs(self) -> dict[bytes, tuple[Run, ...]]:
        return {}

    @cached_property
    def _found_unbroken(self) -> dict[tuple[Code, ...], tuple[Run, ...]]:
        return {}

    def _sessions(self, first: date, last: date) -> tuple[Session, ...]:
        sessions = self.calendar.sessions(first, min(last, self.until.day))
        return sessions[:-1] if sessions and sessions[-1] > self.until else sessions

    def _covers(self, message: Message, day: date) -> bool:
        received = message.received_at.astimezone(self.calendar.zone).date()
        if received > day:
            return False
        days = self.calendar.school_days
        at = bisect_left(days, received)
        if at == len(days):
            return False
        start = days[at]
        # Received on a school day a message explains at least that day, whatever return it names.
        stop = start + timedelta(days=1) if start == received or message.expected_return is None else start
        return start <= day < max(stop, message.expected_return or stop)


_ABSENT = bytes(byte for byte in range(256) if byte & POSSIBLE and not byte & ATTENDED)
