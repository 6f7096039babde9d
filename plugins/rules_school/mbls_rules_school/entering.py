"""Which code a session takes because the absence was agreed before it began."""

from dataclasses import dataclass
from datetime import time

from mbls_rules_school.leave import decided, is_withdrawn
from mbls_rules_school.requesting import (
    asked_sessions,
    begins,
    closes,
    is_emergency,
    is_holiday,
    is_too_late_for,
    kind_of,
)
from mbls_rules_school.wording import said_day
from mbls_sync.api import Code, History, LeaveRequest, Licence, PolicyAt, RequestKind, Session

BELOW_AGE = "travel below compulsory school age"
"""The line of the table of codes for a traveller to whom the code of travel is not open yet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The code of one session, and the request it comes from.

    `is_complete` is False where leave was granted without a word of what is exceptional: the code waits for it.
    """

    request: LeaveRequest
    kind: RequestKind
    code: Code
    says: str
    is_complete: bool = True


def entry_for(session: Session, history: History, policy: PolicyAt) -> Entry | None:
    """What was agreed for the session before it began, the latest request first; None where nothing was."""
    for request in reversed(history.requests):
        if session in asked_sessions(request, history) and not is_withdrawn(request, history):
            found = _entry(request, session, history, policy)
            if found is not None:
                return found
    return None


def is_licensed(request: LeaveRequest) -> bool:
    """Whether a licence with a number names the dates of the absence: no further authorisation is needed."""
    return request.licence is Licence.DATED and bool(request.licence_number)


def is_away_at_register(session: Session, request: LeaveRequest, history: History, policy: PolicyAt) -> bool:
    """Whether an appointment keeps the pupil away while the session's register is open.

    Who leaves after the register was marked, or is back by its close, misses no session: only the time
    that is needed is excused.
    """
    opens = begins(session, history.pupil, history.calendar, policy)
    leaves, back = (session.at(at, history.calendar.zone) for at in _times(request))
    return leaves <= opens and back > closes(session, history.pupil, history.calendar, policy)


def _times(request: LeaveRequest) -> tuple[time, time]:
    return request.leaves_at or time.min, request.back_at or time.max


def _entry(request: LeaveRequest, session: Session, history: History, policy: PolicyAt) -> Entry | None:
    kind, codes = kind_of(request, policy), policy.table("leave.codes")
    if is_too_late_for(session, request, history, policy) and not is_emergency(request, policy):
        return None
    if kind is RequestKind.APPOINTMENT:
        away = is_away_at_register(session, request, history, policy)
        told = said_day(request.received_at.astimezone(history.calendar.zone).date())
        return Entry(request, kind, codes[kind], f"an appointment that home told on {told}") if away else None
    by_itself = is_licensed(request) and policy.text("performance.floor_scope") == "undated"
    if kind is RequestKind.PERFORMANCE and by_itself:
        says = f"a licence that names the day ({request.licence_number})"
        return Entry(request, kind, codes[kind], says)
    found = decided(request, history)
    if kind is RequestKind.LUNCH or session not in found.sessions:
        return None
    word = _word(request, kind, session, found.sessions, history, policy)
    # Only leave for an exceptional circumstance needs that circumstance; the other kinds are grounds of their own.
    complete = word not in ("leave", "holiday") or bool(found.reason)
    return Entry(request, kind, codes[word], f"leave granted by the head: {request.purpose}", complete)


def _word(
    request: LeaveRequest,
    kind: RequestKind,
    session: Session,
    granted: tuple[Session, ...],
    history: History,
    policy: PolicyAt,
) -> str:
    """The line of the table of codes: a day of observance beyond the first, say, is leave like any other."""
    if kind is RequestKind.RELIGIOUS:
        days = sorted({held.day for held in granted})[: policy.count("religion.days")]
        return kind.value if session.day in days else "leave"
    if kind is RequestKind.TRAVEL and not history.pupil.is_compulsory_school_age(session.day):
        return BELOW_AGE
    if kind is RequestKind.LEAVE and is_holiday(request, policy):
        return "holiday"
    return kind.value
