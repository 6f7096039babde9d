"""What a person approved is what is written, and a clock that ran ahead for an hour keeps no mark from a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mbls_sync.cli.passes import held_back
from mbls_sync.engine.dead_letters import dead_as
from mbls_sync.model.deliveries import Accepted, Effect, Kind, MarkWrite, Mode, PushResult, State
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import Proposal, SetCode
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.subjects import PupilSession
from mbls_sync.store import leases, outbox
from mbls_sync.store.database import Store
from mbls_sync.testing.builders import a_parameter
from mbls_sync.testing.fake_mis import FakeMis
from mbls_sync.testing.fake_school import FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import BLANK_IS_N, school_day, small_rule

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)
BLANK = PupilId("2T-4")
NOW = datetime(2026, 11, 9, 9, 16, tzinfo=UTC)


def _unexplained_is_o(pupil_session: PupilSession, **_: Any) -> Iterable[Proposal]:
    if pupil_session.session == AM and pupil_session.code in ("", "N"):
        yield SetCode(pupil_session, "O", "no reason came")


class SaysYes:
    """An MIS that takes every write and stores none."""

    def __init__(self, mis: FakeMis, said: list[str]) -> None:
        self._mis, self._said = mis, said

    def __getattr__(self, name: str) -> Any:
        return getattr(self._mis, name)

    def push(self, writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        self._said.extend(write.key for write in writes)
        return [Accepted() for _ in writes]


@pytest.fixture
def school(tmp_path: Path, database_url: str) -> Iterator[FakeSchool]:
    made = a_fake_school(tmp_path, database_url, DAY, classes={"2T": 4}, rules=(BLANK_IS_N,))
    made.mark(AM, {"2T-1": "/", "2T-2": "/", "2T-3": "/"})
    yield made
    made.close()


def the_mark(school: FakeSchool) -> Effect:
    (found,) = (effect for effect in school.effects() if effect.kind is Kind.MARK)
    return found


def tick(school: FakeSchool, hour: int, minute: int = 0) -> Effect:
    school.run(school_day(DAY, hour, minute))
    return the_mark(school)


def approve(school: FakeSchool) -> None:
    with school.store.begin() as tx:
        outbox.move(tx, the_mark(school).key, State.APPROVED, reason="looked at it", now=NOW, expect=(State.PLANNED,))


def test_an_approval_is_for_the_mark_that_was_looked_at_and_for_no_other(school: FakeSchool) -> None:
    school.rules, school.mode = (small_rule("FDC-T3", "judge_session", _unexplained_is_o),), Mode.CONFIRM
    tick(school, 9, 16)
    approve(school)
    school.mark(AM, {"2T-4": "N"})
    changed = tick(school, 9, 21)
    assert (changed.state, school.mis.writes) == (State.PLANNED, ())
    assert "waits to be approved as it is now" in changed.reason
    approve(school)
    assert tick(school, 9, 26).state is State.VERIFIED
    assert school.mis.writes == ((BLANK, AM, "O"),)


def test_an_approval_outlasts_a_pass_in_which_nothing_changed(school: FakeSchool) -> None:
    school.mode = Mode.CONFIRM
    tick(school, 9, 16)
    approve(school)
    assert tick(school, 9, 21).state is State.VERIFIED


def test_an_mis_that_takes_everything_and_stores_nothing_is_a_persons_and_is_written_to_once(
    school: FakeSchool,
) -> None:
    said: list[str] = []

    def around(mis: FakeMis, _: Store) -> Any:
        return SaysYes(mis, said)

    school.around = around
    states = [tick(school, hour, minute).state for hour, minute in ((9, 16), (9, 21), (12, 0), (15, 0))]
    assert states == [State.ACCEPTED] * 4
    assert len(said) == 1
    assert school.open_tasks("mark-not-shown") == [("mark-not-shown", BLANK)]
    school.mark(AM, {"2T-4": "N"})
    assert tick(school, 15, 5).state is State.VERIFIED
    assert school.open_tasks("mark-not-shown") == []


@pytest.mark.parametrize("state", [State.UNKNOWN, State.ACCEPTED])
def test_a_mark_written_under_a_clock_a_year_ahead_is_a_persons_once_the_clock_is_right(
    school: FakeSchool, state: State
) -> None:
    effect = replace(tick(school, 9, 16), state=state)
    within = timedelta(minutes=30)
    ahead, slipped = timedelta(days=365), timedelta(hours=1)
    assert dead_as(replace(effect, changed_at=NOW + ahead), NOW, within)
    assert dead_as(replace(effect, changed_at=NOW + slipped), NOW, within) is None
    assert dead_as(replace(effect, changed_at=NOW), NOW, within) is None
    assert dead_as(replace(effect, changed_at=NOW - within), NOW, within)


def test_a_lease_given_under_a_clock_a_year_ahead_shuts_no_other_machine_out(school: FakeSchool) -> None:
    ttl = timedelta(minutes=5)
    with school.store.begin() as tx:
        first = leases.acquire(tx, "machine-a", NOW + timedelta(days=365), ttl)
        second = leases.acquire(tx, "machine-b", NOW, ttl)
        assert first is not None
        assert second is not None
        assert second > first
        assert leases.acquire(tx, "machine-c", NOW - timedelta(hours=1), ttl) is None, "an hour is how clocks slip"


def test_a_pass_that_holds_marks_back_says_why_where_it_was_started(school: FakeSchool) -> None:
    school.made_up = {"write.max_changes_per_pass": a_parameter("write.max_changes_per_pass", "count", 0)}
    report = school.run(school_day(DAY, 9, 16))
    (said,) = held_back(report)
    assert said.startswith("marks are held back: ")
    assert "1 marks wait to be written; one pass may write 0" in said
    assert list(held_back(replace(report, counts={"waiting": 0}))) == []
