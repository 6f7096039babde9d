"""The path back is exact: one session more or less, and it would be another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.figures.forecast import sessions_ahead
from mbls_sync.figures.measures import reaches
from mbls_sync.figures.path_back import path_back
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import a_pupil, the_calendar

TENTH = Decimal(10)
UNTIL = Session(date(2026, 11, 24), Period.AM)
AHEAD = sessions_ahead(a_pupil("P"), the_calendar(), UNTIL)


def figures(possible: int, absent: int, unmarked: int = 0) -> PupilFigures:
    return PupilFigures(
        pupil=a_pupil("P").id,
        possible=possible,
        present=possible - absent,
        approved_activity=0,
        authorised=absent,
        unauthorised=0,
        unmarked=unmarked,
        late_before_close=0,
        late_after_close=0,
        persistent=reaches(absent, possible, TENTH),
        severe=False,
        unauthorised_10_weeks=0,
    )


def test_the_sessions_ahead_begin_with_the_next_and_end_with_the_year() -> None:
    assert AHEAD[0] == Session(date(2026, 11, 24), Period.PM)
    assert tuple(sorted(AHEAD)) == AHEAD
    assert AHEAD[-1] == the_calendar().sessions(UNTIL.day, AcademicYear.of(UNTIL.day).last)[-1]


def test_persistence_ends_with_the_session_that_brings_it_below_a_tenth() -> None:
    # 10 of 100 missed is a tenth; 10 of 101 is less: one session more is enough.
    assert path_back(figures(100, 10), AHEAD, (), TENTH).leaves == AHEAD[0].day
    # 12 of 120 is a tenth still, 12 of 121 is less: 21 more sessions.
    assert path_back(figures(100, 12), AHEAD, (), TENTH).leaves == AHEAD[20].day


def test_who_is_not_persistent_has_nothing_to_leave() -> None:
    path = path_back(figures(100, 9), AHEAD, (), TENTH)
    assert (path.is_persistent, path.leaves) == (False, None)


def test_what_cannot_end_this_year_says_so() -> None:
    path = path_back(figures(100, 90), AHEAD, ((Decimal(90), True),), TENTH)
    assert (path.is_persistent, path.leaves) == (True, None)
    assert path.may_miss == (((Decimal(90), True), None),)


@given(st.integers(1, 200), st.integers(0, 200), st.integers(0, 3))
def test_the_day_is_the_first_on_which_it_is_so(possible: int, absent: int, unmarked: int) -> None:
    absent = min(absent, possible)
    path = path_back(figures(possible, absent, unmarked), AHEAD, (), TENTH)
    below = [n for n in range(1, len(AHEAD) + 1) if not reaches(absent, possible + unmarked + n, TENTH)]
    if not path.is_persistent or not below:
        assert path.leaves is None
    else:
        assert path.leaves == AHEAD[below[0] - 1].day


@given(st.integers(1, 200), st.integers(0, 60), st.sampled_from([Decimal(96), Decimal(93), Decimal(90)]), st.booleans())
def test_one_more_session_missed_would_be_too_many(possible: int, absent: int, percent: Decimal, passing: bool) -> None:
    absent = min(absent, possible)
    ((_, count),) = path_back(figures(possible, absent), AHEAD, ((percent, passing),), TENTH).may_miss
    total = possible + len(AHEAD)

    def ends_well(missed: int) -> bool:
        attended = 100 * (total - absent - missed)
        return attended > percent * total if passing else attended >= percent * total

    if count is None:
        assert not ends_well(0)
    else:
        assert ends_well(count)
        assert count == len(AHEAD) or not ends_well(count + 1)
