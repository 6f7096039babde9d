"""The clocks that run from a step of support: their last day is a school day, and holidays stop them."""

from datetime import date, datetime, timedelta

from mbls_sync.api import CalendarGap, Event, PolicyAt, SchoolCalendar


def day_of(step: Event, calendar: SchoolCalendar) -> date:
    """The day of a step, in the school's zone."""
    return step.at.astimezone(calendar.zone).date()


def weeks_after(step: Event, weeks: int, calendar: SchoolCalendar, policy: PolicyAt) -> date | None:
    """The school day on which so many weeks have passed since a step, by the clock the school has chosen.

    As `school_weeks_from` the day of the step.
    """
    return school_weeks_from(day_of(step, calendar), weeks, calendar, policy)


def school_weeks_from(day: date, weeks: int, calendar: SchoolCalendar, policy: PolicyAt) -> date | None:
    """The school day on which so many weeks have passed since `day`, by the clock the school has chosen.

    The same weekday, or the next school day where the school is shut on it. None where it lies
    beyond the last calendar that is known: it has not come yet, and its day is not guessed.
    """
    try:
        by_calendar = policy.text("clock.week") == "calendar"
        over = day + timedelta(weeks=weeks) if by_calendar else calendar.school_weeks_after(day, weeks)
    except CalendarGap:
        return None
    ends = calendar.school_day_after(over, 0)
    return ends if ends < calendar.unknown_from else None


def term_after(step: Event, calendar: SchoolCalendar, policy: PolicyAt) -> date | None:
    """The school day on which a term has passed since a step: so many school weeks, or the next term's last day."""
    if policy.text("clock.term") != "next_term_end":
        return weeks_after(step, policy.count("stage.term_weeks"), calendar, policy)
    day = day_of(step, calendar)
    ends = [last for year in calendar.years for _, _, last in calendar.terms(year.half_terms[0].first)]
    following = [last for last in sorted(ends) if last >= day][1:2]
    return _last_school_day(following[0], calendar) if following else None


def has_come(day: date | None, now: datetime, calendar: SchoolCalendar) -> bool:
    """Whether a clock's last day is here."""
    return day is not None and now.astimezone(calendar.zone).date() >= day


def _last_school_day(day: date, calendar: SchoolCalendar) -> date:
    """`day`, or the last school day before it: a term may end on a day for staff alone."""
    return calendar.school_day_before(day + timedelta(days=1)) or day
