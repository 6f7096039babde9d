"""What the synthetic school's office has already done about attendance: letters, meetings, referrals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from mbls_sync.demo.absence import Marks
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId

OFFICER = ("O. Officer-Example", "attendance officer")
MISSED = frozenset("IMGOUCRN")
ATTENDED = frozenset("/\\L")


@dataclass(frozen=True)
class Steps:
    """The thresholds and clocks by which the office works, read from the school's own parameters."""

    support_percent: Decimal
    review_percent: Decimal
    target_percent: Decimal
    min_possible: int
    monitoring_weeks: int
    term_weeks: int


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
    weeks_on_target = 0
    for friday, possible, missed in _weeks(line):
        if friday >= until:
            return
        weeks_on_target = weeks_on_target + 1 if _missed_at_most(missed, possible, steps.target_percent) else 0
        for kind, outcome in _due(done, friday, possible, missed, weeks_on_target, calendar, steps):
            day = calendar.school_day_after(friday, len(done) % 3 + 1)
            if day >= until:
                return
            done[kind] = day
            yield _event(pupil, day, kind, outcome, calendar)
            if kind == "case-closed":
                done = {}


def _due(
    done: Mapping[str, date],
    friday: date,
    possible: int,
    missed: int,
    weeks_on_target: int,
    calendar: SchoolCalendar,
    steps: Steps,
) -> Sequence[tuple[str, str]]:
    if done and weeks_on_target >= steps.monitoring_weeks:
        return [("case-closed", "attendance is at the target and stable")]
    if possible < steps.min_possible or not _at_or_below(missed, possible, steps.support_percent):
        return []
    if "support-letter-sent" not in done:
        return [("support-letter-sent", "sent")]
    if "ewo-referred" in done or not _at_or_below(missed, possible, steps.review_percent):
        return []
    if "review-meeting-invited" not in done:
        return [("review-meeting-invited", "sent")]
    if "review-meeting-held" not in done:
        return [("review-meeting-held", "plan agreed with parents")]
    if friday < calendar.school_weeks_after(done["review-meeting-held"], steps.monitoring_weeks):
        return []
    if "formal-review-invited" not in done:
        return [("formal-review-invited", "sent")]
    if "formal-review-held" not in done:
        return [("formal-review-held", "targets set")]
    if friday >= calendar.school_weeks_after(done["support-letter-sent"], steps.term_weeks):
        return [("ewo-referred", "sent")]
    return []


def _at_or_below(missed: int, possible: int, percent: Decimal) -> bool:
    return 100 * missed >= (100 - percent) * possible


def _missed_at_most(missed: int, possible: int, percent: Decimal) -> bool:
    return 100 * missed <= (100 - percent) * possible


def _weeks(line: Marks) -> Iterator[tuple[date, int, int]]:
    """The last school day of each week with the pupil's possible and missed sessions of the year to date."""
    year: AcademicYear | None = None
    possible = missed = 0
    ordered = sorted(line.items())
    for place, (session, code) in enumerate(ordered):
        if AcademicYear.of(session.day) != year:
            year, possible, missed = AcademicYear.of(session.day), 0, 0
        possible += code in MISSED or code in ATTENDED
        missed += code in MISSED
        following = ordered[place + 1][0].day if place + 1 < len(ordered) else None
        if following is None or following.isocalendar()[:2] != session.day.isocalendar()[:2]:
            yield session.day, possible, missed


def _event(pupil: PupilId, day: date, kind: str, outcome: str, calendar: SchoolCalendar) -> Event:
    at = datetime.combine(day, time(10), tzinfo=calendar.zone) + timedelta(minutes=int(pupil[-2:]))
    return Event(at=at, kind=kind, pupil=pupil, outcome=outcome, by=OFFICER[0], role=OFFICER[1])
