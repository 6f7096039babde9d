"""The arithmetic of education under a licence: what counts, what is owed, and when it can no longer be reached."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mbls_rules_school.education_hours import (
    HOUR,
    Required,
    Stretch,
    counted,
    ledger,
    outside_school_days,
    over_the_most,
)
from mbls_rules_school.licensed_education import minutes_of

from mbls_sync.api import Event
from mbls_sync.testing.builders import ZONE, the_calendar

FIRST = date(2026, 9, 14)
LAW = Required(a_day=3 * HOUR, a_week=6 * HOUR, most_a_day=5 * HOUR, period_weeks=4)
DAYS = [day for day in the_calendar().school_days if FIRST <= day <= FIRST + timedelta(weeks=12)]

lengths = st.integers(0, 70)
minutes = st.dictionaries(st.integers(0, 75).map(lambda n: FIRST + timedelta(n)), st.integers(0, 9 * HOUR), max_size=30)
later = st.integers(0, 90).map(lambda n: FIRST + timedelta(n))


def _ledger(length: int, held: Mapping[date, int], today: date, required: Required = LAW) -> tuple[Stretch, ...]:
    return ledger(FIRST, FIRST + timedelta(length), DAYS, held, required, today)


@given(lengths, minutes, later)
def test_weeks_and_periods_each_hold_every_minute_that_counts_once(
    length: int, held: Mapping[date, int], today: date
) -> None:
    pieces = _ledger(length, held, max(today, FIRST + timedelta(length)))
    within = {day: amount for day, amount in held.items() if day <= FIRST + timedelta(length)}
    expected = sum(min(amount, 5 * HOUR) for day, amount in within.items() if day in DAYS)
    for name in ("week", "period"):
        spans = [piece for piece in pieces if piece.name == name]
        idle = [day for day in within if day in DAYS and not any(p.first <= day <= p.last for p in spans)]
        assert not idle
        assert sum(piece.counted for piece in spans) == expected


@given(lengths, minutes, later)
def test_a_period_owes_three_hours_for_each_of_its_school_days(
    length: int, held: Mapping[date, int], today: date
) -> None:
    for piece in _ledger(length, held, today):
        days = sum(piece.first <= day <= piece.last for day in DAYS)
        owed = 3 * HOUR * days if piece.name == "period" else min(6 * HOUR, 3 * HOUR * days)
        assert piece.required == owed
        assert piece.last - piece.first < timedelta(weeks=4 if piece.name == "period" else 1)


@given(lengths, minutes, later)
def test_what_is_told_as_out_of_reach_is_out_of_reach_whatever_is_taught_from_now_on(
    length: int, held: Mapping[date, int], today: date
) -> None:
    most = {day: 5 * HOUR for day in DAYS if day >= today}
    fully = {(p.name, p.first): p for p in _ledger(length, {**held, **most}, today)}
    for piece in _ledger(length, held, today):
        best = fully[piece.name, piece.first]
        assert piece.falls_short == (best.counted < best.required)


@given(lengths, minutes, later, st.dictionaries(later, st.integers(0, 300), max_size=5))
def test_more_lessons_never_make_a_breach(
    length: int, held: Mapping[date, int], today: date, more: Mapping[date, int]
) -> None:
    added = {day: held.get(day, 0) + more.get(day, 0) for day in {*held, *more}}
    before = {(p.name, p.first): p.falls_short for p in _ledger(length, held, today)}
    after = {(p.name, p.first): p.falls_short for p in _ledger(length, added, today)}
    assert before.keys() == after.keys()
    assert not [key for key in after if after[key] and not before[key]]


@given(minutes)
def test_no_day_counts_more_than_five_hours_and_no_other_day_at_all(held: Mapping[date, int]) -> None:
    found = counted(held, DAYS, LAW)
    assert all(amount <= 5 * HOUR for amount in found.values())
    assert set(found) <= set(DAYS)
    assert set(over_the_most(held, LAW)) == {day for day, amount in held.items() if amount > 5 * HOUR}
    assert set(outside_school_days(held, DAYS)) == {day for day, amount in held.items() if amount and day not in DAYS}


def test_the_second_period_begins_after_four_complete_weeks() -> None:
    periods = [p for p in _ledger(40, {}, FIRST + timedelta(60)) if p.name == "period"]
    assert [(p.first, p.last) for p in periods] == [
        (FIRST, FIRST + timedelta(27)),
        (FIRST + timedelta(28), FIRST + timedelta(40)),
    ]


def test_hours_added_together_may_differ_by_day_and_each_day_may_not() -> None:
    uneven = {date(2026, 9, 14): 5 * HOUR, date(2026, 9, 15): HOUR}
    each = Required(3 * HOUR, 6 * HOUR, 5 * HOUR, 4, each_day=True)
    after = date(2026, 9, 16)
    assert not [p for p in _ledger(1, uneven, after) if p.falls_short]
    assert [(p.name, p.first.day) for p in _ledger(1, uneven, after, each) if p.falls_short] == [("day", 15)]


def test_what_today_holds_already_is_no_room_for_more() -> None:
    tuesday = date(2026, 9, 15)
    assert {p.falls_short for p in _ledger(1, {FIRST: HOUR}, tuesday)} == {False}
    assert {p.falls_short for p in _ledger(1, {tuesday: HOUR}, tuesday)} == {True}


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("3", 180),
        ("2.5", 150),
        ("2,25", 135),
        ("2:30", 150),
        ("3 h", 180),
        ("3 hours", 180),
        ("0", 0),
        ("2:60", None),
        ("-1", None),
        ("three", None),
        ("", None),
        ("3 to 4", None),
    ],
)
def test_hours_are_read_as_they_are_written_or_not_at_all(said: str, means: int | None) -> None:
    assert minutes_of(Event(datetime(2026, 9, 14, 15, tzinfo=ZONE), "education-given", outcome=said)) == means


@given(st.integers(0, 12), st.integers(0, 99))
def test_decimal_hours_are_exact_to_the_minute_below(whole: int, hundredths: int) -> None:
    event = Event(datetime(2026, 9, 14, 15, tzinfo=ZONE), "education-given", outcome=f"{whole}.{hundredths:02}")
    assert minutes_of(event) == int(Fraction(100 * whole + hundredths, 100) * HOUR)
