"""What a rule is told of one pupil."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mbls_sync.engine.subjects import Subjects
from mbls_sync.figures.history import History
from mbls_sync.figures.school import Figures
from mbls_sync.model.attendance import Cohort
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import Code
from mbls_sync.model.happenings import Direction, Event, Message, SignIn
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import ZONE, Someone, a_history, a_pupil, a_world, the_calendar

AM, PM = Period.AM, Period.PM
P1 = PupilId("P1")
FRIDAY, MONDAY, TUESDAY = date(2026, 9, 11), date(2026, 9, 14), date(2026, 9, 15)
AFTERNOON = time(15, 30)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def marked(codes: str, start: date = date(2026, 9, 7)) -> dict[Session, Code]:
    words = codes.split()
    sessions = the_calendar().sessions(start, date(2027, 7, 31))[: len(words)]
    return {s: code for s, code in zip(sessions, words, strict=True) if code != "-"}


def history(
    marks: Mapping[Session, Code] | None = None, day: date = FRIDAY, hour: time = AFTERNOON, **fields: Any
) -> History:
    pupil = fields.pop("pupil", a_pupil())
    return a_history(datetime.combine(day, hour), Someone(pupil, marks or marked("/"), **fields))


def told(received_at: datetime, back: date | None = None) -> Message:
    return Message(P1, received_at, "parent", "made up", back)


def happened(kind: str, moment: datetime) -> Event:
    return Event(moment, kind, P1)


def test_codes_are_those_of_the_school_s_sessions_up_to_the_latest_opened_register() -> None:
    found = history(marked("/ \\ I - / \\"), day=date(2026, 9, 9), hour=time(10, 0))
    assert found.until == Session(date(2026, 9, 9), AM)
    assert [code for _, code in found.codes(date(2026, 9, 7), date(2026, 9, 30))] == ["/", "\\", "I", "", "/"]
    assert found.recent(2) == ((Session(date(2026, 9, 8), PM), ""), (Session(date(2026, 9, 9), AM), "/"))
    assert found.recent(0) == ()


def test_recent_sessions_reach_over_a_holiday() -> None:
    days = [session.day for session, _ in history(day=date(2026, 11, 3)).recent(4)]
    assert days == [date(2026, 10, 22)] * 2 + [date(2026, 11, 3)] * 2


def test_a_code_of_a_year_without_a_register_is_no_mark() -> None:
    assert history().code(Session(date(2019, 9, 9), AM)) == ""


def test_counts_end_with_the_latest_opened_register() -> None:
    found = history(marked("/ \\ I I O O"), day=date(2026, 9, 8), hour=time(10, 0))
    counted = found.counts(date(2026, 9, 7), date(2026, 9, 9))
    assert (counted.present, counted.authorised, counted.unauthorised) == (2, 1, 0)
    assert found.counts(date(2026, 9, 8), date(2026, 9, 7)).possible == 0


def test_the_year_to_date_is_what_counts_says_of_it() -> None:
    found = history(marked("/ \\ I I O O L U V M"))
    assert found.figures == found.counts(found.year.first, found.until.day)


# Messages from home


def test_a_message_explains_the_school_day_on_which_it_came_at_whatever_hour() -> None:
    for hour in (0, 7, 9, 14, 23):
        found = history(day=MONDAY, messages=(told(at(9, 14, hour, 59)),))
        assert found.message_for(MONDAY) is not None
        assert found.message_for(FRIDAY) is None
        assert found.message_for(TUESDAY) is None


def test_a_message_on_a_closed_day_explains_the_next_school_day() -> None:
    found = history(day=MONDAY, messages=(told(at(9, 13, 18, 0)),))
    assert found.message_for(MONDAY) is not None
    assert found.message_for(TUESDAY) is None


def test_a_message_with_an_expected_return_explains_every_day_before_it() -> None:
    message = told(at(9, 11, 8, 0), back=date(2026, 9, 16))
    found = history(day=TUESDAY, messages=(message,))
    covered = [day for day in (date(2026, 9, 10) + timedelta(days=n) for n in range(8)) if found.message_for(day)]
    assert covered == [date(2026, 9, day) for day in (11, 12, 13, 14, 15)]


def test_a_message_that_names_its_own_day_as_the_return_explains_that_day() -> None:
    found = history(day=FRIDAY, messages=(told(at(9, 11, 8, 0), back=FRIDAY),))
    assert found.message_for(FRIDAY) is not None


def test_a_message_at_the_weekend_of_a_return_on_monday_does_not_explain_monday() -> None:
    found = history(day=MONDAY, messages=(told(at(9, 12, 8, 0), back=MONDAY),))
    assert found.message_for(MONDAY) is None


def test_the_day_of_a_message_is_the_school_s_own_whatever_zone_it_was_stamped_in() -> None:
    # 23.30 UTC on Sunday is already Monday in British Summer Time.
    found = history(day=MONDAY, messages=(told(datetime(2026, 9, 13, 23, 30, tzinfo=ZoneInfo("UTC"))),))
    assert found.message_for(MONDAY) is not None
    assert found.message_for(date(2026, 9, 13)) is None


def test_the_latest_message_that_explains_the_day_is_given() -> None:
    first, second = told(at(9, 14, 8, 0)), told(at(9, 14, 8, 30))
    assert history(day=MONDAY, messages=(first, second)).message_for(MONDAY) == second


def test_a_message_after_the_last_known_school_day_explains_nothing_and_breaks_nothing() -> None:
    after = the_calendar().school_days[-1] + timedelta(days=1)
    found = history(messages=(told(datetime.combine(after, time(9), ZONE)),))
    assert found.message_for(after) is None


# Runs


def test_a_run_of_a_code_counts_its_sessions_and_the_days_it_fills() -> None:
    (run,) = history(marked("/ I I I I / / \\")).runs("I")
    assert (run.sessions, run.school_days) == (4, 1)
    assert (run.first, run.last) == (Session(date(2026, 9, 7), PM), Session(date(2026, 9, 9), AM))


def test_sessions_that_are_not_possible_or_not_marked_neither_break_a_run_nor_count() -> None:
    (run,) = history(marked("/ \\ O Y1 - O # # O O")).unbroken()
    assert (run.sessions, run.school_days) == (4, 3)


def test_attendance_and_another_code_break_a_run() -> None:
    found = history(marked("I I M I / I I I"))
    assert [run.sessions for run in found.runs("I")] == [2, 1, 3]
    assert [run.sessions for run in found.runs("I", "M")] == [4, 3]
    assert [run.sessions for run in found.unbroken()] == [4, 3]


def test_a_run_ends_with_the_latest_opened_register_and_begins_on_roll() -> None:
    joiner = a_pupil(admitted=date(2026, 9, 8))
    (run,) = history(marked("O O O O O O"), day=date(2026, 9, 9), hour=time(10, 0), pupil=joiner).runs("O")
    assert (run.first.day, run.last, run.sessions) == (date(2026, 9, 8), Session(date(2026, 9, 9), AM), 3)


def test_a_run_of_codes_that_are_not_possible_can_be_asked_for() -> None:
    assert [run.sessions for run in history(marked("Y1 Y1 / Y1")).runs("Y1")] == [2, 1]


def test_a_run_goes_on_over_a_holiday() -> None:
    (run,) = history(marked("I I I I", start=date(2026, 10, 22)), day=date(2026, 11, 4)).unbroken()
    assert (run.first.day, run.last.day, run.school_days) == (date(2026, 10, 22), date(2026, 11, 3), 2)


JULY, SEPTEMBER = date(2026, 7, 15), date(2026, 9, 1)


@pytest.mark.parametrize(
    ("july", "september", "expected"),
    [
        ("/ I O I I I", "I I O I", [(date(2026, 7, 15), 9)]),
        ("I I I I I /", "I I", [(SEPTEMBER, 2)]),
        ("I I I I I I", "/ I", [(SEPTEMBER, 1)]),
        ("I I I I I I", "/ \\", []),
        ("I I I I I #", "- I", [(date(2026, 7, 15), 6)]),
        ("/ \\ / \\ / \\", "I / I", [(SEPTEMBER, 1), (date(2026, 9, 2), 1)]),
    ],
)
def test_an_absence_goes_on_over_the_summer(july: str, september: str, expected: list[tuple[date, int]]) -> None:
    found = history(marked(july, JULY) | marked(september, SEPTEMBER))
    assert [(run.first.day, run.sessions) for run in found.unbroken()] == expected
    assert [run.first.day for run in found.runs("I", "O")] == [max(day, SEPTEMBER) for day, _ in expected]


def test_an_absence_over_the_summer_is_looked_for_by_code_and_on_roll_only() -> None:
    marks = marked("O O I I I I", JULY) | marked("I I O O", SEPTEMBER)
    assert [(run.first.day, run.sessions) for run in history(marks).unbroken("I")] == [(date(2026, 7, 16), 6)]
    joiner = a_pupil(admitted=date(2026, 7, 17))
    assert [run.sessions for run in history(marks, pupil=joiner).unbroken("I")] == [4]


def test_there_is_no_run_without_a_register() -> None:
    empty = a_history(at(9, 11, 15, 30), Someone(a_pupil()))
    assert empty.runs("I") == empty.unbroken() == ()


# Everything else


def test_sign_ins_are_those_of_the_day() -> None:
    monday = SignIn(P1, MONDAY, time(9, 20), Direction.IN)
    friday = SignIn(P1, FRIDAY, time(9, 20), Direction.IN)
    assert history(day=MONDAY, sign_ins=(friday, monday)).sign_ins_on(MONDAY) == (monday,)


def test_events_are_found_by_kind_and_from_a_moment_on() -> None:
    first, other, last = (
        happened("call-made", at(9, 7, 9, 30)),
        happened("home-visit", at(9, 8, 12, 0)),
        happened("call-made", at(9, 9, 9, 30)),
    )
    found = history(events=(first, other, last))
    assert found.events_of("call-made") == (first, last)
    assert found.events_of("call-made", "home-visit", since=other.at) == (other, last)
    assert found.last_event("call-made") == last
    assert found.last_event("letter-sent") is None


def test_a_closed_case_begins_a_new_episode_in_its_own_year_only() -> None:
    before, now = happened("case-closed", at(7, 1, 9)), happened("case-closed", at(9, 8, 9))
    assert history(events=(before,)).episode() == history().episode()
    assert history(events=(before, now)).episode() != history().episode()
    assert history().episode().startswith("2026-27")


def test_the_sessions_left_and_the_best_that_the_year_can_become_go_by_the_pupil_s_own_days() -> None:
    found = history(marked("/ \\ O O"), day=date(2026, 9, 8))
    left = len(the_calendar().sessions(date(2026, 9, 9), found.year.last))
    assert found.sessions_left() == left
    before = len(the_calendar().sessions(found.year.first, date(2026, 9, 8)))
    assert found.path_back().best == Fraction(100 * (before - 2 + left), before + left)


def test_the_weekdays_of_absence_are_those_up_to_the_latest_opened_register() -> None:
    found = history(marked("O / / / / / / / / / O /"), day=date(2026, 9, 14))
    monday_morning, monday_afternoon, *_ = found.weekday_absence()
    assert (monday_morning.missed, monday_morning.possible) == (2, 2)
    assert (monday_afternoon.missed, monday_afternoon.possible) == (0, 2)


def test_the_rolling_sums_are_those_that_the_figures_had_at_the_end_of_each_week() -> None:
    found = history(marked("O / O / G / / / / / U " + "/ " * 60 + "N N O O O " * 3), day=date(2026, 11, 12))
    sums = dict(found.rolling_unauthorised())
    assert list(sums) == [week for week in the_calendar().school_weeks if date(2026, 8, 31) <= week <= found.until.day]
    for week, total in sums.items():
        until = min(week + timedelta(days=4), found.until.day)
        assert found.counts(until, until).unauthorised_10_weeks == total
    assert max(sums.values()) > 3


# The school


@pytest.fixture
def figures() -> Figures:
    people = (
        Someone(a_pupil("P1"), marked("/ / I I")),
        Someone(a_pupil("P2", year_group="N2", born=date(2023, 1, 1)), marked("O O O O")),
        Someone(a_pupil("P3", left=date(2026, 9, 7)), marked("/ / O O")),
    )
    return Subjects(a_world(at(9, 8, 15, 30), *people)).figures


def test_the_school_s_figures_hold_everybody_of_the_year_leavers_too(figures: Figures) -> None:
    found = figures.over(date(2026, 9, 7), date(2026, 9, 8))
    assert [(id, f.possible, f.absent) for id, f in found.items()] == [("P1", 4, 2), ("P2", 4, 4), ("P3", 2, 0)]


def test_the_school_s_figures_keep_to_the_cohort(figures: Figures) -> None:
    found = figures.over(date(2026, 9, 7), date(2026, 9, 8), Cohort.STATUTORY)
    assert found[PupilId("P2")].possible == 0


def test_a_school_with_nobody_on_roll_has_no_figures() -> None:
    empty = Figures(FRIDAY, the_calendar(), (Pupil(P1),), {})
    assert empty.over(AcademicYear(2026).first, FRIDAY) == {}
