"""The episodes that the LA is told of: long illness, long absence, not attending regularly; each with its span."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from math import ceil

from mbls_rules_school.wording import said_day
from mbls_sync.api import NO_MARK, UNEXPLAINED_CODE, Cohort, History, Period, PolicyAt, Run, SchoolCalendar

SESSIONS_OF_A_DAY = 2
FIT_NOTE = "fit-note-received"


@dataclass(frozen=True, slots=True)
class Episode:
    """What is told: from `first` to `last`, known since `known`, and why. `name` tells it from the pupil's others."""

    name: str
    first: date
    last: date
    known: date
    why: str
    expected_back: date | None = None


def illnesses(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterator[Episode]:
    """Each continuous illness that is, or is expected to be, long enough; where none is, all of the year's in one.

    An expected return that home gave, and a fit note, say how long an illness that goes on is expected to last.
    """
    runs = history.runs(*policy.text("sickness.codes").split())
    days = policy.days("sickness.return_days")
    found = [episode for run in runs if (episode := _illness(run, days, history, calendar)) is not None]
    yield from found
    if runs and not found and policy.flag("sickness.cumulative"):
        yield from _in_all(runs, days, history, calendar)


def long_absences(history: History, policy: PolicyAt) -> Iterator[Episode]:
    """Each unbroken absence, authorised or not, that is long enough for the LA's alert; none where it wants none.

    It goes on over the summer where no session parts July from September.
    """
    if not policy.is_in_force("la.absence_alert_days"):
        return
    days = policy.days("la.absence_alert_days")
    for run in history.unbroken():
        known = run.reached(days)
        if known is not None:
            # Said of the day it was due, for the days counted beside it end there too.
            why = f"away for {days} school days or more without a break, since {said_day(run.first.day)}"
            yield Episode(str(run.first), run.first.day, run.last.day, known, why)


def unauthorised(
    history: History, policy: PolicyAt, calendar: SchoolCalendar, first: date, last: date
) -> Iterator[Episode]:
    """Why a pupil does not attend regularly, on `last`: the long absences that reach `first`, then the rest.

    What is no one absence is an episode of the whole academic year.
    """
    runs = history.unbroken(*policy.text("la.unauthorised_codes").split())
    days = policy.days("la.attendance_return.days")
    here = [run for run in map(partial(_of_age, history), runs) if run is not None and _meets(run, first, last)]
    long = [(run, known) for run in here if (known := run.reached(days)) is not None]
    for run, known in long:
        why = f"absent without authorisation for {days} school days one after another"
        yield Episode(str(run.first), run.first.day, run.last.day, known, why)
    whys = [*_added_up(history, policy, calendar, last, bool(long)), *_irregular(history, policy, calendar, last)]
    held = calendar.sessions(history.year.first, last)
    for why in whys if held else ():
        yield Episode(f"{history.year} in all", held[0].day, last, last, why)


def _of_age(history: History, run: Run) -> Run | None:
    """What of a run lies in compulsory school age; before it no absence is without authorisation in law."""
    since = history.pupil.compulsory_school_age_from
    return run if since is None else run.since(since)


def _meets(run: Run, first: date, last: date) -> bool:
    return first <= run.last.day and run.first.day <= last


def _added_up(history: History, policy: PolicyAt, calendar: SchoolCalendar, last: date, told: bool) -> Iterator[str]:
    if told or policy.text("la.attendance_return.days_count") != "either":
        return
    days = policy.days("la.attendance_return.days")
    term = calendar.term_of(last)
    in_term = policy.text("la.attendance_return.window") == "term" and term is not None
    first = term[1] if in_term and term is not None else history.year.first
    if history.counts(first, last, Cohort.STATUTORY).unauthorised >= SESSIONS_OF_A_DAY * days:
        yield f"absent without authorisation for {days} school days or more in all"


def _irregular(history: History, policy: PolicyAt, calendar: SchoolCalendar, last: date) -> Iterator[str]:
    rule = policy.text("la.attendance_return.irregular_rule")
    figures = history.counts(history.year.first, last, Cohort.STATUTORY)
    limit = (100 - policy.percent("la.attendance_return.irregular_percent")) * figures.possible
    if rule in ("percent", "either") and figures.possible and 100 * figures.absent >= limit:
        yield "fails to attend regularly"
    if rule not in ("threshold", "either") or not policy.is_in_force("penalty_notice.sessions"):
        return
    weeks, sessions = policy.count("penalty_notice.school_weeks"), policy.count("penalty_notice.sessions")
    start = calendar.school_weeks_back(last, weeks)
    if history.counts(start, last, Cohort.STATUTORY).unauthorised >= sessions:
        yield f"{sessions} unauthorised sessions or more within {weeks} school weeks"


def _illness(run: Run, days: int, history: History, calendar: SchoolCalendar) -> Episode | None:
    said = _said(run, history)
    back = said[-1][1] if said and _goes_on(run, history) else None
    expected, reached = _school_days_until(run, back, calendar), run.reached(days)
    if reached is None and expected < days:
        return None
    # From the day on which somebody first said so; it does not move when the pupil is back.
    known = min(_believed(run, days, history, calendar), reached or date.max)
    # Said of the day it was due, for the days counted beside it end there too.
    so_far = f" for {days} school days or more" if reached is not None else ""
    likely = f", and expected to last {expected} school days" if expected > run.school_days else ""
    why = f"Ill{so_far} since {said_day(run.first.day)}{likely}."
    return Episode(str(run.first), run.first.day, run.last.day, known, why, back)


def _in_all(runs: tuple[Run, ...], days: int, history: History, calendar: SchoolCalendar) -> Iterator[Episode]:
    """All illness of the year in one episode, where it is, or with what is still expected will be, so long."""
    limit, ill = SESSIONS_OF_A_DAY * days, [session for run in runs for session in run.counted]
    ahead = _sessions_ahead(runs[-1], history, calendar)
    if len(ill) + ahead < limit:
        return
    reached = ill[limit - 1].day if len(ill) >= limit else date.max
    wanted = _still_wanted(days, len(ill) - runs[-1].sessions)
    known = min(_believed(runs[-1], wanted, history, calendar), reached)
    likely = f", and {ahead} more are expected" if ahead else ""
    why = f"Ill for {len(ill)} sessions this year, in {len(runs)} spells{likely}."
    yield Episode(f"{history.year} in all", runs[0].first.day, runs[-1].last.day, known, why)


def was_expected(history: History, policy: PolicyAt, calendar: SchoolCalendar, first: date, last: date) -> bool:
    """Whether an illness that reaches into these days was said to become long enough, although it did not."""
    days, before = policy.days("sickness.return_days"), 0
    for run in history.runs(*policy.text("sickness.codes").split()):
        wanted = _still_wanted(days, before) if policy.flag("sickness.cumulative") else days
        if _meets(run, first, last) and _believed(run, wanted, history, calendar) < date.max:
            return True
        before += run.sessions
    return False


def _still_wanted(days: int, sessions_before: int) -> int:
    """How many days an illness must last for it and the sessions of those before it to be so many days in all."""
    return max(ceil((SESSIONS_OF_A_DAY * days - sessions_before) / SESSIONS_OF_A_DAY), 1)


def _believed(run: Run, days: int, history: History, calendar: SchoolCalendar) -> date:
    """The day from which home or a fit note had it that an illness lasts so many school days; the last of days: never.

    It stands although the pupil was back sooner.
    """
    said = _said(run, history)
    first = (max(day, run.first.day) for day, until in said if _school_days_until(run, until, calendar) >= days)
    return min(first, default=date.max)


def _sessions_ahead(run: Run, history: History, calendar: SchoolCalendar) -> int:
    """How many sessions more an illness that goes on is expected to take, by the latest that was said of it."""
    said = _said(run, history)
    if not said or not _goes_on(run, history):
        return 0
    # Counted from its first session, for the afternoon of its latest day may be still to come.
    whole = SESSIONS_OF_A_DAY * _school_days_until(run, said[-1][1], calendar) - (run.first.period is Period.PM)
    return max(whole - run.sessions, 0)


def _school_days_until(run: Run, back: date | None, calendar: SchoolCalendar) -> int:
    return 0 if back is None else calendar.school_days_between(run.first.day, back - timedelta(days=1))


def _said(run: Run, history: History) -> list[tuple[date, date]]:
    """What home and fit notes said of an illness while it went on: the day, and the day the pupil is expected back."""
    zone = history.calendar.zone
    said = [(m.received_at, m.expected_return) for m in history.messages if m.expected_return is not None]
    said += [(e.at, day + timedelta(days=1)) for e in history.events_of(FIT_NOTE) if (day := _last_day(e.outcome))]
    until = history.until.day if _goes_on(run, history) else run.last.day
    dated = [(at.astimezone(zone).date(), back) for at, back in sorted(said)]
    return [(day, back) for day, back in dated if day <= until and back > run.first.day]


def _goes_on(run: Run, history: History) -> bool:
    """Whether nothing but sessions not yet explained follows the illness."""
    after = (s for s in history.calendar.sessions(run.last.day, history.until.day) if run.last < s <= history.until)
    return all(history.code(session) in (NO_MARK, UNEXPLAINED_CODE) for session in after)


def _last_day(text: str) -> date | None:
    """The last day of a fit note, one that a day can follow; None where it names none."""
    try:
        return min(date.fromisoformat(text.strip()), date.max - timedelta(days=1))
    except ValueError:
        return None
