"""A line that is late stays in its return, unless the marks were amended and there is nothing to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from mbls_sync.engine.apply import judge
from mbls_sync.engine.reconcile import Change, What, reconcile
from mbls_sync.engine.resolve import resolve
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import IncludeInReturn
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import Someone, a_pupil, a_world
from mbls_sync.testing.small_rules import rules_of, school_day, small_rule

DAY = date(2026, 11, 9)
LINE = IncludeInReturn(
    "absence-alert", PupilId("P1"), "2026-11-08", date(2026, 11, 8), "away", first=DAY, last=DAY, occasion="2026-11-09"
)


def changes(code: str, lines: Sequence[IncludeInReturn], effects: Sequence[Effect] = ()) -> tuple[Change, ...]:
    world = a_world(school_day(DAY, 9, 20), Someone(a_pupil("P1"), {Session(DAY, Period.AM): code}))
    rule = small_rule("LA-T2", "judge_school", lambda **_: lines)
    return reconcile(resolve(judge(world, rules_of(rule), str), world), effects, world)


@pytest.mark.parametrize(("code", "what"), [("I", What.KEEP), ("", What.KEEP), ("/", What.WITHDRAW)])
def test_a_late_line_leaves_its_return_where_the_marks_say_now_that_nothing_was_missed(code: str, what: What) -> None:
    (opened,) = changes("I", [LINE])
    (found,) = changes(code, [], [opened.effect])
    assert found.what is what


def test_a_late_line_about_a_deletion_stays_although_the_pupil_was_there_on_the_last_day() -> None:
    deletion = replace(LINE, name="deletion", occasion="")
    (opened,) = changes("/", [deletion])
    (found,) = changes("/", [], [opened.effect])
    assert found.what is What.KEEP
