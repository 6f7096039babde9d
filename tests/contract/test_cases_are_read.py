"""What a YAML case may say, and what becomes of a slip in it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.engine.histories import histories
from mbls_sync.errors import ParameterError
from mbls_sync.model.proposals import RaiseTask, Rank
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import ZONE, the_calendar
from mbls_sync.testing.cases import load_cases
from mbls_sync.testing.expecting import Wish, differences
from mbls_sync.testing.filling import exactly, spread

TASK = RaiseTask("call-home", "Call home", "Nobody called.", datetime(2026, 9, 7, 12, tzinfo=ZONE), "office", Rank(2))


@pytest.fixture
def world(tmp_path):
    """The world of one case with the given `given`."""

    def make(text, now="2026-11-24 09:15"):
        file = tmp_path / "made-up.yaml"
        file.write_text(f"- name: made up\n  now: {now}\n  given: {text}\n  expect: []\n")
        return load_cases(file)[0].world

    return make


def figures(world, id="P1"):
    return histories(world)[id].figures


@given(st.integers(1, 110), st.data())
def test_a_figure_is_made_exactly(possible, data):
    missed = data.draw(st.integers(0, possible))
    marks = exactly(the_calendar(), date(2026, 12, 14), [(possible, missed, "I")])
    assert sum(code == "I" for code in marks.values()) == missed
    assert sum(code in "/\\I" for code in marks.values()) == possible


def test_a_figure_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="cannot be missed"):
        spread(the_calendar().years[0].sessions[:4], 5, "I")
    with pytest.raises(ValueError, match="only 4 sessions were held"):
        exactly(the_calendar(), date(2026, 9, 3), [(5, 0, "I")])


def test_attendance_gives_the_figure_to_date(world):
    found = figures(world("{attendance: {possible: 101, missed: 8, code: O}}"))
    assert (found.possible, found.absent, found.unauthorised) == (101, 8, 8)


def test_attendance_may_have_parts_oldest_first(world):
    found = histories(world("{attendance: [{possible: 60, missed: 9}, {possible: 40, missed: 0}]}"))["P1"]
    assert (found.figures.possible, found.figures.absent) == (100, 9)
    assert all(code in "/\\" for _, code in found.recent(41)[:40])


def test_a_pupil_was_present_before_the_first_mark_that_is_named(world):
    history = histories(world("{marks: {2026-11-23 PM: N}}"))["P1"]
    assert (history.figures.absent, history.figures.unmarked) == (1, 2)
    assert history.code(Session(date(2026, 11, 20), Period.PM)) == "\\"
    assert history.code(Session(date(2026, 11, 23), Period.AM)) == ""


def test_present_none_leaves_all_else_without_a_mark(world):
    assert figures(world("{present: none, marks: {2026-11-23 PM: N}}")).possible == 1


def test_a_week_is_ten_characters(world):
    found = figures(world("{weeks: ['2026-11-16: /\\//IIO..U']}"))
    assert (found.possible, found.present, found.authorised, found.unauthorised) == (8, 4, 2, 2)


def test_a_part_time_pupil_is_present_in_the_booked_sessions_only(world):
    found = figures(world("{pupil: {year_group: N2}, patterns: [{sessions: 'Mon AM, Tue AM'}]}"))
    held = sum(
        s.period is Period.AM and s.day.weekday() < 2
        for s in the_calendar().years[1].sessions
        if s.day < date(2026, 11, 24)
    )
    assert found.possible == held


def test_everything_that_can_be_known_of_a_pupil_can_be_said(world):
    made = world(
        """
      pupil: {year_group: R, born: 2021-12-01, looked_after: yes, class_name: RT}
      details: {2026-11-23 AM: {minutes_late: 7, comment: bus}}
      marks: {2026-11-23 AM: L}
      messages: [{at: 2026-11-24 08:20, reason: a cold, back: 2026-11-26, from: mother}]
      sign_ins: [{at: 2026-11-24 09:02}, {at: 2026-11-24 10:02, way: out, reason: dentist}]
      requests: [{at: 2026-11-20 10:00, first: 2026-12-01, last: 2026-12-02, purpose: holiday}]
      events: [{at: 2026-11-20 10:00, kind: support-letter-sent, by: Officer Example}]
      flags: [young carer, {name: disability, from: 2026-09-01, to: 2026-10-01}]
      contacts: [{mobile: 07700 900001}, {email: adult@example.org}]
      school_events: [{at: 2026-11-20 10:00, kind: return-sent}]
      closures: [{session: 2026-11-16 AM, reason: no heating}]
      also: [{marks: {2026-11-23 AM: N}}]
      go_live: 2026-10-01
      parameters: {first_day_calling.starts_at: 09:20}"""
    )
    first = made.pupils["P1"]
    assert (first.looked_after, first.class_name, len(first.contacts)) == (True, "RT", 2)
    assert first.has_flag("Young Carer", date(2026, 11, 24))
    assert not first.has_flag("disability", date(2026, 11, 24))
    assert made.details["P1", Session(date(2026, 11, 23), Period.AM)].minutes_late == 7
    assert made.code("P2", Session(date(2026, 11, 23), Period.AM)) == "N"
    assert not made.calendar.is_session(Session(date(2026, 11, 16), Period.AM))
    assert made.policy().time_of_day("first_day_calling.starts_at").minute == 20
    assert [len(rows) for rows in (made.messages, made.sign_ins, made.requests, made.events)] == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{mark: {2026-11-23 AM: N}}", "unknown key 'mark'"),
        ("{marks: {2026-11-23: N}}", "is no session"),
        ("{pupil: {age: 7}}", "unknown key 'age'"),
        ("{pupil: {looked_after: perhaps}}", "neither yes nor no"),
        ("{attendance: {possible: 500, missed: 1}}", "sessions were held"),
        ("{weeks: ['2026-11-17: //////////']}", "Monday"),
        ("{messages: [{at: 8.20}]}", "cannot be read"),
        ("{parameters: {no.such: 1}}", "no parameter is called"),
        ("{parameters: {first_day_calling.starts_at: 930}}", "is no time"),
    ],
)
def test_a_slip_is_an_error_with_its_line(world, text, problem):
    with pytest.raises(ParameterError, match=problem) as caught:
        world(text)
    assert caught.value.line == 3


def wish(sort="task", **fields):
    return Wish(sort, {sort: "call-home", **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"role": "office"},
        {"due": "2026-09-07 12:00"},
        {"due": "2026-09-07"},
        {"rank": "no_contact"},
        {"why": "nobody"},
    ],
)
def test_an_expectation_matches_in_the_fields_it_names(fields):
    assert differences([wish(**fields)], [TASK]) == ""


@pytest.mark.parametrize(
    "fields", [{"role": "head"}, {"due": "2026-09-07 12:01"}, {"rank": "praise"}, {"colour": "red"}]
)
def test_an_expectation_that_differs_in_any_field_does_not_match(fields):
    assert "did not ask for" in differences([wish(**fields)], [TASK])


def test_what_is_too_much_is_said():
    assert "also asked for" in differences([], [TASK])
    assert "also asked for" in differences([wish()], [TASK, TASK])
