"""One return by commands: it is not ready, it is mended or overridden, sent, queried, corrected, acknowledged."""

import contextlib
import json
from datetime import date, timedelta

import pytest
import time_machine

from mbls_sync.testing.builders import the_calendar
from tests.acceptance.conftest import AMBER, BLUE, CANARY, NOW, marks

PERIOD = "2026-11"


PRESENT = {"AM": "/", "PM": "\\"}
AWAY = the_calendar().sessions(date(2026, 11, 9), date(2026, 11, 20))


def _row(who, session, code):
    return who, session.day, str(session.period), code


def _year(who, code=""):
    """Here since September, but for ten school days with a code."""
    sessions = the_calendar().sessions(date(2026, 9, 1), date(2026, 11, 23))
    codes = [code if code and s in AWAY else PRESENT[s.period] for s in sessions]
    today = (who, date(2026, 11, 24), "AM", "/")
    return [today, *(_row(who, s, c) for s, c in zip(sessions, codes, strict=True))]


def _standing(school):
    rows = json.loads(school.run("returns", "list", "--format", "json").out)
    return next(row for row in rows if row["name"] == "attendance" and row.get("period") == PERIOD)


@pytest.fixture
def minutes():
    """Moves the clock, which stands still, to so many minutes past the fixture's time."""
    with contextlib.ExitStack() as clocks:
        yield lambda count: clocks.enter_context(time_machine.travel(NOW + timedelta(minutes=count), tick=False))


@pytest.fixture
def listed(school):
    """Amber was away for ten school days without a reason; one session is still N."""
    amber = [(*row[:3], "N") if row[1:3] == (date(2026, 11, 20), "PM") else row for row in _year(AMBER, "O")]
    marks(school.inbox / "marks.csv", [*amber, *_year(BLUE), *_year(CANARY)])
    with (school.inbox / "pupils.csv").open(encoding="utf-8") as file:
        text = file.read()
    head, *lines = text.strip().splitlines()
    text = "\n".join([f"{head},Address,Postcode", *(f"{line},1 Test Lane,ZZ1 1ZZ" for line in lines)])
    (school.inbox / "pupils.csv").write_text(text + "\n", encoding="utf-8")
    assert school.run("once").code == 0
    return school


def _mend(school):
    marks(school.inbox / "marks-2.csv", [(AMBER, date(2026, 11, 20), "PM", "O")])
    school.run("once")


def _send(school):
    school.run("returns", "write", "attendance", "--period", PERIOD)
    answer = school.run("send", "done", f"attendance {PERIOD}", "--by", "O. Test-Officer")
    assert answer.code == 0, answer.err


def test_it_is_not_ready_while_an_n_is_left_and_says_whose_that_is(listed):
    answer = listed.run("returns", "lint", "attendance")
    assert answer.code == 1
    assert "1 session still N" in answer.out
    assert "attendance officer" in answer.out
    assert f"attendance {PERIOD}: not ready" in answer.out
    assert (_standing(listed)["state"], _standing(listed)["stops"]) == ("not ready", 1)


def test_mended_it_is_ready(listed):
    _mend(listed)
    assert listed.run("returns", "lint", "attendance").code == 0
    assert _standing(listed)["state"] == "ready"


def test_an_override_names_who_and_why_is_audited_and_ends_when_something_more_is_wrong(listed):
    why = "the LA wants it today"
    answer = listed.run("returns", "lint", "attendance", "--override", why, "--by", "H. Test-Head")
    assert (answer.code, why in answer.out) == (0, True)
    assert _standing(listed)["state"] == "overridden"
    assert "lint.overridden" in listed.run("audit", "export").out
    marks(listed.inbox / "marks-2.csv", [(AMBER, date(2026, 11, 20), "AM", "N")])
    listed.run("once")
    assert _standing(listed)["state"] == "not ready"


def test_a_session_that_the_mis_gives_two_marks_stops_it_until_it_gives_one(listed):
    _mend(listed)
    twice = [(AMBER, date(2026, 11, 19), "AM", code) for code in ("O", "/")]
    marks(listed.inbox / "marks-3.csv", twice)
    listed.run("once")
    answer = listed.run("returns", "lint", "attendance", "--format", "json")
    assert (answer.code, "duplicate-sessions" in answer.out, "with different codes" in answer.out) == (1, True, True)
    assert _standing(listed)["stops"] == 1
    marks(listed.inbox / "marks-3.csv", twice[:1])
    listed.run("once")
    assert listed.run("returns", "lint", "attendance").code == 0


def test_nothing_is_overridden_where_nothing_stops_it(listed):
    _mend(listed)
    assert listed.run("returns", "lint", "attendance", "--override", "no reason").code == 2


def test_what_was_not_sent_can_be_neither_acknowledged_nor_corrected(listed):
    for step in (("acknowledge",), ("query", "--note", "x"), ("correct", "--reason", "x")):
        answer = listed.run("returns", step[0], "attendance", *step[1:])
        assert (answer.code, "not recorded as sent" in answer.err) == (2, True)


def test_sent_queried_corrected_and_acknowledged_it_keeps_the_first_file(listed, minutes):
    _mend(listed)
    _send(listed)
    assert _standing(listed)["state"] == "sent"
    minutes(1)
    assert listed.run("returns", "query", "attendance", "--note", "which days?").code == 0
    assert _standing(listed)["state"] == "queried"
    minutes(2)
    assert listed.run("returns", "correct", "attendance", "--reason", "the dates are added").code == 0
    assert _standing(listed)["state"] == "correction due"
    folder = listed.folder / "out" / "returns"
    stated = json.loads((folder / f"8230000_attendance_{PERIOD}_002.manifest.json").read_text(encoding="utf-8"))
    assert stated["supersedes"] == f"8230000_attendance_{PERIOD}_001"
    assert (folder / f"8230000_attendance_{PERIOD}_001.csv").is_file()
    minutes(3)
    assert listed.run("send", "done", f"8230000_attendance_{PERIOD}_002", "--by", "O. Test-Officer").code == 0
    assert _standing(listed)["state"] == "corrected"
    minutes(4)
    assert listed.run("returns", "acknowledge", "attendance").code == 0
    assert _standing(listed)["state"] == "acknowledged"
    events = json.loads(listed.run("events", "list", "--upn", AMBER, "--format", "json").out)
    told = [event["outcome"] for event in events if event["kind"] == "return-line-sent"]
    assert told == ["2026-11-09..2026-11-20"] * 2


def test_what_the_la_has_is_not_written_again_unasked_and_nobody_is_taken_back_who_was_not_told(listed):
    _mend(listed)
    _send(listed)
    again = listed.run("returns", "write", "attendance", "--period", PERIOD)
    assert (again.code, "nothing in it is to be corrected" in again.err) == (2, True)
    assert f"Where the LA lost it, give it 8230000_attendance_{PERIOD}_001 of out/returns again" in again.err
    for upn in (BLUE, "Z823000026001"):
        answer = listed.run("returns", "retract", "attendance", upn, "--reason", "x")
        assert (answer.code, "told of no pupil of that UPN" in answer.err) == (2, True)
    assert _standing(listed)["state"] == "sent"
    assert not list((listed.folder / "out" / "returns").glob("*_002.*"))


def test_the_return_of_a_past_moment_never_lies_among_what_goes_to_the_la(listed, tmp_path):
    answer = listed.run("returns", "write", "attendance", "--period", PERIOD, "--at", "2026-11-24")
    assert (answer.code, "--out FOLDER" in answer.err) == (2, True)
    aside = listed.run("returns", "write", "attendance", "--at", "2026-11-24", "--out", str(tmp_path / "then"))
    assert aside.code == 0, aside.err
    assert (tmp_path / "then" / f"8230000_attendance_{PERIOD}_001.csv").is_file()


def test_a_line_whose_marks_were_amended_is_offered_back_and_taken_out_of_the_next_file(listed):
    _mend(listed)
    _send(listed)
    marks(listed.inbox / "marks-3.csv", [_row(AMBER, session, PRESENT[session.period]) for session in AWAY])
    listed.run("once")
    tasks = json.loads(listed.run("tasks", "list", "--format", "json").out)["rows"]
    (offer,) = [task for task in tasks if task["kind"] == "retract-return-line"]
    assert offer["upn"] == AMBER
    answer = listed.run("returns", "retract", "attendance", AMBER, "--reason", "the marks were wrong")
    assert answer.code == 0, answer.err
    folder = listed.folder / "out" / "returns"
    assert AMBER in (folder / f"8230000_attendance_{PERIOD}_001.csv").read_text(encoding="utf-8")
    assert AMBER not in (folder / f"8230000_attendance_{PERIOD}_002.csv").read_text(encoding="utf-8")
    listed.run("once")
    tasks = json.loads(listed.run("tasks", "list", "--format", "json").out)["rows"]
    assert not [task for task in tasks if task["kind"] == "retract-return-line"]
