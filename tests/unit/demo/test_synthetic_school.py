"""The synthetic school misses school as real ones of its area do, and is the same school for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pytest

from mbls_sync.demo.absence import OUTBREAK
from mbls_sync.demo.run import office_steps
from mbls_sync.demo.school import DAY, SyntheticSchool, synthetic_school
from mbls_sync.policy.calendars import load_calendar
from mbls_sync.policy.load import load_parameters
from mbls_sync.policy.places import calendar_folder, parameter_folder, shipped_config

SEEDS = (1, 2, 3, 4)
MISSED = "IMCRGOUN"
PUBLISHED = {
    "IMCRGOUN": (5.16, 0.2),
    "IMCR": (3.84, 0.25),
    "GOUN": (1.32, 0.2),
    "I": (2.81, 0.3),
    "M": (0.28, 0.05),
    "G": (0.47, 0.12),
    "U": (0.21, 0.05),
    "O": (0.62, 0.15),
}
"""Percent of possible sessions by code, and how far the mean of a few made-up schools may lie from it.

Central Bedfordshire, state-funded primary, 2025/26: DfE, pupil attendance in schools, year to date.
"""

PERSISTENT = (12.44, 2.0)
"""Percent of pupils persistently absent, from the same source."""


def _made(seed: int, pupils: int = 400) -> SyntheticSchool:
    config = shipped_config()
    calendar = load_calendar(calendar_folder(config), ZoneInfo("Europe/London"))
    return synthetic_school(seed, calendar, office_steps(load_parameters(parameter_folder(config)), DAY), pupils)


def _lines(school: SyntheticSchool) -> list[Counter[str]]:
    """How often each pupil has each code in the whole year before; `X` is not possible."""
    counts = (Counter(line.values()) for line in school.history[min(school.history)].values())
    return [Counter({code: n for code, n in line.items() if code != "X"}) for line in counts]


@pytest.fixture(scope="module")
def schools() -> Mapping[int, SyntheticSchool]:
    return {seed: _made(seed) for seed in SEEDS}


@pytest.mark.parametrize("codes", PUBLISHED)
def test_absence_for_each_reason_is_that_of_the_area(schools: Mapping[int, SyntheticSchool], codes: str) -> None:
    year = sum((line for school in schools.values() for line in _lines(school)), Counter[str]())
    percent, within = PUBLISHED[codes]
    assert 100 * sum(year[code] for code in codes) / year.total() == pytest.approx(percent, abs=within)


def test_as_many_pupils_are_persistently_absent_as_in_the_area(schools: Mapping[int, SyntheticSchool]) -> None:
    lines = [line for school in schools.values() for line in _lines(school) if line]
    persistent = [line for line in lines if 10 * sum(line[code] for code in MISSED) >= line.total()]
    percent, within = PERSISTENT
    assert 100 * len(persistent) / len(lines) == pytest.approx(percent, abs=within)


def test_more_is_missed_on_fridays_than_in_the_middle_of_the_week(schools: Mapping[int, SyntheticSchool]) -> None:
    missed, possible = Counter[int](), Counter[int]()
    for school in schools.values():
        for line in school.history[min(school.history)].values():
            for session, code in line.items():
                possible[session.day.weekday()] += code != "X"
                missed[session.day.weekday()] += code in MISSED
    rates = [missed[day] / possible[day] for day in range(5)]
    assert max(rates) == rates[4]


def test_a_class_has_a_week_of_chickenpox(schools: Mapping[int, SyntheticSchool]) -> None:
    name, first, last = OUTBREAK
    school = schools[1]
    mine = {p.id for h in school.households for p in h.pupils if p.class_name == name}
    held = [
        (session.day, code)
        for pupil, line in school.history[max(school.history)].items()
        if pupil in mine
        for session, code in line.items()
    ]
    during = [code for day, code in held if first <= day <= last]
    before = [code for day, code in held if day < first]
    assert during.count("I") / len(during) > 3 * before.count("I") / len(before)


def test_it_has_siblings_part_time_nursery_children_and_late_arrivals(schools: Mapping[int, SyntheticSchool]) -> None:
    school = schools[1]
    pupils = [pupil for household in school.households for pupil in household.pupils]
    assert len(pupils) == 400
    assert any(len(household.pupils) > 1 for household in school.households)
    assert {pupil.year_group for pupil in pupils if pupil.patterns} == {"N2"}
    assert school.morning.sign_ins


def test_the_same_seed_makes_the_same_school_and_another_another() -> None:
    first, second, third = _made(7, 60), _made(7, 60), _made(8, 60)
    assert first == second
    assert first.pseudonyms(7) == second.pseudonyms(7)
    assert first.history != third.history
    assert not set(first.pseudonyms(7).values()) & set(third.pseudonyms(8).values())
