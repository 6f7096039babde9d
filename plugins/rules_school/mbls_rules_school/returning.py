"""Which span a line to the LA is about, and when it is due."""

from dataclasses import dataclass
from datetime import date, timedelta

from mbls_sync.api import Cohort, SchoolCalendar

COHORTS = {cohort.value: cohort for cohort in Cohort}
"""The cohorts by the word that a parameter says."""


@dataclass(frozen=True, slots=True)
class Span:
    """What a return is about: its name, such as `2026-11` or `2026-27 autumn`, its first day, its last school day."""

    period: str
    first: date
    due: date


def span_of(frequency: str, day: date, calendar: SchoolCalendar) -> Span | None:
    """The month or term of `day`, by how often a return is sent; None where that has no school day."""
    return month_of(day, calendar) if frequency == "monthly" else term_of(day, calendar)


def month_of(day: date, calendar: SchoolCalendar) -> Span | None:
    """The month of `day`; None where it has no school day."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    held = calendar.sessions(first, following - timedelta(days=1))
    return Span(first.isoformat()[:7], first, held[-1].day) if held else None


def term_of(day: date, calendar: SchoolCalendar) -> Span | None:
    """The term of `day`; None outside the terms."""
    term = calendar.term_of(day)
    if term is None:
        return None
    name, first, last = term
    return Span(f"{calendar.school_year(day).year} {name}", first, calendar.sessions(first, last)[-1].day)
