"""How the head decided a request for leave, as the events tell it."""

from dataclasses import dataclass

from mbls_rules_school.leave_days import named_by
from mbls_rules_school.requesting import asked_sessions
from mbls_sync.api import Event, History, LeaveRequest, Licence, RequestOutcome, Session

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
DAY_BY_DAY = (Licence.UNDATED, Licence.EXEMPT)
"""What stands behind a performance of which the head decides each day."""
OUTCOMES = (RequestOutcome.GRANTED.value, RequestOutcome.REFUSED.value)
"""How the task of deciding may end."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands of a request: its outcome, the sessions granted and refused, the head's reason, the last decision.

    A session in neither has not been decided. `unreadable` are words about days that could not be read, or name none
    that was asked for: they decide nothing until they are mended.
    """

    outcome: RequestOutcome
    sessions: tuple[Session, ...] = ()
    refused: tuple[Session, ...] = ()
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
    granted, spoken = set[Session](), set[Session]()
    reason, unreadable = "", list[str]()
    last: Event | None = None
    for event in history.events_of(GRANTED, REFUSED, DECIDED, REASON_RECORDED, since=request.received_at):
        if not names(event, request):
            continue
        if event.kind == REASON_RECORDED:
            reason = event.note.strip() or reason
            continue
        grants, these = _grants(event), _named(event, asked)
        if grants is None or these is None:
            unreadable.append(event.outcome)
            continue
        unreadable.clear()
        spoken |= these
        granted = granted | these if grants else granted - these
        reason, last = (event.note.strip() or reason if grants else reason), event
    # Under a licence without dates each day is decided for itself; other leave is decided once, for all its days.
    refused = (spoken if request.licence in DAY_BY_DAY else set(asked)) - granted if last else set()
    outcome = _outcome(bool(granted), bool(refused), last)
    return Decided(outcome, tuple(sorted(granted)), tuple(sorted(refused)), reason, last, tuple(unreadable))


def outcome_of(request: LeaveRequest, history: History) -> RequestOutcome:
    """How the request was decided."""
    return decided(request, history).outcome


def is_pending(request: LeaveRequest, history: History) -> bool:
    """Whether the head has still to decide about a session, and the last day is not past."""
    found = decided(request, history)
    if found.outcome is RequestOutcome.WITHDRAWN or request.last < history.until.day:
        return False
    return found.outcome is RequestOutcome.PENDING or bool(undecided(request, history))


def undecided(request: LeaveRequest, history: History) -> tuple[Session, ...]:
    """The sessions asked for about which nothing was decided."""
    found = decided(request, history)
    settled = {*found.sessions, *found.refused}
    return tuple(session for session in asked_sessions(request, history) if session not in settled)


def _named(event: Event, asked: tuple[Session, ...]) -> set[Session] | None:
    """The sessions that a decision speaks of; None where its words cannot be read or name none that was asked for."""
    chosen = named_by("" if event.kind == DECIDED else event.outcome)
    if chosen is None:
        return None
    these = {session for session in asked if chosen(session)}
    return these if these or not asked else None


def _grants(event: Event) -> bool | None:
    """Whether a decision gives leave; None where its words say neither."""
    if event.kind == DECIDED:
        return {OUTCOMES[0]: True, OUTCOMES[1]: False}.get(event.outcome.strip().casefold())
    return event.kind == GRANTED


def _outcome(granted: bool, refused: bool, last: Event | None) -> RequestOutcome:
    if last is None:
        return RequestOutcome.PENDING
    if granted:
        return RequestOutcome.PARTLY if refused else RequestOutcome.GRANTED
    return RequestOutcome.REFUSED if refused or not _grants(last) else RequestOutcome.GRANTED
