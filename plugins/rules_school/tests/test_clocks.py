"""The clocks of the policy survive reality: holidays, INSET days, closures, the turn of the year and of the clocks."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from mbls_rules_school.clocks import day_of, term_after, weeks_after

from mbls_sync.model.calendar import Closure, monday
from mbls_sync.model.happenings import Event
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import a_parameter, a_policy, closed, the_calendar

FIRST, LAST = date(2025, 9, 1), date(2027, 7, 21)
POLICY = a_policy(date(2026, 11, 24))
BY_CALENDAR = a_policy(date(2026, 11, 24), a_parameter("clock.week", "text", "calendar"))
TO_NEXT_TERM = a_policy(date(2026, 11, 24), a_parameter("clock.term", "text", "next_term_end"))

BEGAN = datetime(2025, 9, 1, tzinfo=UTC)
moments = st.integers(0, 688 * 24 * 60).map(lambda minutes: BEGAN + timedelta(minutes=minutes))
weeks = st.integers(1, 13)


@st.composite
def calendars(draw):
    """The shipped calendars, with whole days and whole weeks on which the school was shut besides."""
    days = set(draw(st.lists(st.dates(FIRST, LAST), max_size=8)))
    for begun in draw(st.lists(st.dates(FIRST, LAST), max_size=3)):
        days |= {monday(begun) + timedelta(days=n) for n in range(5)}
    shut = [Closure(Session(day, half), "shut", False) for day in sorted(days) for half in Period]
    return closed(the_calendar(), tuple(shut))


def counted_by_hand(calendar, day, count):
    """The first school day on or after the same weekday of the `count`-th week with a session after that of `day`."""
    week = monday(day)
    while count:
        week += timedelta(weeks=1)
        if week > LAST:
            return None
        count -= bool(calendar.sessions(week, week + timedelta(days=6)))
    found = week + timedelta(days=day.weekday())
    while found <= LAST and not calendar.sessions(found, found):
        found += timedelta(days=1)
    return found if found <= LAST else None


@given(calendars(), moments, weeks)
def test_a_clock_of_weeks_counts_only_school_weeks_and_ends_on_a_school_day(calendar, moment, count):
    step = Event(moment, "support-letter-sent")
    due = weeks_after(step, count, calendar, POLICY)
    assert due == counted_by_hand(calendar, day_of(step, calendar), count)
    assert due is None or calendar.is_school_day(due)


@given(calendars(), moments, weeks)
def test_a_clock_of_calendar_weeks_ends_on_a_school_day_too_and_never_earlier(calendar, moment, count):
    step = Event(moment, "support-letter-sent")
    due = weeks_after(step, count, calendar, BY_CALENDAR)
    if due is not None:
        assert calendar.is_school_day(due)
        assert due >= day_of(step, calendar) + timedelta(weeks=count)


@given(calendars(), moments, weeks)
def test_a_longer_clock_never_ends_before_a_shorter_one(calendar, moment, count):
    step = Event(moment, "support-letter-sent")
    shorter, longer = (weeks_after(step, n, calendar, POLICY) for n in (count, count + 1))
    assert longer is None or (shorter is not None and shorter <= longer)


@given(calendars(), moments)
def test_a_term_of_support_ends_on_a_school_day_by_either_reading(calendar, moment):
    step = Event(moment, "support-letter-sent")
    by_weeks, by_terms = (term_after(step, calendar, policy) for policy in (POLICY, TO_NEXT_TERM))
    assert by_weeks == counted_by_hand(calendar, day_of(step, calendar), 13)
    assert by_terms is None or (calendar.is_school_day(by_terms) and by_terms >= day_of(step, calendar))


@given(calendars(), st.dates(FIRST, LAST), st.integers(1, 20))
def test_a_rolling_window_holds_so_many_school_weeks_and_no_holiday_week_among_them(calendar, day, count):
    first = calendar.school_weeks_back(day, count)
    held = [week for week in calendar.school_weeks if first <= week <= day]
    assert len(held) == min(count, sum(week <= day for week in calendar.school_weeks))
    assert all(calendar.sessions(week, week + timedelta(days=6)) for week in held)


@given(calendars(), st.dates(FIRST, date(2027, 6, 1)), st.sampled_from([5, 10, 15]))
def test_so_many_school_days_later_is_a_school_day_with_so_many_between(calendar, day, count):
    due = calendar.school_day_after(day, count)
    if due >= calendar.unknown_from:
        assert sum(held > day for held in calendar.school_days) < count
        return
    assert calendar.is_school_day(due)
    assert calendar.school_days_between(day + timedelta(days=1), due) == count


@given(moments)
def test_closing_the_school_never_brings_a_deadline_forward(moment):
    step, calendar = Event(moment, "support-letter-sent"), the_calendar()
    before = weeks_after(step, 4, calendar, POLICY)
    if before is None:
        return
    shut = tuple(Closure(Session(monday(before) + timedelta(days=n), half), "shut", False)
                 for n in range(5) for half in Period)  # fmt: skip
    after = weeks_after(step, 4, closed(calendar, shut), POLICY)
    assert after is None or after > before


def test_a_step_in_the_night_of_the_change_of_clocks_belongs_to_its_own_day():
    calendar = the_calendar()
    # 00:30 in summer time on 25 October is still the 24th in UTC; both half past ones of that night are the 25th.
    first = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    for hours in range(3):
        assert day_of(Event(first + timedelta(hours=hours), "home-visit"), calendar) == date(2026, 10, 25)
    assert day_of(Event(datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "home-visit"), calendar) == date(2027, 3, 28)


def test_a_deadline_falls_at_the_same_time_of_day_on_both_sides_of_the_change_of_clocks():
    calendar = the_calendar()
    step = Event(datetime(2026, 10, 15, 9, tzinfo=UTC), "support-letter-sent")
    due = weeks_after(step, 4, calendar, POLICY)
    assert due == date(2026, 11, 19)
    session = Session(due, Period.PM)
    assert session.at(POLICY.time_of_day("office.day_ends"), calendar.zone).hour == 16
