"""Which absences were asked for and not granted, asked for after they began, or go on past what was granted."""

from dataclasses import dataclass
from enum import StrEnum

from mbls_rules_school.entering import entry_for
from mbls_rules_school.leave import decided, is_withdrawn
from mbls_rules_school.requesting import asked_sessions, is_emergency, is_holiday, is_too_late_for, kind_of
from mbls_sync.api import (
    NO_MARK,
    UNEXPLAINED_CODE,
    Code,
    History,
    LeaveRequest,
    PolicyAt,
    RequestKind,
    Session,
)


class Why(StrEnum):
    """Why there is no leave for a session."""

    REFUSED = "leave for it was refused"
    AFTER_START = "leave for it was asked for after it had begun"
    OVERSTAYED = "the leave that was granted had ended"


@dataclass(frozen=True, slots=True)
class WithoutLeave:
    """A session for which there is no leave: the request it belongs to, why, and the code that calls for."""

    request: LeaveRequest
    why: Why
    code: Code


WEIGHED = (RequestKind.LEAVE, RequestKind.PERFORMANCE, RequestKind.TRAVEL, RequestKind.RELIGIOUS)
"""The kinds whose refusal makes the absence unauthorised: an appointment is never refused, lunch is no session."""


def without_leave(session: Session, history: History, policy: PolicyAt) -> WithoutLeave | None:
    """Why there is no leave for a session that the pupil misses; None where nothing was asked, or it is agreed."""
    if entry_for(session, history, policy) is not None:
        return None
    standing = (r for r in reversed(history.requests) if not is_withdrawn(r, history))
    weighed = [request for request in standing if kind_of(request, policy) in WEIGHED]
    covering = [request for request in weighed if session in asked_sessions(request, history)]
    for request in covering:
        why = _why(request, session, history, policy)
        if why is not None:
            return WithoutLeave(request, why, _code(request, policy))
    if covering:
        return None
    over = next((r for r in weighed if _goes_on_from(r, session, history, policy)), None)
    return None if over is None else WithoutLeave(over, Why.OVERSTAYED, _code(over, policy))


def _why(request: LeaveRequest, session: Session, history: History, policy: PolicyAt) -> Why | None:
    found = decided(request, history)
    if session in found.refused:
        return Why.REFUSED
    # A day set apart is authorised by law, not by notice; an emergency goes to the head.
    excused = kind_of(request, policy) is RequestKind.RELIGIOUS or is_emergency(request, policy)
    return Why.AFTER_START if not excused and is_too_late_for(session, request, history, policy) else None


def _goes_on_from(request: LeaveRequest, session: Session, history: History, policy: PolicyAt) -> bool:
    """Whether the pupil has been away without a known reason ever since the last session that was granted."""
    granted = decided(request, history).sessions
    if not granted or session <= granted[-1]:
        return False
    unsettled = {NO_MARK, UNEXPLAINED_CODE, *policy.table("leave.unauthorised_codes").values()}
    between = history.calendar.sessions(granted[-1].day, session.day)
    expected = (s for s in between if granted[-1] < s <= session and history.pupil.attends(s))
    return all(history.code(held) in unsettled for held in expected)


def _code(request: LeaveRequest, policy: PolicyAt) -> Code:
    codes = policy.table("leave.unauthorised_codes")
    return codes["holiday" if is_holiday(request, policy) else "otherwise"]
