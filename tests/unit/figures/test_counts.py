"""What is counted for a pupil, by the cases that a school meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mbls_sync.figures.counts import by_pupil, figures_of
from mbls_sync.figures.measures import Measures, reaches
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import AcademicYear, HalfTerm, SchoolCalendar, SchoolYear
from mbls_sync.model.codes import Code
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pattern, Pupil
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import a_policy, a_pupil, some_registers, the_calendar

AM, PM = Period.AM, Period.PM
YEAR = AcademicYear(2026)
NATIONAL = Measures(Decimal(10), Decimal(50), 10)
MONDAY = date(2026, 9, 7)


def sessions_from(day: date, count: int) -> list[Session]:
    return list(the_calendar().sessions(day, YEAR.last)[:count])


def figures(
    pupil: Pupil, marks: Mapping[Session, Code], last: Session, first: date = YEAR.first, **more: Any
) -> PupilFigures:
    registers = some_registers({pupil.id: marks})
    calendar = more.pop("calendar", the_calendar())
    return figures_of((pupil,), registers.values(), calendar, first, last, more.pop("measures", NATIONAL), **more)[0]


def coded(codes: str, start: date = MONDAY) -> dict[Session, Code]:
    words = codes.split()
    return {s: code for s, code in zip(sessions_from(start, len(words)), words, strict=True) if code != "-"}


def test_every_session_is_counted_under_its_own_meaning() -> None:
    week = coded("/ \\ L V I M O U X Y1")
    found = figures(a_pupil(), week, Session(MONDAY + timedelta(days=4), PM), first=MONDAY)
    assert (found.present, found.approved_activity, found.authorised, found.unauthorised) == (3, 1, 2, 2)
    assert found.possible == 8
    assert (found.late_before_close, found.late_after_close, found.unmarked) == (1, 1, 0)


def test_a_session_that_is_not_possible_or_not_collected_is_in_no_sum() -> None:
    found = figures(a_pupil(), coded("X Y1 Q D # Z"), Session(MONDAY + timedelta(days=2), PM), first=MONDAY)
    assert found == replace(found, possible=0, present=0, authorised=0, unauthorised=0, unmarked=0)
    assert not found.persistent


def test_a_blank_is_never_present_and_never_absent_but_unmarked() -> None:
    found = figures(a_pupil(), coded("/ - - \\"), Session(MONDAY + timedelta(days=1), PM), first=MONDAY)
    assert (found.possible, found.present, found.unmarked) == (2, 2, 2)


def test_a_session_still_to_come_is_not_unmarked() -> None:
    found = figures(a_pupil(), coded("/"), Session(MONDAY, AM), first=MONDAY)
    assert (found.possible, found.unmarked) == (1, 0)


def test_a_mark_after_the_last_session_asked_about_does_not_count() -> None:
    assert figures(a_pupil(), coded("/ I"), Session(MONDAY, AM), first=MONDAY).authorised == 0


def test_a_mark_on_a_closed_day_counts_by_its_meaning() -> None:
    in_half_term = date(2026, 10, 28)
    assert not the_calendar().is_school_day(in_half_term)
    found = figures(a_pupil(), {Session(in_half_term, AM): "O"}, Session(in_half_term, PM), first=in_half_term)
    assert (found.possible, found.unauthorised, found.unmarked) == (1, 1, 0)


def test_a_withdrawn_code_that_an_mis_still_sends_counts_by_its_old_meaning() -> None:
    found = figures(a_pupil(), coded("H J"), Session(MONDAY, PM), first=MONDAY)
    assert (found.authorised, found.approved_activity) == (1, 1)


def test_a_joiner_counts_from_the_day_of_admission() -> None:
    joiner = a_pupil(admitted=MONDAY + timedelta(days=2))
    found = figures(joiner, coded("O O O O / \\"), Session(MONDAY + timedelta(days=4), PM), first=MONDAY)
    assert (found.possible, found.unauthorised, found.unmarked) == (2, 0, 4)
    assert found.unauthorised_10_weeks == 0


def test_a_leaver_counts_up_to_and_on_the_last_day_on_roll() -> None:
    leaver = a_pupil(left=MONDAY + timedelta(days=1))
    found = figures(leaver, coded("/ \\ / O O O"), Session(MONDAY + timedelta(days=4), PM), first=MONDAY)
    assert (found.possible, found.unauthorised, found.unmarked) == (4, 1, 0)


def test_a_part_time_child_is_expected_only_in_the_sessions_of_the_pattern() -> None:
    mornings = Pattern(None, None, frozenset((weekday, AM) for weekday in range(5)))
    child = a_pupil(year_group="N2", patterns=(mornings,))
    found = figures(child, coded("/ - - - / X"), Session(MONDAY + timedelta(days=4), PM), first=MONDAY)
    assert (found.possible, found.unmarked) == (2, 3)


def test_a_mark_outside_the_pattern_is_the_truth_all_the_same() -> None:
    nothing = Pattern(None, None, frozenset())
    found = figures(a_pupil(patterns=(nothing,)), coded("/ I"), Session(MONDAY, PM), first=MONDAY)
    assert (found.present, found.authorised, found.unmarked) == (1, 1, 0)


def test_a_pattern_holds_over_its_own_days_and_the_first_that_covers_a_day_decides() -> None:
    tuesday = MONDAY + timedelta(days=1)
    none_at_all = Pattern(tuesday, tuesday, frozenset())
    mornings = Pattern(None, MONDAY + timedelta(days=2), frozenset((weekday, AM) for weekday in range(5)))
    child = a_pupil(patterns=(none_at_all, mornings))
    last = Session(MONDAY + timedelta(days=4), PM)
    assert figures(child, {}, last, first=MONDAY).unmarked == 0  # no register of the year: nothing is known
    assert figures(child, coded("/"), last, first=MONDAY).unmarked == 0 + 1 + 2 + 2


def test_a_pupil_whom_only_the_register_knows_counts_too() -> None:
    registers = some_registers({PupilId("P1"): coded("/"), PupilId("STRAY"): coded("O")})[YEAR]
    found = by_pupil(registers, [a_pupil()], the_calendar(), first=MONDAY, last=Session(MONDAY, PM), measures=NATIONAL)
    assert [(f.pupil, f.possible, f.unmarked) for f in found] == [("P1", 1, 1), ("STRAY", 1, 1)]


def test_a_pupil_without_a_mark_has_figures_of_nothing() -> None:
    registers = some_registers({PupilId("P1"): coded("/")})[YEAR]
    roll = [a_pupil("P0"), a_pupil("P1")]
    found = by_pupil(registers, roll, the_calendar(), first=MONDAY, last=Session(MONDAY, PM), measures=NATIONAL)[0]
    assert (found.pupil, found.possible, found.unmarked, found.persistent) == ("P0", 0, 2, False)


def test_the_statutory_cohort_counts_sessions_from_compulsory_school_age_on() -> None:
    # Five on 1 October 2026, so of compulsory school age from 31 December.
    child = a_pupil(born=date(2021, 10, 1))
    before, after = sessions_from(date(2026, 12, 14), 1)[0], sessions_from(date(2027, 1, 5), 1)[0]
    found = figures(child, {before: "O", after: "O"}, after, cohort=Cohort.STATUTORY)
    assert (found.unauthorised, found.unauthorised_10_weeks) == (1, 1)
    assert figures(child, {before: "O", after: "O"}, after).unauthorised == 2


@pytest.mark.parametrize(
    ("born", "counts"),
    [
        (date(2021, 8, 31), True),
        (date(2021, 9, 1), False),
        (date(2010, 9, 1), True),
        (date(2010, 8, 31), False),
        (None, True),
    ],
)
def test_the_census_cohort_is_aged_5_to_15_on_31_august_before_the_year(born: date | None, counts: bool) -> None:
    found = figures(a_pupil(born=born), coded("/"), Session(MONDAY, AM), cohort=Cohort.CENSUS_5_15)
    assert found.possible == counts


def test_a_pupil_whose_birth_date_is_not_known_is_in_every_cohort() -> None:
    for cohort in Cohort:
        assert figures(a_pupil(born=None), coded("/"), Session(MONDAY, AM), cohort=cohort).possible == 1


@pytest.mark.parametrize(
    ("missed", "persistent", "severe"), [(37, False, False), (38, True, False), (189, True, False), (190, True, True)]
)
def test_the_thresholds_are_met_exactly_at_a_tenth_and_at_half_of_380(
    missed: int, persistent: bool, severe: bool
) -> None:
    sessions = sessions_from(YEAR.first, 380)
    marks = {session: "I" if n < missed else "/" for n, session in enumerate(sessions)}
    found = figures(a_pupil(), marks, sessions[-1])
    assert (found.possible, found.persistent, found.severe) == (380, persistent, severe)


def test_a_threshold_with_decimals_is_exact() -> None:
    assert reaches(7, 100, Decimal("7.00"))
    assert not reaches(699, 10_000, Decimal("7.00"))
    assert reaches(1, 3, Decimal("33.3333"))
    assert not reaches(1, 3, Decimal("33.33334"))
    assert not reaches(0, 0, 0)


def test_the_rolling_window_skips_the_half_term_week() -> None:
    # Ten school weeks ending on 16 November 2026 begin on 7 September: the week of 26 October has no session.
    last = Session(date(2026, 11, 20), PM)
    marks = {Session(date(2026, 9, 4), AM): "O", Session(date(2026, 9, 7), AM): "G", last: "N"}
    assert figures(a_pupil(), marks, last).unauthorised_10_weeks == 2


def test_the_rolling_window_is_not_cut_by_the_first_day_asked_about() -> None:
    last = Session(date(2026, 11, 20), PM)
    found = figures(a_pupil(), {Session(date(2026, 9, 7), AM): "O"}, last, first=date(2026, 11, 16))
    assert (found.unauthorised, found.unauthorised_10_weeks) == (0, 1)


def test_the_rolling_window_reaches_into_the_school_year_before() -> None:
    # The second school week of 2026-27: eight of the ten lie in the summer term of 2025-26.
    last = Session(date(2026, 9, 11), PM)
    summer = the_calendar().school_weeks_back(last.day, 10)
    marks = {Session(summer - timedelta(days=3), AM): "O", Session(summer, AM): "O", last: "O"}
    assert summer.year == 2026
    assert AcademicYear.of(summer) == AcademicYear(2025)
    found = figures(a_pupil(), marks, last)
    assert (found.unauthorised, found.unauthorised_10_weeks) == (1, 2)


def test_how_many_weeks_roll_is_the_measure_s_to_say() -> None:
    last = Session(date(2026, 11, 20), PM)
    marks = {Session(date(2026, 11, 9), AM): "O", last: "O"}
    one, two = (replace(NATIONAL, school_weeks=weeks) for weeks in (1, 2))
    assert figures(a_pupil(), marks, last, measures=one).unauthorised_10_weeks == 1
    assert figures(a_pupil(), marks, last, measures=two).unauthorised_10_weeks == 2


def test_the_shipped_measures_are_the_national_ones() -> None:
    assert Measures.under(a_policy(date(2026, 11, 23))) == NATIONAL


def test_moving_an_inset_day_moves_no_mark() -> None:
    half = HalfTerm(date(2026, 9, 1), date(2026, 10, 23), "autumn", 1)
    moved = SchoolCalendar((SchoolYear(YEAR, (half,), inset_days=frozenset({MONDAY})),))
    last = Session(MONDAY + timedelta(days=1), PM)
    found = figures(a_pupil(), coded("/ \\ I I"), last, first=MONDAY, calendar=moved)
    assert (found.present, found.authorised, found.unmarked) == (2, 2, 0)


def test_figures_over_two_years_are_the_sum_of_both() -> None:
    marks = {Session(date(2026, 7, 13), AM): "/", Session(MONDAY, AM): "I"}
    found = figures(a_pupil(), marks, Session(MONDAY, AM), first=date(2026, 7, 13))
    assert (found.present, found.authorised) == (1, 1)
    # 13 to 20 July less that morning, and 1 to 4 September and the week's first morning less that one.
    assert found.unmarked == len(the_calendar().sessions(date(2026, 7, 13), MONDAY)) - 1 - 2
