"""How a return stands with the LA: what the events about it say, and which events its sending leaves behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mbls_sync.delivery.return_entries import LISTED, RETRACTED
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import IncludeInReturn

SENT = "return-sent"
"""The LA has the return; `ref` is `<name> <period>`, `outcome` the number of the file. The next file gets the next."""

LINE_SENT = "return-line-sent"
"""The LA was told of this pupil; `ref` as above, `outcome` the span of the episode, `2026-11-03..2026-11-23`."""

ACKNOWLEDGED, QUERIED, CORRECTED = "return-acknowledged", "return-queried", "return-corrected"
STEPS = (SENT, ACKNOWLEDGED, QUERIED, CORRECTED)


class ReturnState(StrEnum):
    """How a return stands. `correction due`: a file was sent, and somebody it did not tell of stands in it now.

    `before going live`: all that stands in it was so when the school went live, and is nobody's to send.
    """

    NOBODY = "nobody listed"
    INHERITED = "before going live"
    NOT_READY = "not ready"
    READY = "ready"
    OVERRIDDEN = "overridden"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    QUERIED = "queried"
    CORRECTION_DUE = "correction due"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the events say of one return. `times` is how often it was sent; `last` is the latest step, None: none.

    `is_owed`: a correction was begun since, and has not been sent.
    """

    times: int
    last: Event | None
    is_owed: bool = False

    @property
    def number(self) -> int:
        """The number of the next file."""
        return self.times + 1

    @property
    def state(self) -> ReturnState | None:
        """How it stands with the LA; None where nothing was sent."""
        if self.last is None or not self.times:
            return None
        if self.is_owed:
            # Whatever the LA says of the file that it holds, it has yet to be told that something in it is not so.
            return ReturnState.CORRECTION_DUE
        return {
            SENT: ReturnState.SENT if self.times == 1 else ReturnState.CORRECTED,
            ACKNOWLEDGED: ReturnState.ACKNOWLEDGED,
            QUERIED: ReturnState.QUERIED,
        }[self.last.kind]


def sent(ref: str, events: Iterable[Event]) -> Sent:
    """What the events say of the return `ref`."""
    about = [event for event in events if event.ref == ref and event.kind in STEPS]
    kinds = [event.kind for event in about]
    since = kinds[len(kinds) - kinds[::-1].index(SENT) :] if SENT in kinds else []
    return Sent(kinds.count(SENT), about[-1] if about else None, CORRECTED in since)


def told_and_not_taken_back(ref: str, pupil: PupilId, events: Iterable[Event]) -> bool:
    """Whether the LA holds a line about the pupil in the return `ref`."""
    about = [e.kind for e in events if e.pupil == pupil and e.ref == ref and e.kind in (LINE_SENT, RETRACTED)]
    return bool(about) and about[-1] == LINE_SENT


def sending_events(
    ref: str, number: int, lines: Iterable[Effect], at: datetime, by: str, note: str = ""
) -> list[Event]:
    """The events that say that the LA has the return: one of the school's own, and one for each pupil told in it.

    `lines` are the pupils' effects, of this return or of others. The pupils' own events let a later return know
    what was told of whom, however the marks are amended meanwhile.
    """
    told = [e.proposal for e in lines if isinstance(e.proposal, IncludeInReturn) and e.state in LISTED]
    mine = {line.pupil: line for line in told if f"{line.name} {line.period}" == ref}
    whole = Event(at, SENT, outcome=f"{number:03}", by=by, note=note, ref=ref)
    return [whole, *(_told(mine[pupil], ref, at, by) for pupil in sorted(mine))]


def _told(line: IncludeInReturn, ref: str, at: datetime, by: str) -> Event:
    span = f"{line.first}..{line.last}" if line.first and line.last else ""
    return Event(at, LINE_SENT, pupil=line.pupil, outcome=span, by=by, ref=ref)
