"""The weeks, months, half-terms and terms that are over: what is looked back on, and given or told after their end."""

from datetime import date, datetime, timedelta
from typing import TypeVar

from mbls_rules_school.returning import Span, month_of
from mbls_rules_school.times import day_ends
from mbls_sync.api import HalfTerm, Moment, PolicyAt, SchoolCalendar

Named = TypeVar("Named")


def ended_weeks(moment: Moment, calendar: SchoolCalendar, count: int) -> list[tuple[date, date]]:
    """Monday and last school day of the latest `count` school weeks of this academic year that are over, in order."""
    last = moment.last_school_day
    if last is None:
        return []
    weeks = [week for week in calendar.school_weeks if moment.year.first <= week <= last]
    over = weeks if moment.week_ends else weeks[:-1]
    return [(week, calendar.sessions(week, week + timedelta(days=6))[-1].day) for week in over[-count:]]


def review_due(month: Span, policy: PolicyAt, calendar: SchoolCalendar) -> datetime:
    """When a month that is over is to have been looked back on."""
    return day_ends(calendar.school_day_after(month.due, policy.days("monitoring.review_days")), calendar, policy)


def ended_month(moment: Moment, calendar: SchoolCalendar) -> Span | None:
    """The latest month of this academic year whose last school day is over; None where there is none."""
    last = moment.last_school_day
    if last is None:
        return None
    month = month_of(last, calendar)
    if month is not None and (month.due < last or (month.due == last and moment.day_ends)):
        return month
    days = calendar.sessions(moment.year.first, last.replace(day=1) - timedelta(days=1))
    return month_of(days[-1].day, calendar) if days else None


def term_to_tell(moment: Moment, calendar: SchoolCalendar, days: int) -> tuple[str, date, date] | None:
    """The term that is over, with its first and last school day, until so many school days of the next have passed.

    What falls due at a term's end is drafted when school is out: nobody can do it that day, and the first day back
    must not take it away. In a new academic year nothing of the last is told any more.
    """
    last = moment.last_school_day
    if last is None:
        return None
    terms = calendar.terms(last)
    over = [term for term in terms if term[2] < last or (moment.term_ends and term[1] <= last <= term[2])]
    return _lately([(name, *_held(first, until, calendar)) for name, first, until in over], moment, calendar, days)


def half_term_to_tell(moment: Moment, calendar: SchoolCalendar, days: int) -> tuple[HalfTerm, date] | None:
    """The half-term that is over and its last school day, for as long as `term_to_tell` says."""
    last = moment.last_school_day
    if last is None:
        return None
    halves = calendar.school_year(last).half_terms
    over = [half for half in halves if half.last < last or (moment.half_term_ends and half.first <= last <= half.last)]
    found = _lately([(half, *_held(half.first, half.last, calendar)) for half in over], moment, calendar, days)
    return None if found is None else (found[0], found[2])


def told_by(last: date, calendar: SchoolCalendar, policy: PolicyAt, days: int) -> datetime:
    """The end of the last of so many school days after the span's own last."""
    return day_ends(calendar.school_day_after(last, days), calendar, policy)


def _held(first: date, last: date, calendar: SchoolCalendar) -> tuple[date, date]:
    """The first and last day in school of a span; the span's own where it has none."""
    held = calendar.sessions(first, last)
    return (held[0].day, held[-1].day) if held else (first, last)


def _lately(
    over: list[tuple[Named, date, date]], moment: Moment, calendar: SchoolCalendar, days: int
) -> tuple[Named, date, date] | None:
    latest = max(over, key=lambda span: span[2], default=None)
    if latest is None or latest[2] == moment.last_school_day:
        return latest
    return latest if moment.day <= calendar.school_day_after(latest[2], days) else None
