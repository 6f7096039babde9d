"""A written mark is followed to its end: an outcome that comes later, a mark derived away, codes the MIS lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mbls_sync.errors import Busy, Rejected, Unreachable
from mbls_sync.model.codes import Code
from mbls_sync.model.deliveries import (
    Accepted,
    Effect,
    Kind,
    MarkKey,
    MarkWrite,
    NotSent,
    PushResult,
    Refused,
    State,
    Unknown,
)
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import RaiseTask
from mbls_sync.model.sessions import Period, Session
from mbls_sync.store.database import Store
from mbls_sync.testing.fake_mis import FakeMis
from mbls_sync.testing.fake_school import FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import BLANK_IS_N, NOT_TAKEN, school_day

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)
BLANK = PupilId("2T-4")
CODES = dict.fromkeys("/ L U N O I M G".split(), "")


@dataclass
class Peculiar:
    """The dummy MIS with the peculiarity that a test gives it: only what is given is offered."""

    mis: FakeMis
    offers: Mapping[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        offers = self.__dict__["offers"]
        return offers[name] if name in offers else getattr(self.__dict__["mis"], name)


@pytest.fixture
def school(tmp_path: Path, database_url: str) -> Iterator[FakeSchool]:
    made = a_fake_school(tmp_path, database_url, DAY, classes={"2T": 4}, rules=(BLANK_IS_N, NOT_TAKEN))
    made.mark(AM, {"2T-1": "/", "2T-2": "/", "2T-3": "/"})
    yield made
    made.close()


def is_peculiar(school: FakeSchool, **offers: Any) -> None:
    def around(mis: FakeMis, _: Store) -> Any:
        return Peculiar(mis, offers)

    school.around = around


def the_mark(school: FakeSchool) -> Effect:
    (found,) = (effect for effect in school.effects() if effect.kind is Kind.MARK)
    return found


def tick(school: FakeSchool, hour: int, minute: int) -> State:
    school.run(school_day(DAY, hour, minute))
    return the_mark(school).state


def tasks(school: FakeSchool) -> list[str]:
    return [kind for kind, _ in school.open_tasks()]


def held_by_nobody_yet(writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
    """Takes every write and lands none of them: the reference of an outcome to come."""
    return [Accepted(f"ref-{write.mark.pupil}") for write in writes]


def test_an_outcome_that_comes_later_is_waited_for_and_then_seen_in_the_mis(school: FakeSchool) -> None:
    outcomes: dict[str, Accepted | Refused] = {}
    is_peculiar(school, push=held_by_nobody_yet, outcomes=lambda _: outcomes)
    assert (tick(school, 9, 16), the_mark(school).receipt) == (State.ACCEPTED, "ref-2T-4")
    school.mis.set(BLANK, AM, "N")
    assert tick(school, 9, 17) is State.ACCEPTED, "what shows may be our own request, not its outcome"
    outcomes["ref-2T-4"] = Accepted("ref-2T-4")
    assert tick(school, 9, 18) is State.VERIFIED


def test_an_outcome_that_fails_is_a_refusal_and_a_task_that_says_why(school: FakeSchool) -> None:
    refused = {"ref-2T-4": Refused("the register is locked")}
    is_peculiar(school, push=held_by_nobody_yet, outcomes=lambda asked: refused if asked else {})
    assert tick(school, 9, 16) is State.REFUSED
    assert tasks(school) == ["mark-refused"]
    assert "the register is locked" in the_mark(school).reason


def test_the_polls_for_an_outcome_end_and_it_is_a_persons(school: FakeSchool) -> None:
    polled: list[Sequence[str]] = []
    is_peculiar(school, push=held_by_nobody_yet, outcomes=lambda asked: polled.append(asked) or {})
    tick(school, 9, 16)
    tick(school, 9, 46)
    assert (len(polled), tasks(school)) == (2, [])
    assert tick(school, 10, 16) is State.ACCEPTED
    assert (len(polled), tasks(school)) == (2, ["mark-not-shown"])
    school.mis.set(BLANK, AM, "N")
    assert (tick(school, 10, 31), tasks(school)) == (State.VERIFIED, [])


def test_where_an_mis_derives_marks_one_is_believed_at_the_second_look_only(school: FakeSchool) -> None:
    is_peculiar(school, recomputes=True)
    assert tick(school, 9, 16) is State.ACCEPTED
    assert tick(school, 9, 25) is State.ACCEPTED
    assert tick(school, 9, 26) is State.VERIFIED


def test_a_mark_that_was_derived_away_is_a_persons_and_is_not_written_again(school: FakeSchool) -> None:
    is_peculiar(school, recomputes=True)
    tick(school, 9, 16)
    school.mis.set(BLANK, AM, "")
    for hour, minute in ((9, 20), (9, 26), (9, 31), (11, 0)):
        tick(school, hour, minute)
    assert the_mark(school).state is State.CONFLICTED
    assert "works this mark out from its other registers" in the_mark(school).reason
    assert (tasks(school), len(school.mis.writes)) == (["mark-conflict"], 1)


def test_a_mark_that_lands_late_is_looked_at_again_after_it_has_landed(school: FakeSchool) -> None:
    outcomes: dict[str, Accepted | Refused] = {}
    is_peculiar(school, push=held_by_nobody_yet, outcomes=lambda _: outcomes, recomputes=True)
    tick(school, 9, 16)
    assert tick(school, 9, 30) is State.ACCEPTED, "it never was there, so it was not derived away"
    outcomes["ref-2T-4"] = Accepted("ref-2T-4")
    school.mis.set(BLANK, AM, "N")
    assert tick(school, 9, 31) is State.ACCEPTED
    assert "ref-2T-4" in the_mark(school).reason
    assert tick(school, 9, 40) is State.ACCEPTED
    assert tick(school, 9, 41) is State.VERIFIED


def test_codes_that_the_mis_does_not_take_are_found_before_the_first_write(school: FakeSchool) -> None:
    codes: dict[Code, str] = {**CODES, "U": "it is not active"}
    del codes["O"]
    is_peculiar(school, code_map=lambda: codes)
    assert tick(school, 9, 16) is State.PLANNED
    (task,) = (e.proposal for e in school.effects() if isinstance(e.proposal, RaiseTask) and e.state is State.PLANNED)
    assert (task.kind, school.mis.writes) == ("write-codes", ())
    assert "O (it does not know it), U (it is not active)" in task.why
    is_peculiar(school, code_map=lambda: CODES)
    assert (tick(school, 9, 21), tasks(school)) == (State.VERIFIED, [])


def test_an_mis_that_takes_no_mark_from_us_says_so_once_on_the_list(school: FakeSchool) -> None:
    def refuses() -> Mapping[Code, str]:
        raise Rejected("the school has not allowed marks to be written; allow it there")

    is_peculiar(school, code_map=refuses)
    assert (tick(school, 9, 16), tasks(school)) == (State.PLANNED, ["write-codes"])


def two_blanks(school: FakeSchool) -> None:
    school.mark(AM, {"2T-3": ""})


def test_several_marks_go_in_one_call_and_each_has_its_own_answer(school: FakeSchool) -> None:
    calls: list[int] = []

    def push(writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        calls.append(len(writes))
        return school.mis.push(writes)

    two_blanks(school)
    is_peculiar(school, push=push, most_at_once=20)
    school.mis.faults.refuse_every = 2
    school.run(school_day(DAY, 9, 16))
    states = [effect.state for effect in school.effects() if effect.kind is Kind.MARK]
    assert (calls, sorted(states)) == ([2], [State.REFUSED, State.VERIFIED])


@pytest.mark.parametrize("answers", [[], [Unknown("no answer came in time")] * 2])
def test_the_lost_answer_of_one_call_leaves_each_of_its_marks_open(
    school: FakeSchool, answers: list[PushResult]
) -> None:
    two_blanks(school)
    is_peculiar(school, push=lambda _: answers, most_at_once=20)
    school.run(school_day(DAY, 9, 16))
    assert [effect.state for effect in school.effects() if effect.kind is Kind.MARK] == [State.UNKNOWN] * 2


@pytest.mark.parametrize("error", [Unreachable("the MIS does not answer"), Busy("too many questions", 600)])
def test_an_mis_that_was_not_reached_took_nothing_so_the_marks_wait_as_before(
    school: FakeSchool, error: Unreachable
) -> None:
    def away(_: Sequence[MarkWrite]) -> Sequence[PushResult]:
        raise error

    is_peculiar(school, push=away)
    assert (tick(school, 9, 16), tasks(school)) == (State.PLANNED, ["mis-away"])
    is_peculiar(school)
    assert (tick(school, 9, 21), tasks(school)) == (State.VERIFIED, [])


def test_what_an_mis_let_in_no_more_in_the_middle_of_a_call_waits_as_before(school: FakeSchool) -> None:
    def push(writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        return [*school.mis.push(writes[:1]), *[NotSent(Busy("it asks to be left alone", 600))] * (len(writes) - 1)]

    two_blanks(school)
    is_peculiar(school, push=push, most_at_once=20)
    school.run(school_day(DAY, 9, 16))
    marks = [effect for effect in school.effects() if effect.kind is Kind.MARK]
    assert sorted(effect.state for effect in marks) == [State.ACCEPTED, State.PLANNED]
    assert tasks(school) == ["mis-away"]
    is_peculiar(school)
    school.run(school_day(DAY, 9, 27))
    assert {effect.state for effect in school.effects() if effect.kind is Kind.MARK} == {State.VERIFIED}
    assert len(school.mis.writes) == 2


def test_an_mis_that_is_down_is_left_alone_and_said_to_be_so_once(school: FakeSchool) -> None:
    asked: list[int] = []
    minute = 0

    def pull(cursors: Mapping[str, str]) -> Iterator[Any]:
        asked.append(minute)
        return school.mis.pull(cursors)

    is_peculiar(school, pull=pull)
    school.mis.faults.unreachable = True
    said: list[tuple[int, bool]] = []
    problems = 0
    for minute in range(16, 46):
        report = school.run(school_day(DAY, 9, minute), patient=True)
        said += [(minute, outage.ended) for outage in report.outages]
        problems += len(report.problems)
        assert (tasks(school), report.unreachable) == (["mis-away"], True)
    # A minute, then two, four, eight, and then a quarter of an hour.
    assert asked == [16, 17, 19, 23, 31]
    assert (said, problems) == ([(16, False)], 1)


def test_it_is_said_that_it_is_back_and_the_task_goes_by_itself(school: FakeSchool) -> None:
    school.mis.faults.unreachable = True
    school.run(school_day(DAY, 9, 16), patient=True)
    school.mis.faults.unreachable = False
    report = school.run(school_day(DAY, 9, 17), patient=True)
    assert [outage.ended for outage in report.outages] == [True]
    assert "mis-away" not in tasks(school)


def test_a_person_who_asks_by_hand_is_answered_though_the_daemon_would_wait(school: FakeSchool) -> None:
    school.mis.faults.unreachable = True
    for minute in (16, 17, 19):
        school.run(school_day(DAY, 9, minute), patient=True)
    assert school.run(school_day(DAY, 9, 20), patient=True).problems == ()
    assert "unreachable" in school.run(school_day(DAY, 9, 20)).problems[0]


def test_an_mis_that_asks_to_be_left_alone_is_left_alone_for_so_long(school: FakeSchool) -> None:
    asked: list[int] = []
    minute = 0

    def busy(_: Mapping[str, str]) -> Iterator[Any]:
        asked.append(minute)
        raise Busy("the MIS asks for patience", 600)
        yield

    is_peculiar(school, pull=busy)
    for minute in range(16, 38):
        school.run(school_day(DAY, 9, minute), patient=True)
    assert asked == [16, 26, 36]


def test_a_key_is_read_back_for_every_mark_on_its_way(school: FakeSchool) -> None:
    read: list[Sequence[MarkKey]] = []

    def reads(keys: Sequence[MarkKey]) -> Any:
        read.append(keys)
        return {}

    is_peculiar(school, push=held_by_nobody_yet, read=reads)
    tick(school, 9, 16)
    tick(school, 9, 21)
    assert [len(keys) for keys in read] == [1, 1, 1], "before the write, after it, and at the next pass"
