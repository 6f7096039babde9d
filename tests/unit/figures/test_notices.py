"""Which penalty notice the next would be: two at most to one parent in three years from the first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.figures.notices import ISSUED, WITHDRAWN, notices_to
from mbls_sync.model.happenings import Event

NAME = "Jo Testparent"


def issued(day: date, name: str = NAME, kind: str = ISSUED) -> Event:
    return Event(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), kind, outcome=name)


def on(day: date, *events: Event, name: str = NAME) -> tuple[int, bool]:
    found = notices_to(name, events, day, years=3, most=2, zone=UTC)
    return found.next, found.issuable


def test_the_first_is_the_first() -> None:
    assert on(date(2026, 11, 24)) == (1, True)


def test_the_second_within_three_years_is_the_last() -> None:
    first, second = issued(date(2024, 9, 10)), issued(date(2025, 9, 10))
    assert on(date(2025, 1, 1), first) == (2, True)
    assert on(date(2026, 11, 24), first, second) == (3, False)


def test_three_years_to_the_day_after_the_first_they_count_no_more() -> None:
    both = issued(date(2024, 9, 10)), issued(date(2025, 9, 10))
    assert on(date(2027, 9, 9), *both) == (3, False)
    assert on(date(2027, 9, 10), *both) == (1, True)


def test_each_parent_counts_alone_whatever_the_case_of_the_name() -> None:
    events = issued(date(2025, 9, 10), "jo  TESTPARENT"), issued(date(2025, 9, 10), "Other Testparent")
    assert on(date(2026, 1, 1), *events) == (2, True)
    assert on(date(2026, 1, 1), *events, name="Third Testparent") == (1, True)


def test_a_withdrawn_notice_does_not_count() -> None:
    events = issued(date(2025, 9, 10)), issued(date(2025, 10, 1), kind=WITHDRAWN), issued(date(2026, 2, 2))
    assert on(date(2026, 3, 1), *events) == (2, True)


def test_a_notice_of_29_february_counts_to_the_end_of_february() -> None:
    both = issued(date(2028, 2, 29)), issued(date(2029, 2, 1))
    assert on(date(2031, 2, 28), *both) == (3, False)
    assert on(date(2031, 3, 1), *both) == (1, True)


@given(st.lists(st.integers(0, 3000), max_size=6), st.integers(0, 3000))
def test_never_more_than_two_count_and_never_one_older_than_three_years(days: list[int], today: int) -> None:
    start = date(2024, 9, 1)
    legal: list[date] = []
    for number in sorted(days):
        day = start + timedelta(days=number)
        if notices_to(NAME, map(issued, legal), day, years=3, most=2, zone=UTC).issuable:
            legal.append(day)
    found = notices_to(NAME, map(issued, legal), start + timedelta(days=today), years=3, most=2, zone=UTC)
    assert len(found.counted) <= 2
    assert all(
        start + timedelta(days=today) < day.replace(year=day.year + 3) or day.day == 29 for day in found.counted[:1]
    )
