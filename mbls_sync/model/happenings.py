"""What happens around a register: a message from home, a sign-in, a request for leave, an event of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as time_of_day
from enum import StrEnum

from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Period, Session


@dataclass(frozen=True, slots=True)
class Message:
    """A parent reported an absence. `expected_return` is the first day the pupil is expected back, where known."""

    pupil: PupilId
    received_at: datetime
    sender: str = ""
    reason: str = ""
    expected_return: date | None = None


class Direction(StrEnum):
    """Which way somebody went through the office."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A pupil signed in or out at the office."""

    pupil: PupilId
    day: date
    time: time_of_day
    direction: Direction
    reason: str = ""


class RequestOutcome(StrEnum):
    """How the head decided a request; the decision itself is an event."""

    PENDING = "pending"
    GRANTED = "granted"
    PARTLY = "granted in part"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn by home"


class RequestKind(StrEnum):
    """The kinds of request that the attendance policy treats each in its own way."""

    LEAVE = "leave"
    APPOINTMENT = "appointment"
    PERFORMANCE = "performance"
    RELIGIOUS = "religious observance"
    TRAVEL = "travel"
    LUNCH = "lunch"


class Licence(StrEnum):
    """What stands behind a performance: an LA's licence that names the dates, one that does not, or neither.

    `exempt`: the applicant says that none is needed (Children and Young Persons Act 1963, section 37(3)).
    """

    DATED = "dated"
    UNDATED = "undated"
    EXEMPT = "exempt"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LeaveRequest:
    """A parent asks for leave from `first` to `last`, both inclusive, for `purpose`.

    It begins with the session `starts` of the first day and ends with the session `ends` of the last.
    `kind` is None where the request does not say; `leaves_at` and `back_at` are the times of an appointment,
    on each of its days. The licence is that of a performance: `licence_first` and `licence_last` are its term,
    the request's own days where they are None. `body` is the religious body that sets the day apart.
    """

    pupil: PupilId
    received_at: datetime
    first: date
    last: date
    purpose: str
    reason: str = ""
    kind: RequestKind | None = None
    starts: Period = Period.AM
    ends: Period = Period.PM
    leaves_at: time_of_day | None = None
    back_at: time_of_day | None = None
    licence: Licence | None = None
    licence_number: str = ""
    licence_first: date | None = None
    licence_last: date | None = None
    body: str = ""

    @property
    def key(self) -> str:
        """What tells two requests of one pupil apart."""
        return f"{self.first.isoformat()}..{self.last.isoformat()}@{self.received_at.isoformat()}"

    def covers(self, session: Session) -> bool:
        """Whether leave is asked for in this session."""
        return (self.first, self.starts) <= (session.day, session.period) <= (self.last, self.ends)


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a case, or of the office's day. Append-only: a mistake is mended by a further event.

    `kind` is kebab-case (`support-letter-sent`, `home-visit`, `task-done`); config/events.yaml lists
    them. `ref` names what the event is about, such as a task's id. `pupil` is None for the school's own.
    """

    at: datetime
    kind: str
    pupil: PupilId | None = None
    outcome: str = ""
    by: str = ""
    role: str = ""
    note: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class AmendedMark:
    """A change of a mark that the ledger holds: the original and the amended entry, and who made it."""

    pupil: PupilId
    session: Session
    original: str
    amended: str
    observed_at: datetime
    reason: str | None = None
    by: str | None = None
    role: str | None = None
    at: datetime | None = None
