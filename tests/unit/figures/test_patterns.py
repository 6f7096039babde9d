"""Weekdays and spells of illness in one pupil's absence."""

from __future__ import annotations

from datetime import date

import pytest

from mbls_sync.figures.patterns import illness_pattern
from mbls_sync.figures.runs import Run
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import the_calendar

AM, PM = Period.AM, Period.PM


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
