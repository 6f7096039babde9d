"""The guarded write: read again, compared, written once, read back; a person's mark always wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from mbls_sync.delivery.clearance import is_quiet
from mbls_sync.errors import LeaseLost
from mbls_sync.model.deliveries import Effect, Kind, MarkKey, Mode, State
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import RaiseTask, SetCode
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.subjects import PupilSession
from mbls_sync.policy.view import PolicyAt
from mbls_sync.store import leases, outbox
from mbls_sync.testing.builders import ZONE, a_parameter, the_parameters
from mbls_sync.testing.fake_school import NO_CAP, FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import BLANK_IS_N, NOT_TAKEN, school_day, small_rule

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)
BLANK = PupilId("2T-4")
"""The one pupil without a mark."""


@pytest.fixture
def school(tmp_path: Path, database_url: str) -> Iterator[FakeSchool]:
    made = a_fake_school(tmp_path, database_url, DAY, classes={"2T": 4}, rules=(BLANK_IS_N, NOT_TAKEN))
    made.mark(AM, {"2T-1": "/", "2T-2": "/", "2T-3": "/"})
    yield made
    made.close()


def the_mark(school: FakeSchool) -> Effect:
    (found,) = (effect for effect in school.effects() if effect.kind is Kind.MARK)
    return found


def tick(school: FakeSchool, minute: int) -> Effect:
    school.run(school_day(DAY, 9, minute))
    return the_mark(school)


def tasks(school: FakeSchool) -> list[str]:
    return [kind for kind, _ in school.open_tasks()]


def test_a_mark_is_written_once_and_read_back(school: FakeSchool) -> None:
    assert (tick(school, 16).state, the_mark(school).receipt) == (State.VERIFIED, "fake-1")
    tick(school, 21)
    assert school.mis.writes == ((BLANK, AM, "N"),)


def test_a_mark_that_a_teacher_entered_meanwhile_wins(school: FakeSchool) -> None:
    school.around = lambda mis, store: _Meanwhile(school, "I")
    found = tick(school, 16)
    assert (found.state, school.mis.writes) == (State.CONFLICTED, ())
    assert "the MIS shows I where the rule saw no mark" in found.reason
    assert tasks(school) == ["mark-conflict"]
    assert school.mis.code(BLANK, AM) == "I"


def test_the_task_about_a_conflict_closes_when_the_register_explains_itself(school: FakeSchool) -> None:
    school.around = lambda mis, store: _Meanwhile(school, "I")
    tick(school, 16)
    school.around = lambda mis, store: mis
    tick(school, 21)
    assert tasks(school) == []


def test_a_mark_that_is_there_already_is_not_written(school: FakeSchool) -> None:
    school.around = lambda mis, store: _Meanwhile(school, "N")
    found = tick(school, 16)
    assert (found.state, school.mis.writes) == (State.VERIFIED, ())


def test_a_lost_answer_to_a_write_that_landed_is_verified_by_reading_back(school: FakeSchool) -> None:
    school.mis.faults.lose_answer_every = 1
    assert tick(school, 16).state is State.VERIFIED
    assert len(school.mis.writes) == 1


def test_a_write_whose_answer_was_lost_is_read_back_and_never_sent_again_by_itself(school: FakeSchool) -> None:
    school.mis.faults.lose_write_every = 1
    assert tick(school, 16).state is State.UNKNOWN
    assert tasks(school) == []
    school.mis.faults.lose_write_every = 0
    school.run(school_day(DAY, 10, 15))
    assert tasks(school) == []
    school.run(school_day(DAY, 10, 16))
    assert tasks(school) == ["mark-unknown"]
    assert sum(line["by"] == "sync" for line in school.mis.journal()) == 1


def test_what_stays_unknown_is_written_once_more_when_a_person_says_so(school: FakeSchool) -> None:
    school.mis.faults.lose_write_every = 1
    tick(school, 16)
    school.mis.faults.lose_write_every = 0
    school.run(school_day(DAY, 10, 16))
    take_up_again(school, State.UNKNOWN, _moment(16) + timedelta(hours=1))
    school.run(school_day(DAY, 10, 21))
    assert the_mark(school).state is State.VERIFIED
    assert (len(school.mis.writes), tasks(school)) == (1, [])


def test_a_write_that_landed_late_is_verified_whenever_it_shows(school: FakeSchool) -> None:
    school.mis.faults.lose_write_every = 1
    tick(school, 16)
    school.run(school_day(DAY, 10, 16))
    school.mis.set(BLANK, AM, "N")
    school.run(school_day(DAY, 10, 21))
    assert (the_mark(school).state, tasks(school)) == (State.VERIFIED, [])


def take_up_again(school: FakeSchool, found_as: State, moment: datetime) -> None:
    """As `outbox retry` does it."""
    with school.store.begin() as tx:
        key = the_mark(school).key
        outbox.move(tx, key, State.PLANNED, reason="seen", now=moment, expect=(found_as,), receipt="")


def test_a_refused_write_is_a_task_and_is_not_tried_again(school: FakeSchool) -> None:
    school.mis.faults.refuse_every = 1
    assert tick(school, 16).state is State.REFUSED
    assert tick(school, 21).state is State.REFUSED
    assert tasks(school) == ["mark-refused"]
    assert sum(line["by"] == "sync" for line in school.mis.journal()) == 1


def test_an_mis_that_is_away_changes_nothing_and_the_pass_goes_on(school: FakeSchool) -> None:
    school.run(school_day(DAY, 9, 10))
    school.mis.faults.unreachable = True
    report = school.run(school_day(DAY, 9, 16))
    assert report.unreachable
    assert the_mark(school).state is State.PLANNED
    school.mis.faults.unreachable = False
    assert tick(school, 21).state is State.VERIFIED


def test_more_marks_than_a_pass_may_write_wait_for_a_person(school: FakeSchool) -> None:
    share = a_parameter("write.max_share_of_register", "percent", Decimal(20))
    school.made_up = {"write.max_share_of_register": share}
    assert tick(school, 16).state is State.PLANNED
    assert school.mis.writes == ()
    assert tasks(school) == ["write-cap"]
    with school.store.begin() as tx:
        key = the_mark(school).key
        outbox.move(tx, key, State.APPROVED, reason="seen", now=_moment(17), expect=(State.PLANNED,))
    assert tick(school, 21).state is State.VERIFIED
    assert tasks(school) == []


def test_a_count_of_marks_is_capped_too(school: FakeSchool) -> None:
    school.made_up = {**NO_CAP, "write.max_changes_per_pass": a_parameter("write.max_changes_per_pass", "count", 0)}
    assert tick(school, 16).state is State.PLANNED
    assert "one pass may write 0" in _why(school)


def test_as_many_marks_as_a_pass_may_write_are_written(school: FakeSchool) -> None:
    school.made_up = {**NO_CAP, "write.max_changes_per_pass": a_parameter("write.max_changes_per_pass", "count", 1)}
    assert tick(school, 16).state is State.VERIFIED


def test_a_fault_that_stays_under_the_cap_of_a_pass_is_stopped_by_that_of_the_day(school: FakeSchool) -> None:
    school.made_up = {**NO_CAP, "write.max_changes_per_day": a_parameter("write.max_changes_per_day", "count", 1)}
    assert tick(school, 16).state is State.VERIFIED
    afternoon = Session(DAY, Period.PM)
    for name in ("2T-1", "2T-2", "2T-3"):
        school.mis.set(PupilId(name), afternoon, "\\")
    school.run(school_day(DAY, 14, 30))
    assert school.mis.writes == ((BLANK, AM, "N"),)
    assert "1 marks wait and 1 were written today already; one day may write 1" in _why(school)
    (waiting,) = (e for e in school.effects() if e.kind is Kind.MARK and e.state is State.PLANNED)
    with school.store.begin() as tx:
        outbox.move(tx, waiting.key, State.APPROVED, reason="seen", now=_moment(22), expect=(State.PLANNED,))
    school.run(school_day(DAY, 14, 35))
    assert school.mis.writes[1:] == ((BLANK, afternoon, "N"),), "a person's word stands above the cap"


def test_a_row_found_being_sent_belongs_to_a_dead_process_and_is_read_back(school: FakeSchool) -> None:
    school.mode = Mode.SHADOW
    tick(school, 16)
    with school.store.begin() as tx:
        key = the_mark(school).key
        outbox.move(tx, key, State.SENDING, reason="by a process that died", now=_moment(17), expect=(State.PLANNED,))
    school.mis.set(BLANK, AM, "N")
    report = school.run(school_day(DAY, 9, 21))
    assert report.counts["recovered"] == 1
    assert the_mark(school).state is State.VERIFIED
    assert school.mis.writes == ()


def test_a_process_whose_lease_has_passed_on_writes_nothing(school: FakeSchool) -> None:
    with school.store.begin() as tx:
        stale = leases.acquire(tx, "one", _moment(10), timedelta(minutes=1))
        leases.acquire(tx, "two", _moment(15), timedelta(minutes=1))
    assert stale is not None
    with pytest.raises(LeaseLost):
        school.run(school_day(DAY, 9, 16), fence=stale)
    assert school.mis.writes == ()


def test_nothing_is_written_in_quiet_hours(school: FakeSchool) -> None:
    quiet = {
        name: a_parameter(name, "time", value)
        for name, value in (("write.quiet_from", _moment(0).time()), ("write.quiet_until", _moment(20).time()))
    }
    school.made_up = {**NO_CAP, **quiet}
    assert tick(school, 16).state is State.PLANNED
    assert tick(school, 21).state is State.VERIFIED


def test_without_the_parameters_no_hour_is_quiet() -> None:
    assert not is_quiet(PolicyAt(the_parameters(), DAY), _moment(16))


def test_a_task_says_why_a_mark_needs_a_person(school: FakeSchool) -> None:
    school.mis.faults.refuse_every = 1
    tick(school, 16)
    assert _why(school) == "the MIS refused N: the register is locked"


def _why(school: FakeSchool) -> str:
    (task,) = (e.proposal for e in school.effects() if isinstance(e.proposal, RaiseTask) and e.state is State.PLANNED)
    return task.why


def _moment(minute: int) -> datetime:
    return school_day(DAY, 9, minute).replace(tzinfo=ZONE)


class _Meanwhile:
    """The MIS with a teacher who enters one mark just before it is read again."""

    def __init__(self, school: FakeSchool, code: str) -> None:
        self.mis, self.code = school.mis, code
        self.check, self.pull, self.push = school.mis.check, school.mis.pull, school.mis.push

    def read(self, keys: list[MarkKey]) -> object:
        self.mis.set(BLANK, AM, self.code)
        return self.mis.read(keys)


def test_an_edit_between_our_reading_and_our_writing_is_the_window_an_mis_without_versions_leaves(
    school: FakeSchool,
) -> None:
    school.mis.faults = replace(school.mis.faults, edits={1: (MarkKey(BLANK, AM), "I")})
    tick(school, 16)
    # Known and stated, not prevented: re-reading narrows it to one call, only an MIS that compares can close it.
    assert school.mis.writes == ((BLANK, AM, "N"),)


def test_a_mode_set_under_a_clock_that_ran_ahead_does_not_hold_marks_back_for_ever(school: FakeSchool) -> None:
    school.run(school_day(date(2027, 3, 8), 9, 16))
    tick(school, 10)
    assert tick(school, 16).state is State.VERIFIED


def test_nothing_is_written_while_any_register_is_being_taken(school: FakeSchool) -> None:
    early = a_parameter("registers.am_closes", "time", _moment(16).time())
    late = a_parameter("registers.pm_close_minutes", "count", 30)
    school.made_up = {**NO_CAP, early.name: early, late.name: late}
    school.mode = Mode.SHADOW
    tick(school, 16)
    with school.store.begin() as tx:
        outbox.move(tx, the_mark(school).key, State.APPROVED, reason="seen", now=_moment(17), expect=(State.PLANNED,))
    school.mode = Mode.AUTO
    school.run(school_day(DAY, 12, 50))
    assert the_mark(school).state is State.APPROVED
    school.run(school_day(DAY, 13, 20))
    assert the_mark(school).state is State.VERIFIED


def test_a_mark_on_a_day_long_past_waits_for_a_person(school: FakeSchool) -> None:
    school.made_up = {**NO_CAP, "write.confirm_after_days": a_parameter("write.confirm_after_days", "days", 3)}
    old = Session(date(2026, 11, 3), Period.AM)
    school.mis.set(BLANK, old, "N")
    school.mis.set(BLANK, AM, "/")
    settles = small_rule("REG-T7", "judge_session", _n_of_that_day_is_o)
    school.rules = (settles, NOT_TAKEN)
    assert tick(school, 16).state is State.PLANNED
    assert tasks(school) == ["write-old"]
    with school.store.begin() as tx:
        outbox.move(tx, the_mark(school).key, State.APPROVED, reason="seen", now=_moment(17), expect=(State.PLANNED,))
    assert tick(school, 21).state is State.VERIFIED
    assert tasks(school) == []


def _n_of_that_day_is_o(pupil_session: PupilSession, **_: object) -> Iterator[SetCode]:
    if pupil_session.code == "N":
        yield SetCode(pupil_session, "O", "never settled")
