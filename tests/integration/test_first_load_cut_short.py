"""A first load that dies half way is made up by the next pull, and is history all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mbls_sync.contracts import Page, Resource
from mbls_sync.errors import Unreachable
from mbls_sync.model.deliveries import State
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.fake_mis import FakeMis
from mbls_sync.testing.fake_school import FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import school_day

DAY = date(2026, 11, 9)
EARLIER = Session(date(2026, 11, 5), Period.AM)
PAGES = 1
"""How many pages of marks come before the MIS falls silent; there are two."""


class FallsSilent:
    """The MIS, which answers no more after a few pages of marks."""

    def __init__(self, mis: FakeMis) -> None:
        self.mis = mis
        self.check, self.read, self.push = mis.check, mis.read, mis.push

    def pull(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        marks = 0
        for page in self.mis.pull(cursors):
            yield page
            marks += page.resource is Resource.MARKS
            if marks == PAGES:
                raise Unreachable("the MIS fell silent; try again")


@pytest.fixture
def school(tmp_path: Path, database_url: str) -> Iterator[FakeSchool]:
    made = a_fake_school(tmp_path, database_url, DAY, classes={"2T": 6}, go_live=DAY)
    made.mark(EARLIER, {"2T-1": "N", "2T-2": "N"})
    made.mark(Session(DAY, Period.AM), {f"2T-{n}": "/" for n in range(1, 6)} | {"2T-6": "N"})
    yield made
    made.close()


def cut_short(school: FakeSchool) -> Any:
    school.around = lambda mis, store: FallsSilent(mis)
    report = school.run(school_day(DAY, 9, 16))
    school.around = lambda mis, store: mis
    return report


def test_half_a_history_is_not_judged(school: FakeSchool) -> None:
    report = cut_short(school)
    assert school.effects() == ()
    assert any("the first load is not complete" in problem for problem in report.problems)
    assert report.unreachable


def test_what_comes_after_the_restart_is_as_old_as_what_came_before(school: FakeSchool) -> None:
    cut_short(school)
    school.run(school_day(DAY, 9, 21))
    assert school.open_tasks("call-home") == [("call-home", "2T-6")]
    assert sorted({str(e.pupil) for e in school.effects() if e.state is State.INHERITED}) == ["2T-1", "2T-2"]


def test_what_comes_after_a_whole_first_load_is_news(school: FakeSchool) -> None:
    cut_short(school)
    school.run(school_day(DAY, 9, 21))
    school.mark(Session(DAY, Period.AM), {"2T-3": "N"})
    school.run(school_day(DAY, 9, 26))
    assert ("call-home", "2T-3") in school.open_tasks("call-home")


def test_an_old_mark_that_comes_after_going_live_fires_nothing(school: FakeSchool) -> None:
    cut_short(school)
    school.run(school_day(DAY, 9, 21))
    school.mark(Session(date(2026, 11, 6), Period.AM), {"2T-3": "N"})
    school.run(school_day(DAY, 9, 26))
    assert ("call-home", "2T-3") not in school.open_tasks("call-home")
