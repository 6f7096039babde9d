"""Whether all that a pupil has missed this year is one absence that is over, and whether support waits to see.

A child who was ill for four days in September and is back is no pattern, however low the percentage of few sessions.
Attendance policy 2023, Appendix A, 6 and 8, and Working with parents to improve attendance.
"""

from datetime import timedelta

from mbls_rules_school.clocks import school_weeks_from
from mbls_rules_school.listing import counted
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, PolicyAt, Run, SchoolCalendar

ONE_ABSENCE = ": one absence, and back since"
"""What the title of a letter ends with where there was only one, so that the list keeps these together."""


def one_absence(history: History) -> Run | None:
    """The only absence of the year: authorised throughout, and over since a later day; None where it is otherwise."""
    found = history.unbroken()
    if len(found) != 1 or history.figures.unauthorised:
        return None
    since = history.counts(found[0].last.day + timedelta(days=1), history.until.day)
    return found[0] if since.attended else None


def waits_for_more(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> bool:
    """Whether a letter waits, where the head wants it, because there was one absence and not enough time since."""
    weeks = policy.count("stage.one_absence_weeks")
    absence = one_absence(history) if weeks else None
    if absence is None:
        return False
    over = school_weeks_from(absence.last.day, weeks, calendar, policy)
    return over is None or history.until.day < over


def titled(title: str, history: History) -> str:
    """The title of a letter that offers support, which says where there was one absence only."""
    return title if one_absence(history) is None else f"{title}{ONE_ABSENCE}"


def absence_said(history: History) -> str:
    """` One absence, all of it authorised: 8 sessions from Mon 8 Sep to Thu 11 Sep.`, or how many there were."""
    absence = one_absence(history)
    if absence is None:
        unauthorised = counted(history.figures.unauthorised, "session")
        return f" {counted(len(history.unbroken()), 'absence')}, {unauthorised} unauthorised."
    first, last = said_day(absence.first.day), said_day(absence.last.day)
    span = f"on {first}" if first == last else f"from {first} to {last}"
    return f" One absence, all of it authorised: {counted(absence.sessions, 'session')} {span}."
