"""On what occasion a reminder is asked for: a span of the calendar, or what set it off and whether it was answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mbls_rules_school.cases import SUPPORT, steps
from mbls_rules_school.returning import Span, month_of, term_of
from mbls_rules_school.safeguarding import has_one_of
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    ENTRY,
    About,
    AcademicYear,
    Card,
    Event,
    Every,
    Figures,
    History,
    Moment,
    PolicyAt,
    Reminder,
    SchoolCalendar,
    monday,
)


@dataclass(frozen=True, slots=True)
class Happening:
    """What sets a reminder off: when, about whom (None: the school), and what is known of it."""

    at: datetime
    history: History | None
    says: str


def span_of(every: Every, day: date, calendar: SchoolCalendar) -> Span | None:
    """The span that holds a school day: its name, first day and last school day; None outside half-terms and terms."""
    match every:
        case Every.DAY:
            return Span(day.isoformat(), day, day)
        case Every.WEEK:
            first = monday(day)
            return _held(first.isoformat(), first, first + timedelta(days=6), calendar)
        case Every.MONTH:
            return month_of(day, calendar)
        case Every.TERM:
            return term_of(day, calendar)
        case Every.HALF_TERM:
            half = calendar.half_term_of(day)
            if half is None:
                return None
            return _held(f"{AcademicYear.of(day)} {half.term} {half.number}", half.first, half.last, calendar)
        case Every.YEAR:
            year = calendar.school_year(day)
            return _held(str(year.year), year.year.first, year.year.last, calendar)


def _held(name: str, first: date, last: date, calendar: SchoolCalendar) -> Span | None:
    held = calendar.sessions(first, last)
    return Span(name, first, held[-1].day) if held else None


def due_in(span: Span, row: Reminder, calendar: SchoolCalendar) -> date:
    """The day by which a row is to be done in a span: its n-th school day, or its last."""
    if row.due is None:
        return span.due
    first = calendar.school_day_after(span.first, 0)
    return min(calendar.school_day_after(first, row.due - 1), span.due)


def is_near(row: Reminder, due: date, day: date, calendar: SchoolCalendar) -> bool:
    """Whether it is not too early to ask: at most `ahead` school days before the day it is due."""
    return row.ahead is None or calendar.school_days_between(day, due) - 1 <= row.ahead


def midnight(day: date, calendar: SchoolCalendar) -> datetime:
    """The first moment of a day at the school."""
    return datetime.combine(day, time.min, tzinfo=calendar.zone)


def own_since(row: Reminder, figures: Figures, since: datetime) -> tuple[Event, ...]:
    """The school's own events that record the row as done, from a moment on."""
    return tuple(event for event in figures.events if event.kind == row.done_as and event.at >= since)


def whom(row: Reminder, figures: Figures, policy: PolicyAt) -> Iterator[History]:
    """The pupils on roll whom a row is about, by class and name."""
    found = (history for history in figures.histories.values() if _is_meant(row, history, policy))
    return iter(sorted(found, key=lambda history: (history.pupil.class_name, history.pupil.name, history.pupil.id)))


def _is_meant(row: Reminder, history: History, policy: PolicyAt) -> bool:
    if row.about is About.CASES and not steps(history, policy, *SUPPORT):
        return False
    return not row.only or has_one_of(history.pupil, row.only, policy.day)


def happenings(row: Reminder, moment: Moment, figures: Figures, policy: PolicyAt) -> tuple[Happening, ...]:
    """All that set the row off since going live, in order of time, answered or not."""
    found = _of_school(row, figures) if row.about is About.SCHOOL else ()
    meant = (history for history in figures.histories.values() if _is_meant(row, history, policy))
    happened = [*found, *(h for history in meant for h in _of_pupil(row, moment, history))]
    live = None if moment.go_live is None else midnight(moment.go_live, figures.calendar)
    counted = (h for h in happened if live is None or h.at >= live)
    return tuple(sorted(counted, key=lambda h: (h.at, "" if h.history is None else h.history.pupil.id)))


def is_answered(row: Reminder, happened: Happening, figures: Figures) -> bool:
    """Whether a later event records it as done: the pupil's own, or the school's.

    Of one card for many, ticking it off says nothing of what stands on another: there the school's own event counts
    only where somebody recorded it for all, and it names no task.
    """
    if happened.history and happened.history.events_of(row.done_as, since=happened.at):
        return True
    own = own_since(row, figures, happened.at)
    return bool(own) if row.card is Card.EACH else any(not event.ref for event in own)


def _of_school(row: Reminder, figures: Figures) -> Iterator[Happening]:
    return (Happening(e.at, None, _said(e, figures.calendar)) for e in figures.events if _sets_off(row, e))


def _of_pupil(row: Reminder, moment: Moment, history: History) -> Iterator[Happening]:
    if row.on != ENTRY:
        events = (event for event in history.events_of(row.on) if _sets_off(row, event))
        yield from (Happening(event.at, history, _said(event, history.calendar)) for event in events)
    elif (entered := history.pupil.admitted) and moment.year.first <= entered <= moment.day:
        yield Happening(midnight(entered, history.calendar), history, f"joined on {said_day(entered)}")


def _sets_off(row: Reminder, event: Event) -> bool:
    return event.kind == row.on and row.outcome.casefold() in event.outcome.casefold()


def _said(event: Event, calendar: SchoolCalendar) -> str:
    words = ", ".join(filter(None, (event.outcome, event.note)))
    return f"{said_day(event.at.astimezone(calendar.zone).date())}{': ' if words else ''}{words}"
