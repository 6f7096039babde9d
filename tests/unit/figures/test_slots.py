"""Where dates stand on a page."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.figures.slots import held, span
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.registers import SLOTS, PageGrid
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import the_calendar

YEAR = AcademicYear(2026)
DAYS = st.dates(date(2026, 6, 1), date(2027, 9, 30))


@given(first=DAYS, last=st.builds(Session, DAYS, st.sampled_from(Period)))
def test_a_span_holds_exactly_the_year_s_own_sessions_between_its_ends(first: date, last: Session) -> None:
    days = [YEAR.first + timedelta(days=n) for n in range((YEAR.last - YEAR.first).days + 1)]
    sessions = [Session(day, period) for day in days for period in Period]
    own = [session for session in sessions if session.day >= first and session <= last]
    over = span(YEAR, first, last)
    assert list(range(SLOTS))[over] == PageGrid(YEAR).slots(own)


def test_the_slots_with_a_session_are_the_calendar_s() -> None:
    calendar = the_calendar()
    sessions = calendar.sessions(YEAR.first, YEAR.last)
    assert held(calendar, YEAR).nonzero()[0].tolist() == PageGrid(YEAR).slots(sessions)
    assert held(calendar, YEAR) is held(calendar, YEAR)
