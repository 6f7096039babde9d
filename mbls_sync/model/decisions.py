"""What was asked for and why, what contradicts itself, and what could not be judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import Proposal
from mbls_sync.model.sessions import Session

Value = time | date | int | Decimal | str | bool | tuple[tuple[str, str], ...] | None
"""What a parameter may hold once its kind has typed it; a table is pairs in the file's order."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One use of a dated value: which parameter, which value, since when, and what put it there."""

    parameter: str
    value: Value
    since: date
    cites: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Because:
    """Why: the rule, the section of the policy, the dated values it read and the marks it looked at."""

    rule: str
    cites: str
    readings: tuple[Reading, ...] = ()
    marks: tuple[tuple[Session, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A proposal with its reason and its key, which comes from content: never from the time, never random."""

    key: str
    proposal: Proposal
    because: Because
    pupil: PupilId | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rules want different codes for one mark; a person decides."""

    pupil: PupilId
    session: Session
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule could not judge a subject. `subject` is a keyed pseudonym or a class, never a name or UPN."""

    rule: str
    subject: str
    error: str


@dataclass(frozen=True, slots=True)
class Judged:
    """All that one round of judging gave."""

    decisions: tuple[Decision, ...]
    conflicts: tuple[Conflict, ...]
    failures: tuple[Failure, ...]
    at: datetime
