"""Sums over groups of pupils, and over the half-days of the week."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from mbls_sync.figures.counts import by_pupil
from mbls_sync.figures.groups import by_weekday, characteristics_of, class_of, grouped, groups_of, year_group_of
from mbls_sync.figures.measures import Measures
from mbls_sync.figures.percentages import attendance
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import Code
from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import a_pupil, some_registers, the_calendar

MONDAY = date(2026, 9, 7)
LAST = Session(MONDAY + timedelta(days=7), Period.AM)
ROLL = (
    a_pupil("P1", class_name="2T", free_school_meals=True),
    a_pupil("P2", class_name="2T", free_school_meals=False, sen_status="K"),
    a_pupil("P3", class_name="1T", year_group="1"),
    a_pupil("P4", class_name="1T", year_group="1"),
)


def marks(codes: str) -> dict[Session, Code]:
    sessions = the_calendar().sessions(MONDAY, LAST.day)
    return {s: code for s, code in zip(sessions, codes.split(), strict=False) if code != "-"}


PAGES = some_registers(
    {
        PupilId("P1"): marks("/ \\ L / / / / / / / O"),
        PupilId("P2"): marks("I I I I I I / / / / U"),
        PupilId("P3"): marks("V - / / / / / / / / /"),
    }
)[AcademicYear(2026)]


def figures() -> tuple[PupilFigures, ...]:
    measures = Measures(Decimal(10), Decimal(50), 10)
    return by_pupil(PAGES, ROLL, the_calendar(), first=MONDAY, last=LAST, measures=measures)


def test_a_group_is_the_sum_of_its_pupils() -> None:
    first, second = grouped(figures(), groups_of(ROLL, class_of))
    assert (first.name, second.name) == ("1T", "2T")
    assert (second.possible, second.attended, second.absent) == (22, 14, 8)
    assert (second.late_before_close, second.late_after_close) == (1, 1)
    assert (second.pupils, second.persistent, second.severe) == (2, 1, 1)


def test_a_pupil_without_a_possible_session_is_in_no_rate() -> None:
    first, _ = grouped(figures(), groups_of(ROLL, year_group_of))
    assert (first.pupils, first.possible, first.unmarked) == (1, 10, 12)
    assert attendance(first) == 100


def test_a_pupil_is_in_every_group_that_the_mis_says_and_in_none_by_guess() -> None:
    names = [group.name for group in grouped(figures(), groups_of(ROLL, characteristics_of))]
    assert names == ["SEN status K", "free school meals", "not free school meals"]


def test_the_half_days_of_the_week_add_up_to_the_whole() -> None:
    found = by_weekday(ROLL, [PAGES], the_calendar(), MONDAY, LAST)
    assert [group.name for group in found][:3] == ["Monday AM", "Monday PM", "Tuesday AM"]
    assert sum(group.possible for group in found) == sum(counted.possible for counted in figures())
    assert sum(group.unmarked for group in found) == sum(counted.unmarked for counted in figures())
    monday_morning = found[0]
    assert (monday_morning.possible, monday_morning.absent, monday_morning.pupils) == (6, 3, 3)
    assert (monday_morning.unmarked, monday_morning.persistent) == (2, None)
