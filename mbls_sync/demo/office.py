"""What the synthetic school's office has already done about attendance: letters, meetings, referrals."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby

from mbls_sync.demo.absence import Marks
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar, monday
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId

OFFICER = ("O. Officer-Example", "attendance officer")
MISSED = frozenset("IMGOUCRN")
ATTENDED = frozenset("/\\L")


@dataclass(frozen=True, slots=True)
class Week:
    """A pupil's school week: its last day, its sessions, and those of the year so far."""

    ends: date
    possible: int
    missed: int
    possible_so_far: int
    missed_so_far: int


@dataclass(frozen=True)
class Steps:
    """The thresholds and clocks by which the office works, read from the school's own parameters."""

    support_percent: Decimal
    review_percent: Decimal
    target_percent: Decimal
    min_possible: int
    monitoring_weeks: int
    term_weeks: int
    stable_weeks: int


def steps_taken(
    marks: Mapping[PupilId, Marks], calendar: SchoolCalendar, steps: Steps, until: date
) -> tuple[Event, ...]:
    """Every step from the first mark until `until`, in order of time.

    The office looks at each pupil on the last day of each school week. It has not yet done what fell due
    since `until`: that is the morning's work.
    """
    events = [event for pupil, line in marks.items() for event in _case(pupil, line, calendar, steps, until)]
    return tuple(sorted(events, key=lambda event: (event.at, event.pupil or "", event.kind)))


def _case(pupil: PupilId, line: Marks, calendar: SchoolCalendar, steps: Steps, until: date) -> Iterator[Event]:
    done: dict[str, date] = {}
    lately: deque[Week] = deque(maxlen=steps.stable_weeks)
    for week in _weeks(line):
        lately.append(week)
        if week.ends >= until:
            return
        step = _due(done, week, tuple(lately), calendar, steps)
        if step is None:
            continue
        kind, outcome = step
        day = calendar.school_day_after(week.ends, len(done) % 3 + 1)
        if day >= until:
            return
        done[kind] = day
        yield _event(pupil, day, kind, outcome, calendar)
        if kind == "case-closed":
            done = {}


def _due(
    done: Mapping[str, date], week: Week, lately: Sequence[Week], calendar: SchoolCalendar, steps: Steps
) -> tuple[str, str] | None:
    if done and _settled(done, lately, steps):
        return "case-closed", "attendance is at the target and stable"
    met = done.get("review-meeting-held")
    if met and "monitoring-reviewed" not in done:
        over = week.ends >= calendar.school_weeks_after(met, steps.monitoring_weeks)
        return ("monitoring-reviewed", "progress judged with home") if over else None
    if week.possible_so_far < steps.min_possible:
        return None
    if not _at_or_below(week.missed_so_far, week.possible_so_far, steps.support_percent):
        return None
    if "support-letter-sent" not in done:
        return "support-letter-sent", "sent"
    if "ewo-referred" in done or not _at_or_below(week.missed_so_far, week.possible_so_far, steps.review_percent):
        return None
    return next((step for step in _meetings(done, week.ends, calendar, steps) if step[0] not in done), None)


def _meetings(done: Mapping[str, date], day: date, calendar: SchoolCalendar, steps: Steps) -> Iterator[tuple[str, str]]:
    """The steps after the letter, in order, as far as their clocks have run."""
    yield "review-meeting-invited", "sent"
    yield "review-meeting-held", "plan agreed with parents"
    if day < calendar.school_weeks_after(done["review-meeting-held"], steps.monitoring_weeks):
        return
    yield "formal-review-invited", "sent"
    yield "formal-review-held", "targets set"
    if day >= calendar.school_weeks_after(done["support-letter-sent"], steps.term_weeks):
        yield "ewo-referred", "sent"


def _settled(done: Mapping[str, date], lately: Sequence[Week], steps: Steps) -> bool:
    possible, missed = sum(w.possible for w in lately), sum(w.missed for w in lately)
    return (
        len(lately) == steps.stable_weeks
        and possible > 0
        and max(done.values()) < lately[0].ends
        and 100 * missed <= (100 - steps.target_percent) * possible
    )


def _at_or_below(missed: int, possible: int, percent: Decimal) -> bool:
    return 100 * missed >= (100 - percent) * possible


def _weeks(line: Marks) -> Iterator[Week]:
    """A pupil's school weeks in order, each with the sessions of the year so far."""
    year: AcademicYear | None = None
    so_far = (0, 0)
    by_week = groupby(sorted(line.items()), key=lambda mark: monday(mark[0].day))
    for _, marks in by_week:
        held = list(marks)
        ends = held[-1][0].day
        if AcademicYear.of(ends) != year:
            year, so_far = AcademicYear.of(ends), (0, 0)
        missed = sum(code in MISSED for _, code in held)
        possible = missed + sum(code in ATTENDED for _, code in held)
        so_far = (so_far[0] + possible, so_far[1] + missed)
        yield Week(ends, possible, missed, *so_far)


def _event(pupil: PupilId, day: date, kind: str, outcome: str, calendar: SchoolCalendar) -> Event:
    at = datetime.combine(day, time(10), tzinfo=calendar.zone) + timedelta(minutes=int(pupil[-2:]))
    return Event(at=at, kind=kind, pupil=pupil, outcome=outcome, by=OFFICER[0], role=OFFICER[1])
