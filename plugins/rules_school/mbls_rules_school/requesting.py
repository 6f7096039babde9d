"""A request for leave: what it is for, which sessions it asks for, how early it came, until when it is decided."""

from datetime import datetime, timedelta

from mbls_sync.api import (
    History,
    LeaveRequest,
    Period,
    PolicyAt,
    Pupil,
    RequestKind,
    SchoolCalendar,
    Session,
    kind_told,
    says_any,
)


def kind_of(request: LeaveRequest, policy: PolicyAt) -> RequestKind:
    """The kind that the request tells, by its own word or by its purpose; leave of absence where it tells none."""
    return kind_told(request, policy) or RequestKind.LEAVE


def is_holiday(request: LeaveRequest, policy: PolicyAt) -> bool:
    """Whether the leave is for a family holiday."""
    return says_any(f"{request.purpose} {request.reason}", policy.text("leave.holiday_words"))


def is_emergency(request: LeaveRequest, policy: PolicyAt) -> bool:
    """Whether the leave is for a family emergency, and the head looks at it although it came too late."""
    said = f"{request.purpose} {request.reason}"
    return policy.flag("leave.emergency_review") and says_any(said, policy.text("leave.emergency_words"))


def asked_sessions(request: LeaveRequest, history: History) -> tuple[Session, ...]:
    """The sessions asked for in which the pupil is expected, in order."""
    pupil = history.pupil
    held = history.calendar.sessions(request.first, request.last)
    return tuple(s for s in held if request.covers(s) and pupil.on_roll(s.day) and pupil.attends(s))


def begins(session: Session, pupil: Pupil, calendar: SchoolCalendar, policy: PolicyAt) -> datetime:
    """The moment at which the session's register is marked: leave cannot be given afterwards."""
    half = "am" if session.period is Period.AM else "pm"
    return session.at(policy.time_of_day(f"registers.{half}_marked_by.{pupil.phase}"), calendar.zone)


def closes(session: Session, pupil: Pupil, calendar: SchoolCalendar, policy: PolicyAt) -> datetime:
    """The moment at which the session's register closes."""
    if session.period is Period.AM:
        return session.at(policy.time_of_day("registers.am_closes"), calendar.zone)
    return begins(session, pupil, calendar, policy) + timedelta(minutes=policy.count("registers.pm_close_minutes"))


def decide_by(request: LeaveRequest, pupil: Pupil, calendar: SchoolCalendar, policy: PolicyAt) -> datetime:
    """The moment at which the leave would begin, as far as the request came in time for it."""
    asked = (s for s in calendar.sessions(request.first, request.last) if request.covers(s))
    ahead = (at for s in asked if (at := begins(s, pupil, calendar, policy)) >= request.received_at)
    return next(ahead, begins(Session(request.first, request.starts), pupil, calendar, policy))


def notice_given(request: LeaveRequest, calendar: SchoolCalendar) -> int:
    """Calendar days from the day on which the request came to its first day; below 0 where it came after."""
    return (request.first - request.received_at.astimezone(calendar.zone).date()).days


def is_wholly_too_late(request: LeaveRequest, history: History, policy: PolicyAt) -> bool:
    """Whether every session asked for had begun when the request came, and no emergency excuses it."""
    asked = asked_sessions(request, history)
    late = all(is_too_late_for(session, request, history, policy) for session in asked)
    return bool(asked) and late and not is_emergency(request, policy)


def is_too_late_for(session: Session, request: LeaveRequest, history: History, policy: PolicyAt) -> bool:
    """Whether the request came after the session had begun: leave for it would be given after the event."""
    return begins(session, history.pupil, history.calendar, policy) < request.received_at
