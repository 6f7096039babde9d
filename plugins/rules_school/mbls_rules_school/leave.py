"""How the head decided a request for leave, as the events tell it."""

from dataclasses import dataclass

from mbls_rules_school.leave_days import named_by
from mbls_rules_school.requesting import asked_sessions
from mbls_sync.api import Event, History, LeaveRequest, RequestOutcome, Session

GRANTED, REFUSED, DECIDED = "leave-granted", "leave-refused", "leave-decided"
"""The kinds of event by which the head decides.

`ref` may name the request: its key, or the beginning of one, such as its first day. The outcome of `leave-granted`
and `leave-refused` may name days (none named: all that were asked for); that of `leave-decided`, which marking the
task done records, is granted or refused.
"""
REASON_RECORDED = "leave-reason-recorded"
"""The kind of event whose note says what is exceptional about leave that was granted without saying so."""
WITHDRAWN = "request-withdrawn"
"""The kind of event by which home takes a request back: nothing is decided, answered or entered for it any more."""
OUTCOMES = (RequestOutcome.GRANTED.value, RequestOutcome.REFUSED.value)
"""How the task of deciding may end."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands of a request: its outcome, the sessions granted, the head's reason, and who decided last.

    `unreadable` are words about days that could not be read: what they grant is nothing until they are mended.
    """

    outcome: RequestOutcome
    sessions: tuple[Session, ...] = ()
    reason: str = ""
    last: Event | None = None
    unreadable: tuple[str, ...] = ()


def names(event: Event, request: LeaveRequest) -> bool:
    """Whether an event is about this request: it names it, or names none at all."""
    return request.key.startswith(event.ref)


def is_withdrawn(request: LeaveRequest, history: History) -> bool:
    """Whether home has taken the request back."""
    return any(names(event, request) for event in history.events_of(WITHDRAWN, since=request.received_at))


def decided(request: LeaveRequest, history: History) -> Decided:
    """The decisions about a request put together: each later one stands where it speaks."""
    if is_withdrawn(request, history):
        return Decided(RequestOutcome.WITHDRAWN)
    asked = asked_sessions(request, history)
    granted: set[Session] = set()
    reason, unreadable = "", list[str]()
    last: Event | None = None
    for event in history.events_of(GRANTED, REFUSED, DECIDED, REASON_RECORDED, since=request.received_at):
        if not names(event, request):
            continue
        if event.kind == REASON_RECORDED:
            reason = event.note.strip() or reason
            continue
        grants, chosen = _grants(event), named_by("" if event.kind == DECIDED else event.outcome)
        if grants is None or chosen is None:
            unreadable.append(event.outcome)
            continue
        unreadable.clear()
        these = {session for session in asked if chosen(session)}
        granted = granted | these if grants else granted - these
        reason, last = (event.note.strip() or reason if grants else reason), event
    return Decided(_outcome(len(granted), len(asked), last), tuple(sorted(granted)), reason, last, tuple(unreadable))


def outcome_of(request: LeaveRequest, history: History) -> RequestOutcome:
    """How the request was decided."""
    return decided(request, history).outcome


def is_pending(request: LeaveRequest, history: History) -> bool:
    """Whether the head has still to decide, and the last day is not past."""
    return outcome_of(request, history) is RequestOutcome.PENDING and request.last >= history.until.day


def _grants(event: Event) -> bool | None:
    """Whether a decision gives leave; None where its words say neither."""
    if event.kind == DECIDED:
        return {OUTCOMES[0]: True, OUTCOMES[1]: False}.get(event.outcome.strip().casefold())
    return event.kind == GRANTED


def _outcome(granted: int, asked: int, last: Event | None) -> RequestOutcome:
    if last is None:
        return RequestOutcome.PENDING
    if not asked:
        return RequestOutcome.GRANTED if _grants(last) else RequestOutcome.REFUSED
    if granted == asked:
        return RequestOutcome.GRANTED
    return RequestOutcome.PARTLY if granted else RequestOutcome.REFUSED
