"""Which span a line to the LA is about, and when it is due."""

from datetime import date, timedelta

from mbls_rules_school.cases import is_at_or_below
from mbls_sync.api import Cohort, History, PolicyAt, SchoolCalendar

COHORTS = {cohort.value: cohort for cohort in Cohort}
"""The cohorts by the word that a parameter says."""


def month_of(day: date, calendar: SchoolCalendar) -> tuple[str, date] | None:
    """The month of `day`, such as `2026-11`, and its last school day; None where it has none."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    held = calendar.sessions(first, following - timedelta(days=1))
    return (f"{day:%Y-%m}", held[-1].day) if held else None


def term_of(day: date, calendar: SchoolCalendar) -> tuple[str, date] | None:
    """The term of `day`, such as `2026-27 autumn`, and its last school day; None outside the terms."""
    term = calendar.term_of(day)
    if term is None:
        return None
    name, first, last = term
    return f"{calendar.school_year(day).year} {name}", calendar.sessions(first, last)[-1].day


def is_persistent_for_la(history: History, policy: PolicyAt) -> bool:
    """Whether the pupil is taken to fail to attend regularly: the law gives no number, so the school's stands."""
    return is_at_or_below(history, "la.attendance_return.irregular_percent", policy)
