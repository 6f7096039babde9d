"""One simulated school day of passes under injected time: tasks open, withdraw and escalate at the right minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from mbls_sync.contracts import Resource
from mbls_sync.model.calendar import Closure
from mbls_sync.model.deliveries import Effect, Kind, Mode, State
from mbls_sync.model.happenings import Direction, Event, Message, SignIn
from mbls_sync.model.proposals import RaiseTask
from mbls_sync.model.sessions import Period, Session
from mbls_sync.store import outbox
from mbls_sync.testing.builders import ZONE, the_calendar
from mbls_sync.testing.fake_school import FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import school_day

ORDINARY = date(2026, 11, 9)
BACK = the_calendar().school_day_after(date(2026, 10, 25), 0)
"""The first school day after the clocks went back."""
FORWARD = the_calendar().school_day_after(date(2027, 3, 28), 0)
"""The first school day after the clocks went forward."""


def a_school(folder: Path, day: date, **fields: object) -> FakeSchool:
    return a_fake_school(folder, f"sqlite:///{folder}/db.sqlite3", day, classes={"2T": 6, "1T": 3}, **fields)  # type: ignore[arg-type] # a test's own fields


@pytest.fixture(params=[ORDINARY, BACK, FORWARD], ids=["ordinary", "clocks-back", "clocks-forward"])
def school_and_day(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[FakeSchool, date]]:
    day: date = request.param
    school = a_school(tmp_path, day)
    yield school, day
    school.close()


def message(school: FakeSchool, number: int, when: datetime) -> Message:
    return Message(
        school.pupils[number - 1].id, when.replace(tzinfo=ZONE), "parent", "unwell", when.date() + timedelta(days=1)
    )


def the_task(school: FakeSchool, kind: str, pupil: str) -> Effect:
    found = [
        e for e in school.effects() if isinstance(e.proposal, RaiseTask) and (e.proposal.kind, e.pupil) == (kind, pupil)
    ]
    assert len(found) == 1, f"{len(found)} tasks {kind} for {pupil}"
    return found[0]


def test_a_day_opens_withdraws_and_escalates_at_the_right_minute(school_and_day: tuple[FakeSchool, date]) -> None:
    school, day = school_and_day
    am = Session(day, Period.AM)

    def tick(hour: int, minute: int) -> list[tuple[str, str]]:
        school.run(school_day(day, hour, minute))
        return school.open_tasks()

    assert tick(8, 30) == []
    school.mark(am, {"2T-1": "/", "2T-2": "/", "2T-3": "/"})
    assert tick(8, 44) == []
    assert tick(8, 45) == [("register-not-taken", f"{am} 1T")]
    school.mark(am, {"1T-1": "/", "1T-2": "/", "1T-3": "/"})
    assert tick(8, 50) == []
    school.happened(Resource.MESSAGES, message(school, 4, school_day(day, 9, 0)))
    assert tick(9, 14) == []
    assert tick(9, 15) == [("call-home", "2T-5"), ("call-home", "2T-6")]
    assert school.mis.code(school.pupils[4].id, am) == "N"

    late = school_day(day, 9, 20).time()
    school.happened(Resource.SIGN_INS, SignIn(school.pupils[4].id, day, late, Direction.IN, "overslept"))
    tick(9, 21)
    assert school.mis.code(school.pupils[4].id, am) == "U"
    assert tick(9, 26) == [("call-home", "2T-6")]
    assert the_task(school, "call-home", "2T-5").reason == "the mark is now U"

    assert tick(11, 59) == [("call-home", "2T-6")]
    assert tick(12, 0) == [("call-home", "2T-6"), ("no-contact", "2T-6")]
    school.happened(Resource.MESSAGES, message(school, 6, school_day(day, 12, 5)))
    assert tick(12, 10) == []
    assert the_task(school, "no-contact", "2T-6").state is State.WITHDRAWN
    assert "a message from home came at 12:05" in the_task(school, "no-contact", "2T-6").reason


def test_the_whole_day_writes_each_mark_once(school_and_day: tuple[FakeSchool, date]) -> None:
    school, day = school_and_day
    school.mark(Session(day, Period.AM), {f"2T-{n}": "/" for n in range(1, 5)} | {f"1T-{n}": "/" for n in range(1, 4)})
    moment = school_day(day, 8, 30)
    while moment <= school_day(day, 16):
        if moment.time() == time(13):
            afternoon = {f"2T-{n}": "\\" for n in range(1, 5)} | {f"1T-{n}": "\\" for n in range(1, 4)}
            school.mark(Session(day, Period.PM), afternoon)
        school.run(moment)
        moment += timedelta(minutes=15)
    written = [(pupil, session) for pupil, session, _ in school.mis.writes]
    assert written
    assert len(written) == len(set(written))


def test_a_closed_day_asks_for_nothing(tmp_path: Path) -> None:
    monday = date(2026, 10, 26)
    assert not the_calendar().is_school_day(monday)
    school = a_school(tmp_path, monday)
    for hour in range(8, 16):
        school.run(school_day(monday, hour, 30))
    assert [e for e in school.effects() if e.opened_at.astimezone(ZONE).date() == monday and e.kind is Kind.MARK] == []
    assert school.open_tasks("call-home") == []
    school.close()


def test_a_morning_that_is_closed_starts_the_day_at_noon(tmp_path: Path) -> None:
    shut = Closure(Session(ORDINARY, Period.AM), "burst pipe", planned=False)
    school = a_school(tmp_path, ORDINARY, closures=[shut])
    for hour, minute in ((8, 45), (9, 15), (12, 0), (12, 44)):
        school.run(school_day(ORDINARY, hour, minute))
        assert school.open_tasks() == []
    school.run(school_day(ORDINARY, 12, 45))
    pm = Session(ORDINARY, Period.PM)
    assert school.open_tasks() == [("register-not-taken", f"{pm} 1T"), ("register-not-taken", f"{pm} 2T")]
    school.mark(pm, {"2T-1": "\\", "2T-2": "\\", "1T-1": "\\", "1T-2": "\\", "1T-3": "\\"})
    school.run(school_day(ORDINARY, 12, 46))
    assert ("call-home", "2T-3") in school.open_tasks()
    school.close()


class TestGoLive:
    """What was already so before going live is listed for triage and starts no clock."""

    @pytest.fixture
    def school(self, tmp_path: Path) -> Iterator[FakeSchool]:
        made = a_school(tmp_path, ORDINARY, go_live=ORDINARY)
        made.mis.page_rows = 10_000  # a first load in one piece, as a file is
        earlier = Session(date(2026, 11, 5), Period.AM)
        made.mark(earlier, {"2T-1": "N", "2T-2": "N"})
        made.mark(Session(ORDINARY, Period.AM), {f"2T-{n}": "/" for n in range(1, 6)} | {"2T-6": "N"})
        yield made
        made.close()

    def test_an_old_absence_is_inherited_and_a_new_one_is_a_task(self, school: FakeSchool) -> None:
        school.run(school_day(ORDINARY, 9, 16))
        assert school.open_tasks("call-home") == [("call-home", "2T-6")]
        inherited = sorted({str(e.pupil) for e in school.effects() if e.state is State.INHERITED})
        assert inherited == ["2T-1", "2T-2"]

    def test_nothing_is_written_for_what_is_inherited(self, school: FakeSchool) -> None:
        school.mark(Session(date(2026, 11, 5), Period.AM), {"2T-1": ""})
        school.run(school_day(ORDINARY, 9, 16))
        assert [session.day for _, session, _ in school.mis.writes if session.day < ORDINARY] == []

    def test_before_the_day_everything_is_inherited_and_nothing_is_sent(self, school: FakeSchool) -> None:
        school.go_live = date(2026, 11, 16)
        school.run(school_day(ORDINARY, 9, 16))
        assert {e.state for e in school.effects()} == {State.INHERITED}
        assert list(school.mis.writes) == []

    def test_an_inherited_absence_that_is_explained_is_withdrawn(self, school: FakeSchool) -> None:
        school.run(school_day(ORDINARY, 9, 16))
        school.mark(Session(date(2026, 11, 5), Period.AM), {"2T-1": "I"})
        school.run(school_day(ORDINARY, 9, 30))
        found = the_task(school, "call-home", "2T-1")
        assert (found.state, found.reason) == (State.WITHDRAWN, "the mark is now I")

    def test_a_rule_that_is_enabled_later_does_not_fire_its_backlog(self, school: FakeSchool) -> None:
        all_rules = school.rules
        school.rules = [rule for rule in all_rules if rule.info.id != "FDC-T1"]
        school.run(school_day(ORDINARY, 9, 16))
        school.rules = all_rules
        school.run(school_day(ORDINARY, 9, 30))
        assert school.open_tasks("call-home") == [("call-home", "2T-6")]


class TestModes:
    """Shadow plans, confirm waits for a person, auto delivers; a change of mode releases nothing that piled up."""

    @pytest.fixture
    def school(self, tmp_path: Path) -> Iterator[FakeSchool]:
        made = a_school(tmp_path, ORDINARY, mode=Mode.SHADOW)
        made.mark(Session(ORDINARY, Period.AM), {f"2T-{n}": "/" for n in range(1, 6)} | {"1T-1": "/", "1T-2": "/"})
        yield made
        made.close()

    def test_shadow_writes_nothing(self, school: FakeSchool) -> None:
        school.run(school_day(ORDINARY, 9, 16))
        assert [e.state for e in school.effects() if e.kind is Kind.MARK] == [State.PLANNED, State.PLANNED]
        assert list(school.mis.writes) == []

    def test_turning_auto_on_does_not_release_what_piled_up(self, school: FakeSchool) -> None:
        school.run(school_day(ORDINARY, 9, 16))
        school.mode = Mode.AUTO
        school.run(school_day(ORDINARY, 9, 20))
        school.run(school_day(ORDINARY, 9, 25))
        assert list(school.mis.writes) == []

    def test_what_is_called_for_after_auto_is_on_is_written(self, school: FakeSchool) -> None:
        school.run(school_day(ORDINARY, 9, 10))
        school.mode = Mode.AUTO
        school.run(school_day(ORDINARY, 9, 16))
        assert sorted(code for _, _, code in school.mis.writes) == ["N", "N"]

    def test_confirm_writes_what_a_person_approved_and_nothing_else(self, school: FakeSchool) -> None:
        school.mode = Mode.CONFIRM
        school.run(school_day(ORDINARY, 9, 16))
        assert list(school.mis.writes) == []
        chosen = next(e for e in school.effects() if e.kind is Kind.MARK and e.pupil == "2T-6")
        with school.store.begin() as tx:
            now = school_day(ORDINARY, 9, 17).replace(tzinfo=ZONE)
            outbox.move(tx, chosen.key, State.APPROVED, reason="approved", now=now, expect=(State.PLANNED,))
        school.run(school_day(ORDINARY, 9, 20))
        assert [str(pupil) for pupil, _, _ in school.mis.writes] == ["2T-6"]


def test_a_task_that_a_person_did_is_verified_and_stays_done(tmp_path: Path) -> None:
    school = a_school(tmp_path, ORDINARY)
    school.mark(Session(ORDINARY, Period.AM), {f"2T-{n}": "/" for n in range(1, 6)} | {"2T-6": "N"})
    school.run(school_day(ORDINARY, 9, 16))
    task = the_task(school, "call-home", "2T-6")
    done = Event(
        school_day(ORDINARY, 9, 30).replace(tzinfo=ZONE), "task-done", task.pupil, "no answer", ref=task.key[:8]
    )
    school.happened(Resource.EVENTS, done)
    school.run(school_day(ORDINARY, 9, 31))
    assert the_task(school, "call-home", "2T-6").state is State.VERIFIED
    school.run(school_day(ORDINARY, 9, 36))
    assert the_task(school, "call-home", "2T-6").state is State.VERIFIED
    school.close()
