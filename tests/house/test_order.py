"""The order in which plugins are found, rules are asked and rows arrive changes no decision."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from mbls_sync.engine.apply import judge
from mbls_sync.model.happenings import LeaveRequest, Message
from mbls_sync.model.marks import PupilId
from mbls_sync.registry import discover
from mbls_sync.registry.manager import build_registry
from mbls_sync.testing.builders import ZONE, Someone, a_pupil, a_world, some_contacts, the_calendar
from mbls_sync.testing.filling import exactly

NOW = datetime(2026, 11, 24, 12, 5, tzinfo=ZONE)
TODAY = the_calendar().sessions(NOW.date(), NOW.date())


def someone(number):
    """One of a class whose attendance runs from full to half, some of them absent today."""
    id, codes = PupilId(f"P{number:02d}"), ("/", "N", "", "I", "H", "X")
    marks = exactly(the_calendar(), NOW.date(), [(80, number * 3, "O" if number % 2 else "I")])
    marks = {**marks, TODAY[0]: codes[number % len(codes)]}
    early = NOW - timedelta(hours=4)
    return Someone(
        a_pupil(id, surname=f"Testpupil{number}", contacts=some_contacts(number % 3), admitted=date(2026, 9, 1)),
        {session: code for session, code in marks.items() if code},
        messages=(Message(id, early, "mother", "a cold"),) if number % 5 == 1 else (),
        requests=(LeaveRequest(id, early, date(2026, 12, 1), date(2026, 12, 4), "holiday"),) if number % 4 == 0 else (),
    )


@pytest.fixture(scope="module")
def world():
    return a_world(NOW, *(someone(number) for number in range(14)))


@pytest.fixture(scope="module")
def decided(world):
    found = judge(world, build_registry().rules, str).judged
    assert not found.failures
    assert len({decision.because.rule for decision in found.decisions}) > 12, "too few rules speak to prove anything"
    return {decision.key: decision for decision in found.decisions}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rules_changes_nothing(world, decided, seed):
    registry, dice = build_registry(), random.Random(seed)

    def shuffled(hook):
        rules = list(registry.rules(hook))
        dice.shuffle(rules)
        return rules

    found = judge(world, shuffled, str).judged
    assert {decision.key: decision for decision in found.decisions} == decided


def test_the_order_of_plugins_changes_nothing(world, decided, monkeypatch):
    found_first = discover.entry_points
    monkeypatch.setattr(discover, "entry_points", lambda group: list(found_first(group=group))[::-1])
    found = judge(world, build_registry().rules, str).judged
    assert {decision.key: decision for decision in found.decisions} == decided


def test_the_order_of_the_roll_changes_nothing(world, decided):
    found = judge(replace(world, roll=world.roll[::-1]), build_registry().rules, str).judged
    assert {decision.key: decision for decision in found.decisions} == decided


def test_asking_twice_changes_nothing(world, decided):
    found = judge(world, build_registry().rules, str).judged
    assert {decision.key: decision for decision in found.decisions} == decided
