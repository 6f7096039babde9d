"""Permissions to leave the site at lunch time: asked for, talked over, decided, withdrawn."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mbls_rules_school.leave import is_withdrawn, names
from mbls_rules_school.requesting import kind_of
from mbls_sync.api import Event, History, LeaveRequest, PolicyAt, RequestKind

MET, DECIDED, REVIEWED, WITHDRAWN = "lunch-discussed", "lunch-decided", "lunch-reviewed", "lunch-withdrawn"
"""The kinds of event of a permission; that of `lunch-decided` is granted or refused, of `lunch-reviewed` kept or
withdrawn. The note of what withdraws a permission is the reason that home is told."""
GRANTED, REFUSED = "granted", "refused"
KEPT, TAKEN_BACK = "kept", "withdrawn"


class State(StrEnum):
    """How a permission stands."""

    ASKED = "asked for"
    TALKED_OVER = "talked over"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Permission:
    """How a request to leave at lunch time stands, and the event that made it so."""

    state: State
    last: Event | None = None

    @property
    def reason(self) -> str:
        """What the head said about the decision."""
        return self.last.note.strip() if self.last else ""


def permission(request: LeaveRequest, history: History) -> Permission:
    """The state that the latest step about the request has left."""
    if is_withdrawn(request, history):
        return Permission(State.REFUSED)
    found = Permission(State.ASKED)
    for event in history.events_of(MET, DECIDED, REVIEWED, WITHDRAWN, since=request.received_at):
        state = _state(event)
        talk_about_it = event.kind == MET and found.state is State.GRANTED
        if state is not None and names(event, request) and not talk_about_it:
            found = Permission(state, event)
    return found


def permitted_on(history: History, day: date, policy: PolicyAt) -> LeaveRequest | None:
    """The request by which the pupil may leave at lunch time on `day`, if any."""
    asked = (r for r in reversed(history.requests) if r.first <= day <= r.last and is_lunch(r, policy))
    return next((r for r in asked if permission(r, history).state is State.GRANTED), None)


def is_lunch(request: LeaveRequest, policy: PolicyAt) -> bool:
    """Whether the request is to leave at lunch time."""
    return kind_of(request, policy) is RequestKind.LUNCH


def _state(event: Event) -> State | None:
    """What a step makes of the permission; a review that keeps it, and words that say neither, change nothing."""
    if event.kind == MET:
        return State.TALKED_OVER
    said = event.outcome.strip().casefold()
    if event.kind == DECIDED:
        return {GRANTED: State.GRANTED, REFUSED: State.REFUSED}.get(said)
    return State.WITHDRAWN if event.kind == WITHDRAWN or said == TAKEN_BACK else None
