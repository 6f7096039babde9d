"""How the head decided a request for leave, as the events tell it."""

from datetime import date

from mbls_sync.api import History, LeaveRequest, RequestOutcome

GRANTED, REFUSED = "leave-granted", "leave-refused"
"""The kinds of event by which the head decides; `ref` may name the request's key."""


def outcome_of(request: LeaveRequest, history: History) -> RequestOutcome:
    """The latest decision that names the request, or that names none and came after it."""
    found = RequestOutcome.PENDING
    for event in history.events_of(GRANTED, REFUSED, since=request.received_at):
        if event.ref in ("", request.key):
            found = RequestOutcome.GRANTED if event.kind == GRANTED else RequestOutcome.REFUSED
    return found


def granted_on(history: History, day: date) -> LeaveRequest | None:
    """The request that was granted and covers `day`, if any."""
    covering = (request for request in history.requests if request.first <= day <= request.last)
    return next((r for r in covering if outcome_of(r, history) is RequestOutcome.GRANTED), None)
