"""A run says on which day it came to so many school days, and what of it lies on or after a day."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.figures.runs import Run
from mbls_sync.testing.builders import ZONE, Someone, a_history, a_pupil, the_calendar
from mbls_sync.testing.filling import present

SESSIONS = the_calendar().sessions(date(2026, 11, 3), date(2026, 12, 18))
DAY = [date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 5)]


def _runs(codes: str) -> tuple[Run, ...]:
    marks = {s: present(s) if c == "/" else c for s, c in zip(SESSIONS, codes, strict=False)}
    end = datetime.combine(SESSIONS[len(codes) - 1].day, time(17), tzinfo=ZONE)
    return a_history(end, Someone(a_pupil(), marks)).runs("O")


@pytest.mark.parametrize(
    ("codes", "day"),
    [("OOOO", DAY[1]), ("OOO/", None), ("/OOOO/", DAY[2]), ("/OOO", None), ("OOQQOO", DAY[2]), ("OQOQ", DAY[1])],
)
def test_two_school_days_are_two_whole_days_or_four_sessions_and_what_is_not_possible_counts_nowhere(
    codes: str, day: date | None
) -> None:
    assert _runs(codes)[-1].reached(2) == day


def test_what_lies_since_a_day_is_counted_from_that_day() -> None:
    (run,) = _runs("OOOOOO")
    later = run.since(DAY[1])
    assert later is not None
    assert (later.first, later.sessions, later.school_days, later.reached(2)) == (SESSIONS[2], 4, 2, DAY[2])
    assert run.since(date(2026, 11, 6)) is None


@given(codes=st.text("O/Q", min_size=1, max_size=40), days=st.integers(1, 8))
def test_the_day_is_the_first_on_which_a_pupil_whose_absence_ended_there_had_missed_so_much(
    codes: str, days: int
) -> None:
    for run in _runs(codes):
        ends = sorted({session.day for session in run.counted})
        enough = [
            day
            for day in ends
            if sum(s.day <= day for s in run.counted) >= 2 * days or sum(d <= day for d in run.whole) >= days
        ]
        assert run.reached(days) == (enough[0] if enough else None)
