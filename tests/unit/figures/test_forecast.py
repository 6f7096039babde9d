"""What the year can still become."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.figures.forecast import best_reachable, may_still_miss, sessions_ahead
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pattern
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import a_pupil, the_calendar

END = date(2027, 7, 31)


def counted(attended: int, missed: int, unmarked: int = 0) -> PupilFigures:
    return PupilFigures(PupilId("P1"), attended + missed, attended, 0, missed, 0, unmarked, 0, 0, False, False, 0)


def test_the_sessions_left_are_those_of_the_calendar_after_the_last_one() -> None:
    monday = date(2027, 7, 12)
    after = the_calendar().sessions(monday, END)
    assert len(sessions_ahead(a_pupil(), the_calendar(), Session(monday, Period.AM))) == len(after) - 1
    assert len(sessions_ahead(a_pupil(), the_calendar(), Session(monday, Period.PM))) == len(after) - 2
    assert len(sessions_ahead(a_pupil(), the_calendar(), Session(END, Period.PM))) == 0


def test_the_sessions_left_end_with_the_leaving_date_and_keep_to_the_pattern() -> None:
    mornings = Pattern(None, None, frozenset((weekday, Period.AM) for weekday in range(5)))
    child = a_pupil(left=date(2026, 9, 11), patterns=(mornings,))
    assert len(sessions_ahead(child, the_calendar(), Session(date(2026, 9, 7), Period.AM))) == 4


def test_the_best_reachable_figure_takes_every_session_to_come_as_attended() -> None:
    assert best_reachable(counted(90, 10), 100) == Fraction(95)
    assert best_reachable(counted(90, 10, unmarked=4), 96) == Fraction(95)
    assert best_reachable(counted(0, 0), 0) is None


@pytest.mark.parametrize(("missed", "may_miss"), [(0, 38), (37, 1), (38, 0), (39, None)])
def test_how_many_sessions_may_still_be_missed_to_end_at_90_percent(missed: int, may_miss: int | None) -> None:
    assert may_still_miss(counted(100 - missed, missed), 280, 90) == may_miss


def test_one_fewer_may_be_missed_to_end_above_the_percent() -> None:
    assert may_still_miss(counted(100, 0), 280, 90, above=True) == 37
    assert may_still_miss(counted(100, 0), 279, 90, above=True) == 37


def test_no_more_may_be_missed_than_are_left() -> None:
    assert may_still_miss(counted(100, 0), 3, 90) == 3
    assert may_still_miss(counted(0, 0), 0, 90) is None


@given(
    attended=st.integers(0, 200),
    missed=st.integers(0, 200),
    unmarked=st.integers(0, 5),
    left=st.integers(0, 200),
    percent=st.decimals(0, 100, places=1),
    above=st.booleans(),
)
def test_missing_so_many_keeps_the_figure_and_one_more_loses_it(
    attended: int, missed: int, unmarked: int, left: int, percent: Decimal, above: bool
) -> None:
    figures = counted(attended, missed, unmarked)
    whole = attended + missed + unmarked + left

    def keeps(missing: int) -> bool:
        reached = Fraction(100 * (attended + unmarked + left - missing), whole) - Fraction(percent)
        return reached > 0 if above else reached >= 0

    most = may_still_miss(figures, left, percent, above=above)
    if most is None:
        assert not whole or not keeps(0)
    else:
        assert 0 <= most <= left
        assert keeps(most)
        assert most == left or not keeps(most + 1)


def test_a_day_off_leaves_two_sessions_fewer() -> None:
    calendar, monday = the_calendar(), date(2027, 7, 12)
    left = [len(sessions_ahead(a_pupil(), calendar, Session(monday + timedelta(days=n), Period.PM))) for n in range(5)]
    assert [a - b for a, b in pairwise(left)] == [2, 2, 2, 2]
