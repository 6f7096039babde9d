"""When a register is marked, when it closes, and when the office's day ends."""

from datetime import date, datetime, timedelta

from mbls_sync.api import Period, PolicyAt, PupilSession, Register, SchoolCalendar, Session


def marked_by(subject: PupilSession | Register, policy: PolicyAt) -> datetime:
    """The moment by which the register of this phase and session is marked."""
    half = "am" if subject.session.period is Period.AM else "pm"
    return subject.at(policy.time_of_day(f"registers.{half}_marked_by.{subject.phase}"))


def closes_at(subject: PupilSession | Register, policy: PolicyAt) -> datetime:
    """The moment at which the register of this phase and session closes."""
    if subject.session.period is Period.AM:
        return subject.at(policy.time_of_day("registers.am_closes"))
    return marked_by(subject, policy) + timedelta(minutes=policy.count("registers.pm_close_minutes"))


def day_ends(day: date, calendar: SchoolCalendar, policy: PolicyAt) -> datetime:
    """The end of the office's day: what is to be done the same day is due then."""
    return Session(day, Period.PM).at(policy.time_of_day("office.day_ends"), calendar.zone)


def week_ends(day: date, calendar: SchoolCalendar, policy: PolicyAt) -> datetime:
    """The end of the office's day on the last school day of the week that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    held = calendar.sessions(monday, monday + timedelta(days=6))
    return day_ends(held[-1].day if held else day, calendar, policy)
