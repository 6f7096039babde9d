"""Until when a request for leave is to be decided."""

from datetime import datetime

from mbls_sync.api import LeaveRequest, Period, PolicyAt, Pupil, SchoolCalendar, Session


def decide_by(request: LeaveRequest, pupil: Pupil, calendar: SchoolCalendar, policy: PolicyAt) -> datetime:
    """The moment at which the leave would begin: it cannot be given afterwards."""
    opens = policy.time_of_day(f"registers.am_marked_by.{pupil.phase}")
    return Session(request.first, Period.AM).at(opens, calendar.zone)
