"""Which registers and marks are judged, and where the school's year stands."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from mbls_sync.engine.moments import last_opened, moment
from mbls_sync.engine.subjects import Subjects
from mbls_sync.model.calendar import Closure
from mbls_sync.model.happenings import Direction, LeaveRequest, SignIn
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pattern, Phase
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import Someone, a_pupil, a_world, the_calendar
from mbls_sync.testing.filling import presence
from mbls_sync.testing.small_rules import school_day

DAY = date(2026, 11, 9)
AM, PM = Session(DAY, Period.AM), Session(DAY, Period.PM)
PAST = Session(date(2026, 11, 3), Period.AM)
BEFORE = presence(the_calendar(), date(2026, 11, 2), DAY - timedelta(days=1))


def someone(
    id: str, *, without: tuple[Session, ...] = (), marks: dict[Session, str] | None = None, **fields: object
) -> Someone:
    held = {session: code for session, code in BEFORE.items() if session not in without} | (marks or {})
    return Someone(a_pupil(id, **fields), held)


def judged(subjects: Subjects) -> list[tuple[str, Session]]:
    return [(s.pupil, s.session) for s in subjects.sessions]


def test_nobody_is_judged_before_the_register_opens() -> None:
    world = a_world(school_day(DAY, 8, 44), someone("P1", marks={AM: "/"}), someone("P2"))
    assert judged(Subjects(world)) == []


def test_every_expected_pupil_is_judged_once_the_register_has_opened() -> None:
    world = a_world(school_day(DAY, 8, 45), someone("P1", marks={AM: "/"}), someone("P2"))
    assert judged(Subjects(world)) == [("P1", AM), ("P2", AM)]


def test_a_register_that_was_not_taken_is_judged_and_its_pupils_are_not() -> None:
    subjects = Subjects(a_world(school_day(DAY, 9, 20), someone("P1"), someone("P2")))
    assert judged(subjects) == []
    assert [(r.class_name, r.session, r.is_taken) for r in subjects.registers] == [("2T", AM, False)]


@pytest.mark.parametrize("code", ["", "N"])
def test_an_earlier_session_without_an_explanation_is_judged(code: str) -> None:
    world = a_world(school_day(DAY, 8, 0), someone("P1"), someone("P2", without=(PAST,), marks={PAST: code}))
    assert judged(Subjects(world)) == [("P2", PAST)]


def test_an_earlier_session_that_is_explained_is_left_alone() -> None:
    assert judged(Subjects(a_world(school_day(DAY, 8, 0), someone("P1"), someone("P2", marks={PAST: "I"})))) == []


def test_an_earlier_session_with_a_code_that_was_withdrawn_is_judged() -> None:
    subjects = Subjects(a_world(school_day(DAY, 8, 0), someone("P1"), someone("P2", marks={PAST: "H"})))
    assert judged(subjects) == [("P2", PAST)]
    assert subjects.sessions[0].standing == "withdrawn"


def test_a_day_with_a_sign_in_is_judged_whatever_its_marks() -> None:
    late = SignIn(PupilId("P2"), PAST.day, time(9, 20), Direction.IN)
    person = someone("P2")
    world = a_world(school_day(DAY, 8, 0), someone("P1"), Someone(person.pupil, person.marks, sign_ins=(late,)))
    assert judged(Subjects(world)) == [("P2", PAST), ("P2", Session(PAST.day, Period.PM))]


def test_a_part_time_pupil_is_judged_only_where_the_pattern_says() -> None:
    mornings = Pattern(None, None, frozenset((weekday, Period.AM) for weekday in range(5)))
    half = Someone(a_pupil("P2", patterns=(mornings,)), {s: c for s, c in BEFORE.items() if s.period is Period.AM})
    subjects = Subjects(a_world(school_day(DAY, 14), someone("P1", marks={AM: "/", PM: "\\"}), half))
    assert [pair for pair in judged(subjects) if pair[0] == "P2"] == [("P2", AM)]
    afternoon = next(r for r in subjects.registers if r.session == PM)
    assert afternoon.excused == ("P2",)


@pytest.mark.parametrize("scope", ["class:2T", "year:2"])
def test_a_class_that_is_shut_is_asked_for_no_register_and_its_pupils_for_no_reason(scope: str) -> None:
    shut = someone("P1", class_name="2T", year_group="2", marks={AM: "N"})
    here = someone("P2", class_name="3R", year_group="3")
    world = a_world(school_day(DAY, 9, 20), shut, here, closures=(Closure(AM, "boiler", planned=False, scope=scope),))
    subjects = Subjects(world)
    assert judged(subjects) == []
    assert [(register.class_name, register.is_taken) for register in subjects.registers] == [("3R", False)]


def test_nobody_is_judged_before_they_join_or_after_they_leave() -> None:
    joins = someone("P2", admitted=DAY + timedelta(days=1))
    left = someone("P3", left=DAY - timedelta(days=1), without=(PAST,))
    world = a_world(school_day(DAY, 9, 0), someone("P1", marks={AM: "/"}), joins, left)
    assert {pupil for pupil, _ in judged(Subjects(world))} == {"P1"}


def test_sessions_before_the_first_mark_of_the_year_are_no_missing_registers() -> None:
    subjects = Subjects(a_world(school_day(DAY, 8, 0), someone("P1")))
    assert subjects.registers == ()


def test_the_nursery_opens_a_quarter_of_an_hour_later() -> None:
    world = a_world(school_day(DAY, 8, 50), someone("P1", marks={AM: "/"}))
    assert last_opened(world, Phase.KEY_STAGE_1) == AM
    assert last_opened(world, Phase.NURSERY) < AM


def test_a_history_reaches_to_the_last_opened_register() -> None:
    world = a_world(school_day(DAY, 9, 0), someone("P1", marks={AM: "/"}))
    assert Subjects(world).histories[PupilId("P1")].until == AM


@pytest.mark.parametrize(
    ("day", "hour", "minute", "week", "half", "term"),
    [
        (date(2026, 10, 22), 13, 59, False, False, False),
        (date(2026, 10, 22), 14, 0, True, True, False),
        (date(2026, 10, 28), 9, 0, True, True, False),
        (date(2026, 11, 9), 15, 0, False, False, False),
        (date(2026, 11, 13), 15, 0, True, False, False),
    ],
)
def test_an_end_is_reached_with_its_last_session_and_stays_so(
    day: date, hour: int, minute: int, week: bool, half: bool, term: bool
) -> None:
    found = moment(a_world(school_day(day, hour, minute), someone("P1")))
    assert (found.week_ends, found.half_term_ends, found.term_ends) == (week, half, term)


def asked(id: str, first: date, last: date, **fields: object) -> Someone:
    received = school_day(date(2026, 9, 1), 9, 0)
    request = LeaveRequest(PupilId(id), received, first, last, "wedding")
    return Someone(a_pupil(id, **fields), requests=(request,))


def test_a_request_is_judged_to_the_end_of_its_academic_year() -> None:
    past = asked("P1", date(2026, 9, 2), date(2026, 9, 3))
    ahead = asked("P2", date(2027, 9, 2), date(2027, 9, 3))
    long_past = asked("P3", date(2026, 7, 30), date(2026, 7, 31))
    subjects = Subjects(a_world(school_day(DAY, 8, 0), past, ahead, long_past))
    assert [request.pupil for request in subjects.requests] == ["P1", "P2"]


def test_a_pupil_is_told_of_the_requests_for_brothers_and_sisters_alone() -> None:
    home = {"address": "1 Example Road", "postcode": "XX1 1XX", "contacts": ()}
    days = (date(2026, 12, 1), date(2026, 12, 2))
    one, other = asked("P1", *days, **home), asked("P2", *days, **home)
    stranger = asked("P3", *days, address="2 Example Road", postcode="XX1 1XX", contacts=())
    histories = Subjects(a_world(school_day(DAY, 8, 0), one, other, stranger)).histories
    siblings = {id: [r.pupil for r in history.sibling_requests] for id, history in histories.items()}
    assert siblings == {"P1": ["P2"], "P2": ["P1"], "P3": []}
