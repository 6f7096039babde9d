"""Where the school's day and year stand: which registers have opened, and what has come to its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from mbls_sync.engine.world import World
from mbls_sync.model.calendar import monday
from mbls_sync.model.pupils import Phase
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.subjects import Moment


def opens_at(world: World, phase: Phase, session: Session) -> datetime:
    """When the register of a session opens for a phase: the time by which it is to be marked."""
    half = "am" if session.period is Period.AM else "pm"
    when = world.policy(session.day).time_of_day(f"registers.{half}_marked_by.{phase}")
    return session.at(when, world.calendar.zone)


def opened_today(world: World, phase: Phase) -> tuple[Session, ...]:
    """Today's sessions whose register has opened for a phase, in order; none on a closed day."""
    today = world.calendar.sessions_on(world.today)
    return tuple(session for session in today if opens_at(world, phase, session) <= world.now)


def open_registers(world: World) -> tuple[tuple[Phase, Session], ...]:
    """The registers that are being taken at this moment, by phase: opened, and not closed yet."""
    return tuple(
        (phase, session)
        for phase in Phase
        for session in opened_today(world, phase)
        if world.now < _closes_at(world, phase, session)
    )


def last_opened(world: World, phase: Phase) -> Session:
    """The latest session whose register has opened for a phase.

    Where the calendar knows no session so far, the first morning of the academic year: nothing is marked there.
    """
    opened = opened_today(world, phase)
    if opened:
        return opened[-1]
    known = world.calendar.sessions(min(year.year for year in world.calendar.years).first, world.today)
    before = [session for session in known[-4:] if session.day < world.today]
    return before[-1] if before else Session(world.year.first, Period.AM)


def moment(world: World) -> Moment:
    """Where the school's year stands now.

    An end stays reached until the next school day begins, so that a pass missed on a Friday afternoon is
    made up on Saturday.
    """
    calendar, day = world.calendar, world.today
    last = next(_days_back(world), None)
    following = next((d for d in calendar.school_days if last is not None and d > last), None)
    over = last is not None and (last < day or _is_over(world, last))
    half = None if last is None else calendar.half_term_of(last)
    term = None if last is None else calendar.term_of(last)
    return Moment(
        now=world.now,
        day=day,
        year=world.year,
        last_school_day=last,
        half_term=half,
        term=term,
        is_school_day=calendar.is_school_day(day),
        day_ends=over,
        week_ends=over and last is not None and (following is None or monday(following) != monday(last)),
        half_term_ends=over and half is not None and (following is None or following > half.last),
        term_ends=over and term is not None and (following is None or following > term[2]),
        go_live=world.go_live,
    )


def _is_over(world: World, day: date) -> bool:
    """Whether every phase's register of the day's last session has closed: its marks are all there."""
    last = world.calendar.sessions_on(day)[-1]
    return all(_closes_at(world, phase, last) <= world.now for phase in Phase)


def _closes_at(world: World, phase: Phase, session: Session) -> datetime:
    """When a session's register closes for a phase: a set time in the morning, so many minutes on in the afternoon."""
    policy = world.policy(session.day)
    if session.period is Period.AM:
        return session.at(policy.time_of_day("registers.am_closes"), world.calendar.zone)
    return opens_at(world, phase, session) + timedelta(minutes=policy.count("registers.pm_close_minutes"))


def _days_back(world: World) -> Iterator[date]:
    return (day for day in reversed(world.calendar.school_days) if day <= world.today)
