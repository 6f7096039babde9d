"""The weeks and months that are over: what is looked back on week by week or month by month."""

from datetime import date, datetime, timedelta

from mbls_rules_school.returning import Span, month_of
from mbls_rules_school.times import day_ends
from mbls_sync.api import Moment, PolicyAt, SchoolCalendar


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
