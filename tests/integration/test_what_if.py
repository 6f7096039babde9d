"""What would have to be otherwise is tried on the rule itself, and the nearest that works is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.engine.what_if import WhatIf, fewest, nearest, with_value
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.proposals import Proposal
from mbls_sync.model.sessions import Period, Session
from mbls_sync.pipeline.parts import JUDGE
from mbls_sync.pipeline.world import build_world
from mbls_sync.testing.builders import ZONE, a_parameter
from mbls_sync.testing.fake_school import FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import CALL_HOME, a_task, school_day, small_rule

TODAY = date(2026, 11, 9)
MORNING = Session(TODAY, Period.AM)
LIMIT = "absence.limit"


def _often_away(pupil: Any, history: Any, policy: Any, **_: Any) -> Iterator[Proposal]:
    if history.figures.absent >= policy.count(LIMIT) and not history.events_of("case-weighed"):
        plain = a_task(pupil.id, MORNING, ZONE, "often-away")
        occasion = f"{history.episode()} {policy.count(LIMIT)}"
        yield replace(plain, session=None, occasion=occasion, done_as="case-weighed")


@pytest.fixture
def school(tmp_path: Path) -> Iterator[FakeSchool]:
    """2T-1 has no reason for this morning; 2T-2 missed five sessions where four are the limit."""
    made = a_fake_school(
        tmp_path,
        f"sqlite:///{tmp_path}/x.sqlite3",
        TODAY,
        classes={"2T": 3, "3T": 2},
        rules=(CALL_HOME, small_rule("STG-T1", "judge_pupil", _often_away)),
        made_up={LIMIT: a_parameter(LIMIT, "count", 4)},
    )
    for day in (2, 3):
        for period in Period:
            made.mark(Session(date(2026, 11, day), period), {"2T-2": "I"})
    made.mark(Session(date(2026, 11, 4), Period.AM), {"2T-2": "I"})
    made.mark(MORNING, {"2T-1": "N", "2T-2": "/", "2T-3": "/", "3T-1": "/", "3T-2": "/"})
    made.run(school_day(TODAY, 9, 16))
    yield made
    made.close()


def what_if(school: FakeSchool, rule: str) -> WhatIf:
    given_now = replace(school.inputs(school_day(TODAY, 9, 16)), do=frozenset({JUDGE}))
    (effect,) = (e for e in school.effects() if e.because.rule == rule)
    with school.store.read() as tx:
        return WhatIf(build_world(tx, given_now, given_now.now()), given_now.registry.rules, effect)


def test_a_call_would_not_be_there_with_another_mark(school: FakeSchool) -> None:
    assert f"the mark of {MORNING} were / or I, not N" in what_if(school, "FDC-T1").answers()


def test_a_figure_says_how_many_sessions_less_would_do(school: FakeSchool) -> None:
    answers = what_if(school, "STG-T1").answers()
    assert [a for a in answers if "fewer" in a] == [
        "2 sessions fewer had been missed (tried with the latest, back to 2026-11-03 PM)"
    ]


def test_a_value_is_told_where_it_is_the_nearest_that_changes_the_answer(school: FakeSchool) -> None:
    answers = what_if(school, "STG-T1").answers()
    assert next(a for a in answers if LIMIT in a).startswith(f"{LIMIT} were 6, not 4")


def test_a_value_that_would_only_move_the_occasion_is_no_answer(school: FakeSchool) -> None:
    asked = what_if(school, "STG-T1")
    moved = with_value(asked.world, asked.effect.because.readings[0], 1)
    assert asked.is_asked(moved)
    (answer,) = (a for a in asked.answers() if a.startswith(LIMIT))
    assert "were 6" in answer, "below the limit the card would stand too, under another name"


def test_a_step_that_settles_it_is_told(school: FakeSchool) -> None:
    assert "the step case-weighed were recorded" in what_if(school, "STG-T1").answers()


def test_what_is_no_longer_asked_for_needs_no_answer(school: FakeSchool) -> None:
    asked = what_if(school, "FDC-T1")
    gone: Effect = replace(asked.effect, key="another")
    assert WhatIf(asked.world, asked.rules, gone).answers() == ()


def test_trying_changes_nothing(school: FakeSchool) -> None:
    asked = what_if(school, "STG-T1")
    before = asked.world
    asked.answers()
    assert asked.world == before


@given(st.integers(0, 40), st.integers(0, 50))
def test_fewest_is_the_smallest_that_is_enough(most: int, wanted: int) -> None:
    found = fewest(most, lambda count: count >= wanted)
    assert found == (None if not most or wanted > most else max(wanted, 1))


def test_values_are_moved_a_step_at_a_time_and_stay_what_they_are() -> None:
    assert list(nearest(Decimal(99)))[:3] == [Decimal(98), Decimal(100), Decimal(97)]
    assert list(nearest(1))[:3] == [0, 2, 3]
    assert list(nearest(True)) == [False]
    assert list(nearest("a text")) == []
