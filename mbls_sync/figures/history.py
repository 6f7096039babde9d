"""One pupil's history as the rules see it: marks, messages, sign-ins, requests and events, known at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.codes import Code
from mbls_sync.model.happenings import Event, LeaveRequest, Message, SignIn
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Session
from mbls_sync.model.subjects import PupilSession


@dataclass(frozen=True)
class Run:
    """Consecutive possible sessions that a test holds for; sessions that are not possible neither break nor count.

    `school_days` counts the distinct days on which every possible session is in the run.
    """

    first: Session
    last: Session
    sessions: int
    school_days: int


@dataclass(frozen=True)
class History:
    """What is known of one pupil at one moment.

    `until` is the last session that counts (the latest whose register has opened). Messages, sign-ins,
    requests and events are in order of time. `figures` is the academic year to date, everybody on roll.
    """

    pupil: Pupil
    until: Session
    registers: Mapping[AcademicYear, RegisterPages]
    calendar: SchoolCalendar
    figures: PupilFigures
    messages: tuple[Message, ...] = ()
    sign_ins: tuple[SignIn, ...] = ()
    requests: tuple[LeaveRequest, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def year(self) -> AcademicYear:
        """The academic year of `until`."""
        raise NotImplementedError

    def code(self, session: Session) -> Code:
        """The mark's code; `NO_MARK` where there is none."""
        raise NotImplementedError

    def codes(self, first: date, last: date) -> tuple[tuple[Session, Code], ...]:
        """Session and code of each of the school's sessions from `first` to `last`, up to `until`, in order."""
        raise NotImplementedError

    def recent(self, count: int) -> tuple[tuple[Session, Code], ...]:
        """The last `count` of the school's sessions up to `until`, oldest first."""
        raise NotImplementedError

    def counts(self, first: date, last: date, cohort: Cohort = Cohort.ALL_ROLL) -> PupilFigures:
        """The figures from `first` to `last`, both inclusive, up to `until`."""
        raise NotImplementedError

    def message_for(self, day: date) -> Message | None:
        """The latest message that explains an absence on `day`, if any.

        A message covers every day before its expected return; without one, the school day on which it was
        received, or the next school day where it came after the last session of the day began or on a
        closed day: home reports each further day anew (attendance policy, Roles and responsibilities).
        """
        raise NotImplementedError

    def message_covers(self, subject: PupilSession) -> bool:
        """Whether a message from home explains the pupil's absence in that session."""
        raise NotImplementedError

    def sign_ins_on(self, day: date) -> tuple[SignIn, ...]:
        """The pupil's sign-ins and sign-outs of one day, in order."""
        raise NotImplementedError

    def events_of(self, *kinds: str, since: datetime | None = None) -> tuple[Event, ...]:
        """The events of the given kinds, from `since` on, in order."""
        raise NotImplementedError

    def last_event(self, *kinds: str) -> Event | None:
        """The latest event of the given kinds."""
        raise NotImplementedError

    def runs(self, *codes: Code) -> tuple[Run, ...]:
        """Every continuous run of marks with one of `codes` this academic year, in order."""
        raise NotImplementedError

    def absence_runs(self) -> tuple[Run, ...]:
        """Every continuous run of absence, authorised or not, this academic year, in order."""
        raise NotImplementedError

    def episode(self) -> str:
        """Names the pupil's present episode: the academic year and how many cases were closed in it before.

        A one-off step (a letter at 93%) carries it as its occasion, so that it happens once an episode.
        """
        raise NotImplementedError
