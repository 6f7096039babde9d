"""Two passes in a row change nothing, and no order of plugins changes anything."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mbls_sync.contracts import Resource
from mbls_sync.model.deliveries import Mode
from mbls_sync.model.happenings import Direction, SignIn
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.fake_school import FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import SMALL_RULES, school_day

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)


@pytest.fixture
def school(tmp_path: Path, database_url: str) -> Iterator[FakeSchool]:
    made = a_fake_school(tmp_path, database_url, DAY, classes={"2T": 6, "1T": 3}, mode=Mode.SHADOW)
    made.mark(AM, {"2T-1": "/", "2T-2": "/", "2T-3": "N"})
    made.happened(Resource.SIGN_INS, SignIn(made.pupils[3].id, DAY, school_day(DAY, 9, 40).time(), Direction.IN))
    yield made
    made.close()


def outbox_of(school: FakeSchool) -> list[tuple[str, str, str]]:
    return [(e.key, str(e.state), e.reason) for e in school.effects()]


def papers_of(school: FakeSchool) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in sorted((school.folder / "out").rglob("*")) if file.is_file()}


def test_a_second_pass_changes_nothing(school: FakeSchool) -> None:
    first = school.run(school_day(DAY, 9, 45))
    before = outbox_of(school)
    second = school.run(school_day(DAY, 9, 45))
    assert first.counts["open"] > 0
    assert second.changed_nothing
    assert outbox_of(school) == before
    assert second.counts["stored"] == 0


def test_the_papers_of_two_passes_at_one_moment_are_the_same_bytes(school: FakeSchool) -> None:
    school.run(school_day(DAY, 9, 45))
    first = papers_of(school)
    school.run(school_day(DAY, 9, 45))
    assert first
    assert papers_of(school) == first


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_plugins_changes_nothing(school: FakeSchool, seed: int) -> None:
    school.run(school_day(DAY, 9, 45))
    before = outbox_of(school)
    shuffled = list(SMALL_RULES)
    random.Random(seed).shuffle(shuffled)
    school.rules = shuffled
    assert school.run(school_day(DAY, 9, 45)).changed_nothing
    assert outbox_of(school) == before
