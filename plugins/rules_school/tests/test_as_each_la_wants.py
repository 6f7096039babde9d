"""Whoever is absent however, each LA is told of exactly those whom its profile names, counted the plainest way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mbls_rules_school.health import hlt_01_long_illness
from mbls_rules_school.la_lines import la_01_attendance_return, la_06_absence_alert

from mbls_sync.api import IncludeInReturn
from mbls_sync.policy.la_profiles import laid_over, load_profiles
from mbls_sync.policy.places import profile_folder, shipped_config
from mbls_sync.testing.builders import ZONE, Someone, a_pupil, a_world, the_calendar, the_parameters
from mbls_sync.testing.filling import present
from mbls_sync.testing.running import bind, proposals

FIRST = date(2026, 9, 1)
LOOKS = [date(2026, 10, 9), date(2026, 10, 23), date(2026, 11, 27), date(2026, 12, 18)]
DAYS = [day for day in the_calendar().school_days if FIRST <= day <= LOOKS[-1]]
PROFILES = load_profiles(profile_folder(shipped_config()))
OF_AGE, TOO_YOUNG = date(2020, 5, 1), date(2022, 6, 1)

Line = Mapping[date, str]
LENGTHS = st.sampled_from([1, 4, 5, 6, 9, 10, 11, 14, 15, 16])
"""Just below, just at and just above what an LA wants."""

spells = st.lists(st.tuples(st.sampled_from("//OI"), LENGTHS), min_size=1, max_size=14)


def _line(drawn: Sequence[tuple[str, int]]) -> Line:
    codes = [code for code, length in drawn for _ in range(length)][: len(DAYS)]
    return dict(zip(DAYS, codes + ["/"] * (len(DAYS) - len(codes)), strict=True))


def _told(profile: str, line: Line, day: date, born: date) -> set[str]:
    """The names of the returns in which the pupil has a line."""
    marks = {s: present(s) if line[s.day] == "/" else line[s.day] for s in the_calendar().sessions(FIRST, day)}
    made_up = laid_over(the_parameters(), PROFILES[profile])
    now = datetime(day.year, day.month, day.day, 16, tzinfo=ZONE)
    world = a_world(now, Someone(a_pupil(born=born), marks), made_up=made_up)
    found = [
        one
        for module in (la_01_attendance_return, la_06_absence_alert, hlt_01_long_illness)
        for one in proposals(bind(module), world)
    ]
    return {one.name for one in found if isinstance(one, IncludeInReturn)}


def _runs(line: Line, codes: str, day: date) -> list[list[date]]:
    found: list[list[date]] = [[]]
    for one in (one for one in DAYS if one <= day):
        if line[one] in codes:
            found[-1].append(one)
        elif found[-1]:
            found.append([])
    return found


def _longest(line: Line, codes: str, day: date, since: date = FIRST) -> int:
    """School days of the longest unbroken absence that reaches `since`."""
    return max((len(run) for run in _runs(line, codes, day) if run and run[-1] >= since), default=0)


def _count(line: Line, codes: str, first: date, last: date) -> int:
    return sum(line[day] in codes for day in DAYS if first <= day <= last)


def _bedfordshire(line: Line, day: date) -> bool:
    weeks = the_calendar().school_weeks_back(day, 10)
    return (
        _hertfordshire(line, day)
        or 10 * _count(line, "OI", FIRST, day) >= _count(line, "/OI", FIRST, day)
        or _count(line, "O", weeks, day) >= 5
    )


def _hertfordshire(line: Line, day: date) -> bool:
    return _longest(line, "O", day, day.replace(day=1)) >= 10 or _count(line, "O", FIRST, day) >= 10


def _stockport(line: Line, day: date) -> bool:
    return _longest(line, "O", day) >= 10


ATTENDANCE: Mapping[str, Callable[[Line, date], bool]] = {
    "central-bedfordshire": _bedfordshire,
    "hertfordshire": _hertfordshire,
    "stockport": _stockport,
}


@pytest.mark.parametrize("profile", PROFILES)
@settings(deadline=None, max_examples=60)
@given(drawn=spells, day=st.sampled_from(LOOKS))
def test_the_la_is_told_of_exactly_those_whom_its_profile_names(
    profile: str, drawn: Sequence[tuple[str, int]], day: date
) -> None:
    line = _line(drawn)
    long_ill = _longest(line, "I", day) >= 15
    cumulative = profile != "hertfordshire" and _count(line, "I", FIRST, day) >= 15
    wanted = {
        "attendance": ATTENDANCE[profile](line, day),
        "sickness": long_ill or cumulative,
        "absence-alert": profile == "central-bedfordshire" and _longest(line, "OI", day) >= 15,
    }
    assert _told(profile, line, day, OF_AGE) == {name for name, holds in wanted.items() if holds}


@pytest.mark.parametrize("profile", PROFILES)
@settings(deadline=None, max_examples=15)
@given(drawn=spells, day=st.sampled_from(LOOKS))
def test_no_la_is_told_of_the_attendance_or_illness_of_a_child_below_compulsory_school_age(
    profile: str, drawn: Sequence[tuple[str, int]], day: date
) -> None:
    assert _told(profile, _line(drawn), day, TOO_YOUNG) == set()
