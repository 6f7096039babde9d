"""An effect is one row of the outbox; its state says what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mbls_sync.errors import Unreachable
from mbls_sync.model.codes import Code
from mbls_sync.model.decisions import Because
from mbls_sync.model.marks import Mark, PupilId
from mbls_sync.model.proposals import Proposal
from mbls_sync.model.sessions import Session

CLOCKS_SLIP = timedelta(days=1)
"""By how much a machine's clock may run ahead before what it wrote is no more believed to be new."""


class Mode(StrEnum):
    """How far a pass may go. `shadow` plans only; `confirm` waits for a person; `auto` delivers."""

    SHADOW = "shadow"
    CONFIRM = "confirm"
    AUTO = "auto"


class Kind(StrEnum):
    """What an effect is."""

    MARK = "mark"
    TASK = "task"
    LETTER = "letter"
    RETURN_LINE = "return-line"
    REFERRAL = "referral"
    SHEET_ROW = "sheet-row"


class State(StrEnum):
    """What is known of an effect.

    planned → sending → accepted → verified is the way of a mark; its exits are withdrawn (no longer
    called for), conflicted (a person changed the mark meanwhile), refused (the MIS said no) and unknown
    (the answer was lost: read back, then decide). A task, letter, referral or return line stands as
    planned until a person does it (verified) or it is no longer called for (withdrawn). `inherited` was
    already true before the school went live: it is listed for triage and starts no clock.
    """

    PLANNED = "planned"
    APPROVED = "approved"
    SENDING = "sending"
    ACCEPTED = "accepted"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"
    CONFLICTED = "conflicted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    INHERITED = "inherited"

    @property
    def is_open(self) -> bool:
        """Whether something may still happen to the effect."""
        return self in (State.PLANNED, State.APPROVED, State.SENDING, State.ACCEPTED, State.UNKNOWN, State.INHERITED)


@dataclass(frozen=True, slots=True)
class Effect:
    """One row of the outbox: what was proposed, why, and what is known of it.

    `key` comes from content. `reason` says why the row is in its present state, in words a person reads.
    """

    key: str
    kind: Kind
    state: State
    pupil: PupilId | None
    proposal: Proposal
    because: Because
    opened_at: datetime
    changed_at: datetime
    reason: str = ""
    fence: int = 0
    snoozed_until: datetime | None = None
    receipt: str = ""

    def is_put_off(self, now: datetime) -> bool:
        """Whether a person has put it off until after `now`."""
        return self.snoozed_until is not None and self.snoozed_until > now

    def has_stood(self, time: timedelta, now: datetime) -> bool:
        """Whether it has been in its state for so long.

        One that changed further in the future than clocks slip changed under a wrong clock, and has waited long enough.
        """
        return not self.changed_at - CLOCKS_SLIP <= now < self.changed_at + time


@dataclass(frozen=True, slots=True)
class MarkWrite:
    """Ask an MIS to make a mark so, where it still is `expected`."""

    key: str
    mark: Mark
    expected: Code
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The MIS said yes. `reference` is its own, where it gave one."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The MIS said no, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost: the write may have landed. Read back, then decide; never send again first."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing of it was sent, though others of the same push may have been: it waits as before. `error` is why."""

    error: Unreachable


PushResult = Accepted | Refused | Unknown | NotSent
"""What became of one write. An adapter gives one for each write, in the order asked."""


@dataclass(frozen=True, slots=True)
class MarkKey:
    """Names one mark to be read back."""

    pupil: PupilId
    session: Session


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one pass did, in counts; no names."""

    run: str
    started: datetime
    finished: datetime
    counts: Mapping[str, int]
