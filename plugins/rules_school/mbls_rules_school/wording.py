"""How sessions, days and figures are said in a title or a reason: plainly, and the same in every pass."""

from datetime import date
from fractions import Fraction

from mbls_sync.api import AcademicYear, Event, Facts, History, Period, PupilFigures, Session, attendance, shown


def said_day(day: date) -> str:
    """`Tue 24 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def said_since(day: date, until: date) -> str:
    """`Tue 24 Nov`, with its year where it lies in an earlier academic year than `until`."""
    return said_day(day) if AcademicYear.of(day) == AcademicYear.of(until) else f"{said_day(day)} {day.year}"


def said_step(step: Event, history: History) -> str:
    """The day of a step, as `said_since` says it."""
    return said_since(step.at.astimezone(history.calendar.zone).date(), history.until.day)


def said_date(day: date) -> str:
    """`24 November 2026`: a day that may lie in another year."""
    return f"{day.day} {day:%B %Y}"


def said(session: Session) -> str:
    """`Tue 24 Nov, morning`."""
    return f"{said_day(session.day)}, {'morning' if session.period is Period.AM else 'afternoon'}"


def per_cent(part: int, whole: int) -> str:
    """A share to one decimal, half up; a dash where there is nothing to share."""
    return f"{shown(Fraction(100 * part, whole))}%" if whole else shown(None)


def attendance_said(figures: PupilFigures) -> str:
    """`92.3% (12 of 155 sessions missed)`."""
    share = f"{shown(attendance(figures))}%" if figures.possible else shown(None)
    return f"{share} ({figures.absent} of {figures.possible} sessions missed)"


def attendance_facts(history: History) -> Facts:
    """The year to date, as a person deciding about support wants to see it."""
    figures = history.figures
    return (
        ("Attendance this year", attendance_said(figures)),
        ("Authorised absence", f"{figures.authorised} sessions"),
        ("Unauthorised absence", f"{figures.unauthorised} sessions"),
        ("Late before close", f"{figures.late_before_close} times"),
        ("Late after close", f"{figures.late_after_close} times"),
    )
