"""In July, with no calendar of September yet: every duty is judged, and the calendar is asked for once."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from mbls_sync.engine.apply import judge
from mbls_sync.engine.resolve import resolve
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.happenings import Event
from mbls_sync.model.proposals import RaiseTask
from mbls_sync.model.sessions import Period, Session
from mbls_sync.registry.manager import build_registry
from mbls_sync.testing.builders import ZONE, Someone, a_pupil, a_world, the_calendar
from mbls_sync.testing.filling import presence

CALENDAR = the_calendar()
LAST = max(day for day in CALENDAR.school_days if day < date(2026, 8, 31))
UNTIL_JULY = SchoolCalendar(tuple(year for year in CALENDAR.years if year.year.start == 2025), CALENDAR.zone)
ILL_SINCE = CALENDAR.school_days[CALENDAR.school_days.index(LAST) - 14]
HAPPENED = (
    "call-others", "contact-failed", "contact-changed", "whereabouts-unknown", "ewo-requested", "barrier-in-school",
    "barrier-outside", "remote-education-provided", "reduced-timetable-agreed", "support-letter-sent",
    "review-meeting-held", "welfare-concern", "support-not-engaged", "penalty-notice-considered",
)  # fmt: skip


def marked(code, since=LAST):
    before = presence(CALENDAR, date(2025, 9, 1), since - timedelta(days=1))
    return before | {
        Session(day, half): code for day in CALENDAR.school_days for half in Period if since <= day <= LAST
    }


def a_school(calendar, now):
    """One pupil for each code that a clock runs from, and one of whom everything happened on that day."""
    pupils = [Someone(a_pupil(f"P{n}"), marked(code)) for n, code in enumerate("NHEGOUXI")]
    happened = tuple(Event(datetime(LAST.year, LAST.month, LAST.day, 8, tzinfo=ZONE), kind, "P8") for kind in HAPPENED)
    pupils += [Someone(a_pupil("P8"), marked("N"), events=happened), Someone(a_pupil("P9"), marked("I", ILL_SINCE))]
    return replace(a_world(now, *pupils), calendar=calendar)


def judged(world):
    bound = build_registry().bound
    return resolve(judge(world, lambda hook: [rule for rule in bound if rule.judge == hook], str), world).judged


def tasks(found):
    return {(d.because.rule, d.pupil): d.proposal for d in found.decisions if isinstance(d.proposal, RaiseTask)}


AFTERNOON = datetime(LAST.year, LAST.month, LAST.day, 16, 30, tzinfo=ZONE)


@pytest.mark.parametrize("now", [AFTERNOON, AFTERNOON + timedelta(days=1), AFTERNOON.replace(day=31)])
def test_no_rule_fails_and_none_asks_for_less_than_with_the_calendar(now):
    without, with_it = judged(a_school(UNTIL_JULY, now)), judged(a_school(CALENDAR, now))
    assert without.failures == ()
    asked = {key for key in tasks(without) if key[0] != "CORE-CALENDAR"}
    assert asked == set(tasks(with_it))


def test_a_duty_stands_with_the_earliest_day_it_can_have_and_says_so():
    clear = tasks(judged(a_school(UNTIL_JULY, AFTERNOON + timedelta(days=1))))["FDC-06", "P0"]
    assert clear.due.date() == date(2026, 8, 1)
    assert "1 August 2026 or later, is not known before the calendar of 2026-27 is there" in clear.why
    known = tasks(judged(a_school(CALENDAR, AFTERNOON + timedelta(days=1))))["FDC-06", "P0"]
    assert (known.due.date() > clear.due.date(), "not known" in known.why) == (True, False)


def test_the_calendar_is_asked_for_once():
    found = tasks(judged(a_school(UNTIL_JULY, AFTERNOON)))
    (asked,) = [task for (rule, _), task in found.items() if rule == "CORE-CALENDAR"]
    assert (asked.title, asked.role) == ("Add the school calendar of 2026-27", "office")
    assert tasks(judged(a_school(CALENDAR, AFTERNOON))).get(("CORE-CALENDAR", None)) is None


@pytest.mark.parametrize(("days_left", "asked"), [(5, False), (4, True)])
def test_while_nothing_falls_due_beyond_it_no_calendar_is_asked_for(days_left, asked):
    day = CALENDAR.school_days[CALENDAR.school_days.index(LAST) - days_left]
    marks = presence(CALENDAR, date(2025, 9, 1), day) | {Session(day, Period.AM): "N"}
    now = datetime.combine(day + timedelta(days=1), time(8), tzinfo=ZONE)
    world = replace(a_world(now, Someone(a_pupil(), marks)), calendar=UNTIL_JULY)
    assert (("CORE-CALENDAR", None) in tasks(judged(world))) is asked


@pytest.mark.parametrize("count", range(7))
def test_beyond_the_calendar_a_school_day_is_never_later_than_it_proves_to_be(count):
    for day in (*CALENDAR.school_days[:400:9], LAST, LAST + timedelta(days=1), date(2026, 8, 31)):
        assert UNTIL_JULY.school_day_after(day, count) <= CALENDAR.school_day_after(day, count)
