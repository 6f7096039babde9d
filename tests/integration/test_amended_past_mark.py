"""Editing one past mark closes the task it caused, with the reason; editing it back opens it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mbls_sync.figures.history import History
from mbls_sync.model.deliveries import Effect, State
from mbls_sync.model.proposals import Proposal
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import ZONE
from mbls_sync.testing.fake_school import FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import CALL_HOME, a_task, school_day, small_rule

TODAY = date(2026, 11, 9)
PAST = Session(date(2026, 11, 3), Period.AM)


def _often_ill(pupil: Pupil, history: History, **_: Any) -> Iterable[Proposal]:
    if history.figures.authorised >= 1:
        yield replace(a_task(pupil.id, PAST, ZONE, "ill-once"), session=None, occasion=history.episode())


@pytest.fixture
def school(tmp_path: Path, database_url: str) -> Iterator[FakeSchool]:
    rules = (CALL_HOME, small_rule("STG-T1", "judge_pupil", _often_ill))
    made = a_fake_school(tmp_path, database_url, TODAY, classes={"2T": 3}, rules=rules)
    made.mark(PAST, {"2T-1": "N", "2T-2": "I"})
    made.mark(Session(TODAY, Period.AM), {"2T-1": "/", "2T-2": "/", "2T-3": "/"})
    yield made
    made.close()


def the_effect(school: FakeSchool, pupil: str) -> Effect:
    (found,) = (effect for effect in school.effects() if effect.pupil == pupil)
    return found


def test_the_task_closes_with_the_reason_and_opens_again(school: FakeSchool) -> None:
    school.run(school_day(TODAY, 9, 16))
    assert the_effect(school, "2T-1").state is State.PLANNED

    school.mark(PAST, {"2T-1": "I"})
    school.run(school_day(TODAY, 9, 30))
    calls = [e for e in school.effects() if e.pupil == "2T-1" and e.because.rule == "FDC-T1"]
    assert [(e.state, e.reason) for e in calls] == [(State.WITHDRAWN, "the mark is now I")]

    school.mark(PAST, {"2T-1": "N"})
    school.run(school_day(TODAY, 9, 40))
    calls = [e for e in school.effects() if e.pupil == "2T-1" and e.because.rule == "FDC-T1"]
    assert [(e.state, e.reason) for e in calls] == [(State.PLANNED, "FDC-T1 asks for it again")]


def test_a_task_about_a_figure_says_which_mark_moved_it(school: FakeSchool) -> None:
    school.run(school_day(TODAY, 9, 16))
    school.mark(PAST, {"2T-2": "/"})
    school.run(school_day(TODAY, 9, 30))
    effect = the_effect(school, "2T-2")
    assert (effect.state, effect.reason) == (
        State.WITHDRAWN,
        f"{effect.because.rule} no longer asks for it; what changed last: the mark of {PAST} was amended from I to /",
    )


def test_amended_back_and_forth_it_is_one_effect(school: FakeSchool) -> None:
    for minute, code in enumerate(("I", "/", "I", "/", "I"), start=16):
        school.mark(PAST, {"2T-2": code})
        school.run(school_day(TODAY, 9, minute))
    assert the_effect(school, "2T-2").state is State.PLANNED
