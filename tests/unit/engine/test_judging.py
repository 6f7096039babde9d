"""Every rule is asked alone; a failure is a task, a contradiction is a task, and no name leaks."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from mbls_sync.engine.apply import Round, judge
from mbls_sync.engine.reconcile import What, reconcile
from mbls_sync.engine.resolve import resolve
from mbls_sync.engine.world import World
from mbls_sync.model.proposals import Proposal, RaiseTask, Rank, SetCode
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import Someone, a_pupil, a_world
from mbls_sync.testing.small_rules import BLANK_IS_N, CALL_HOME, SMALL_RULES, rules_of, school_day, small_rule

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)


def the_world(minute: int = 20, **codes: str) -> World:
    held = {"P1": "/", "P2": "", "P3": "", **codes}
    return a_world(school_day(DAY, 9, minute), *(Someone(a_pupil(id), {AM: code}) for id, code in held.items()))


def _asks(code: str) -> Any:
    def rule(pupil_session: Any, **_: Any) -> Iterable[Proposal]:
        if pupil_session.pupil == "P2":
            yield SetCode(pupil_session, code, "made up")

    return rule


def _fails(pupil: Any, **_: Any) -> Iterable[Proposal]:
    if pupil.id == "P2":
        raise KeyError(pupil.name)
    return ()


def _breaks(**_: Any) -> Iterable[Proposal]:
    raise RuntimeError("a rule may fail in any way")


def settled(world: World, *rules: Any) -> Round:
    return resolve(judge(world, rules_of(*rules), lambda pupil: "pseudonym"), world)


def tasks(round: Round, kind: str) -> list[RaiseTask]:
    proposals = (decision.proposal for decision in round.judged.decisions)
    return [task for task in proposals if isinstance(task, RaiseTask) and task.kind == kind]


def test_the_reason_names_rule_section_reading_and_mark() -> None:
    (first, *_) = judge(the_world(), rules_of(CALL_HOME), str).judged.decisions
    assert (first.because.rule, first.because.cites) == ("FDC-T1", "Absence procedures")
    assert [reading.parameter for reading in first.because.readings] == ["first_day_calling.starts_at"]
    assert first.because.marks == ((AM, ""),)


def test_two_rules_that_ask_the_same_code_are_one_decision_of_the_first() -> None:
    round = settled(
        the_world(), small_rule("B", "judge_session", _asks("N")), small_rule("A", "judge_session", _asks("N"))
    )
    assert [(d.because.rule, d.proposal.code) for d in round.judged.decisions if isinstance(d.proposal, SetCode)] == [
        ("A", "N")
    ]


def test_two_rules_that_ask_different_codes_are_a_task_and_no_mark() -> None:
    round = settled(
        the_world(), small_rule("A", "judge_session", _asks("N")), small_rule("B", "judge_session", _asks("I"))
    )
    assert [conflict.asked for conflict in round.judged.conflicts] == [(("A", "N"), ("B", "I"))]
    assert not [d for d in round.judged.decisions if isinstance(d.proposal, SetCode)]
    assert [task.pupil for task in tasks(round, "settle-code")] == ["P2"]


def test_a_code_that_may_not_be_replaced_becomes_a_task() -> None:
    round = settled(the_world(P2="I"), small_rule("A", "judge_session", _asks("U")))
    assert [task.pupil for task in tasks(round, "amend-mark")] == ["P2"]
    assert not [d for d in round.judged.decisions if isinstance(d.proposal, SetCode)]


def test_a_code_that_has_left_the_national_set_is_never_written() -> None:
    round = settled(the_world(), small_rule("A", "judge_session", _asks("H")))
    assert "withdrawn" in tasks(round, "amend-mark")[0].why


def test_a_mark_that_is_as_asked_needs_nothing() -> None:
    assert settled(the_world(P2="N"), small_rule("A", "judge_session", _asks("N"))).judged.decisions == ()


class TestAFailingRule:
    """One pupil's failure is a task, hides nobody else's result, and closes nothing."""

    failing = small_rule("STG-T1", "judge_pupil", _fails)

    def test_it_is_a_task_that_names_the_pupil(self) -> None:
        (task,) = tasks(settled(the_world(), self.failing, CALL_HOME), "rule-failed")
        assert task.facts == (("Pupil", a_pupil("P2").name),)
        assert len(tasks(settled(the_world(), self.failing, CALL_HOME), "call-home")) == 2

    def test_the_failure_names_nobody(self) -> None:
        (failure,) = settled(the_world(), self.failing).judged.failures
        assert "Testpupil" not in repr(failure)
        assert "P2" not in repr(failure)
        assert failure.subject == "pseudonym"

    def test_what_it_asked_for_before_stays_open(self) -> None:
        world = the_world()
        opened = [change.effect for change in reconcile(settled(world, CALL_HOME), (), world)]
        broken = small_rule("FDC-T1", "judge_session", _breaks)
        found = {c.effect.pupil: c.what for c in reconcile(settled(world, broken), opened, world) if c.effect.pupil}
        assert found == {"P2": What.KEEP, "P3": What.KEEP}


def test_a_rule_that_is_not_loaded_closes_nothing() -> None:
    world = the_world()
    opened = [change.effect for change in reconcile(settled(world, CALL_HOME), (), world)]
    assert {c.what for c in reconcile(settled(world, BLANK_IS_N), opened, world) if c.effect.kind == "task"} == {
        What.KEEP
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rules_changes_nothing(seed: int) -> None:
    other = [*SMALL_RULES, small_rule("A", "judge_session", _asks("I")), small_rule("Z", "judge_session", _asks("N"))]
    random.Random(seed).shuffle(other)
    world = the_world()
    assert settled(world, *other).judged == settled(world, *sorted(other, key=lambda r: r.info.id)).judged


def test_every_judge_is_asked_with_all_its_arguments() -> None:
    asked: dict[str, set[str]] = {}

    def rule(judge: str) -> Any:
        def note(**given: Any) -> Iterable[Proposal]:
            asked.setdefault(judge, set()).update(given)
            return ()

        return small_rule(f"X-{judge}", judge, note)

    judges = ("judge_register", "judge_session", "judge_pupil", "judge_school")
    settled(the_world(), *map(rule, judges))
    always = {"policy", "calendar", "now"}
    assert asked == {
        "judge_register": always | {"register"},
        "judge_session": always | {"pupil_session", "pupil", "history"},
        "judge_pupil": always | {"pupil", "history"},
        "judge_school": always | {"moment", "figures"},
    }


def test_a_mark_of_a_pupil_who_is_not_on_the_roll_is_told() -> None:
    strangers = [Someone(a_pupil("P4", admitted=DAY + timedelta(days=1)), {AM: "N"}), Someone(a_pupil("P5"), {AM: "/"})]
    world = a_world(school_day(DAY, 9, 20), *strangers)
    known = replace(world, roll=tuple(pupil for pupil in world.roll if pupil.id != "P5"))
    (task,) = tasks(settled(known), "not-on-roll")
    assert (task.pupil, task.rank, dict(task.facts)) == (None, Rank.NO_CONTACT, {"P4": "N ·", "P5": "/ ·"})
    assert tasks(settled(the_world()), "not-on-roll") == []


def test_a_leaver_s_blank_is_nobody_s_task() -> None:
    world = a_world(school_day(DAY, 9, 20), Someone(a_pupil("P4", left=DAY - timedelta(days=3)), {}))
    assert tasks(settled(world), "not-on-roll") == []
