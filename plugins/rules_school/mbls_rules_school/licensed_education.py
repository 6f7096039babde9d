"""The education given under a licence, as the events tell it, and what the policy requires of it."""

import re
from datetime import date

from mbls_rules_school.education_hours import HOUR, Required, Stretch, ledger
from mbls_rules_school.leave import names
from mbls_rules_school.licences import term_of
from mbls_sync.api import Event, History, LeaveRequest, PolicyAt

EDUCATION = "education-given"
"""The kind of event that says how long a child was taught under a licence, in hours: `3`, `2.5` or `2:30`."""
HOURS = re.compile(r"(\d{1,2})(?:[:](\d{2})|[.,](\d{1,2}))?\s*(?:h|hours?)?", re.IGNORECASE)


def minutes_of(event: Event) -> int | None:
    """The minutes that an event names; None where its outcome is no number of hours."""
    found = HOURS.fullmatch(event.outcome.strip())
    if found is None:
        return None
    hours, minutes, part = found.groups()
    if minutes is not None:
        return int(hours) * HOUR + int(minutes) if int(minutes) < HOUR else None
    return int(hours) * HOUR + (int(part) * HOUR // 10 ** len(part) if part else 0)


def given_minutes(request: LeaveRequest, history: History) -> dict[date, int]:
    """The minutes taught under the request's licence, by day."""
    first, last = term_of(request)
    found: dict[date, int] = {}
    for event in history.events_of(EDUCATION):
        day = event.at.astimezone(history.calendar.zone).date()
        if names(event, request) and first <= day <= last:
            found[day] = found.get(day, 0) + (minutes_of(event) or 0)
    return found


def unread(request: LeaveRequest, history: History) -> tuple[Event, ...]:
    """The events about the licence whose hours cannot be read: they count for nothing until they are mended."""
    first, last = term_of(request)
    zone = history.calendar.zone
    about = (e for e in history.events_of(EDUCATION) if names(e, request))
    return tuple(e for e in about if first <= e.at.astimezone(zone).date() <= last and minutes_of(e) is None)


def required(policy: PolicyAt) -> Required:
    """What a licence requires, in minutes."""
    return Required(
        a_day=policy.count("performance.hours_a_day") * HOUR,
        a_week=policy.count("performance.hours_a_week") * HOUR,
        most_a_day=policy.count("performance.most_hours_a_day") * HOUR,
        period_weeks=policy.count("performance.period_weeks"),
        each_day=policy.text("performance.hours_reading") == "each_day",
    )


def school_days(request: LeaveRequest, history: History) -> frozenset[date]:
    """The days of the licence on which the child would be required to attend school."""
    pupil = history.pupil
    held = history.calendar.sessions(*term_of(request))
    return frozenset(s.day for s in held if pupil.on_roll(s.day) and pupil.attends(s))


def stretches(request: LeaveRequest, history: History, policy: PolicyAt, today: date) -> tuple[Stretch, ...]:
    """The weeks and periods of the licence that have begun, with what they require and hold."""
    given = given_minutes(request, history)
    return ledger(*term_of(request), school_days(request, history), given, required(policy), today)


def hours(minutes: int) -> str:
    """`3 h`, `2 h 30 min`."""
    whole, rest = divmod(minutes, HOUR)
    return f"{whole} h {rest} min" if rest else f"{whole} h"
