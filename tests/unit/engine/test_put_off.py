"""A task that was put off comes back at its time, whatever happens to the store or the register meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from mbls_sync.engine.apply import judge
from mbls_sync.engine.reconcile import Change, What, reconcile
from mbls_sync.engine.resolve import resolve
from mbls_sync.engine.world import World
from mbls_sync.model.deliveries import Effect, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import ZONE, Someone, a_pupil, a_world
from mbls_sync.testing.small_rules import CALL_HOME, rules_of, school_day

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)
UNTIL = datetime(2026, 11, 10, 10, tzinfo=ZONE)


def world_at(minute: int, code: str = "N", *events: Event) -> World:
    world = a_world(school_day(DAY, 9, minute), Someone(a_pupil("P1"), {AM: "/"}), Someone(a_pupil("P2"), {AM: code}))
    return replace(world, events=events)


def said(kind: str, effect: Effect, minute: int, outcome: str = "") -> Event:
    return Event(school_day(DAY, 9, minute).replace(tzinfo=ZONE), kind, outcome=outcome, ref=effect.key)


def one(world: World, *effects: Effect) -> Change:
    (found,) = reconcile(resolve(judge(world, rules_of(CALL_HOME), str), world), effects, world)
    return found


@pytest.fixture
def task() -> Effect:
    return one(world_at(20)).effect


@pytest.fixture
def put_off(task: Effect) -> Event:
    return said("task-snoozed", task, 25, UNTIL.isoformat())


def test_a_rebuilt_store_finds_put_off_what_was_put_off(put_off: Event) -> None:
    rebuilt = one(world_at(30, "N", put_off))
    assert (rebuilt.what, rebuilt.effect.state, rebuilt.effect.snoozed_until) == (What.OPEN, State.PLANNED, UNTIL)
    assert one(world_at(35, "N", put_off), rebuilt.effect).what is What.KEEP


def test_what_is_called_for_again_before_that_time_is_still_put_off(task: Effect, put_off: Event) -> None:
    gone = one(world_at(30, "I", put_off), one(world_at(26, "N", put_off), task).effect).effect
    again = one(world_at(35, "N", put_off), gone)
    assert (again.what, again.effect.snoozed_until) == (What.REOPEN, UNTIL)
    assert one(world_at(40, "N", put_off), again.effect).what is What.KEEP


def test_a_person_who_takes_it_up_again_has_it_at_once(task: Effect, put_off: Event) -> None:
    taken_up = said("task-reopened", task, 30)
    asleep = one(world_at(26, "N", put_off), task).effect
    awake = one(world_at(31, "N", put_off, taken_up), asleep)
    assert (awake.what, awake.effect.snoozed_until) == (What.UPDATE, None)
    assert one(world_at(36, "N", put_off, taken_up), awake.effect).what is What.KEEP
