"""Weekdays and spells of illness in one pupil's absence."""

from __future__ import annotations

from datetime import date

import pytest

from mbls_sync.figures.patterns import WeekdayAbsence, illness_pattern, most_missed_weekday
from mbls_sync.figures.runs import Run
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import the_calendar

AM, PM = Period.AM, Period.PM


def week(*missed_of: tuple[int, int]) -> list[WeekdayAbsence]:
    return [WeekdayAbsence(day, AM, possible, missed) for day, (missed, possible) in enumerate(missed_of)]


def test_the_most_missed_weekday_goes_by_share_and_not_by_count() -> None:
    assert most_missed_weekday(week((4, 8), (5, 40), (0, 40), (0, 40), (0, 40)), at_least=1) == 0


def test_two_weekdays_missed_alike_are_no_pattern() -> None:
    assert most_missed_weekday(week((4, 8), (5, 10), (0, 9), (0, 9), (0, 9)), at_least=1) is None


def test_too_few_sessions_missed_are_no_pattern() -> None:
    assert most_missed_weekday(week((2, 8), (0, 8), (0, 8), (0, 8), (0, 8)), at_least=3) is None
    assert most_missed_weekday(week((0, 0), (0, 0), (0, 0), (0, 0), (0, 0)), at_least=0) is None


def test_morning_and_afternoon_of_a_weekday_count_together() -> None:
    friday = [WeekdayAbsence(4, AM, 8, 2), WeekdayAbsence(4, PM, 8, 2)]
    assert most_missed_weekday([*week((3, 16), (0, 8), (0, 8), (0, 8)), *friday], at_least=4) == 4


def spell(first: date, last: date) -> Run:
    return Run((Session(first, AM), Session(last, PM)), (first,))


@pytest.mark.parametrize(
    ("first", "last", "beside"),
    [
        (date(2026, 9, 8), date(2026, 9, 10), 0),
        (date(2026, 9, 7), date(2026, 9, 8), 1),
        (date(2026, 9, 10), date(2026, 9, 11), 1),
        (date(2026, 10, 22), date(2026, 10, 22), 1),
        (date(2027, 7, 20), date(2027, 7, 20), 1),
    ],
)
def test_a_spell_beside_a_weekend_or_a_holiday_is_seen(first: date, last: date, beside: int) -> None:
    assert illness_pattern([spell(first, last)], the_calendar()).beside_a_break == beside


def test_short_spells_are_those_of_one_day() -> None:
    spells = [spell(date(2026, 9, 8), date(2026, 9, 8)), spell(date(2026, 9, 15), date(2026, 9, 17))]
    found = illness_pattern(spells, the_calendar())
    assert (found.spells, found.sessions, found.short, found.beside_a_break) == (2, 4, 1, 0)
