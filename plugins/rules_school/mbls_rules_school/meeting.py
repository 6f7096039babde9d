"""When the termly talk with the LA is prepared: the last school days of a term."""

from dataclasses import dataclass
from datetime import date

from mbls_sync.api import Moment, PolicyAt, SchoolCalendar


@dataclass(frozen=True, slots=True)
class Ahead:
    """The term that ends, such as `2026-27 autumn`, and its last school day."""

    term: str
    last: date


def meeting(moment: Moment, calendar: SchoolCalendar, policy: PolicyAt) -> Ahead | None:
    """The term whose last school days these are; None at any other time."""
    if moment.term is None:
        return None
    name, first, last = moment.term
    days = sorted({session.day for session in calendar.sessions(first, last)})
    lead = policy.days("la.meeting_lead_days")
    if not days or moment.day < days[-min(lead, len(days))] or moment.day > days[-1]:
        return None
    return Ahead(f"{moment.year} {name}", days[-1])
