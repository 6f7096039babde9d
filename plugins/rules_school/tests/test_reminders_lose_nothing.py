"""Whatever happens in whatever order: what was set off and not answered stands on one card, and nothing else does."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mbls_rules_school.reminders import rem_01_reminders

from mbls_sync.api import Event
from mbls_sync.policy.view import DatedValue, Parameter, ParameterKind
from mbls_sync.testing.builders import ALWAYS, ZONE, Someone, a_pupil, a_world
from mbls_sync.testing.running import bind, proposals

RULE = bind(rem_01_reminders)
NOW = datetime(2026, 11, 27, 16, tzinfo=ZONE)
GO_LIVE = date(2026, 11, 16)
PUPILS = ("P1", "P2", "P3")

hours = st.integers(0, 24 * 20).map(lambda hour: datetime(2026, 11, 7, 8, tzinfo=ZONE) + timedelta(hours=hour))
happened = st.lists(st.tuples(hours, st.sampled_from(PUPILS), st.sampled_from(["worry", "answered"])), max_size=12)


def a_row(**fields):
    """A table of reminders of one row."""
    plain = {"id": "answer-worry", "duty": "FDC-15", "title": "Answer", "why": "A worry.", "role": "office"}
    said = {**plain, "done_as": "answered", "cites": "Roles and responsibilities", **fields}
    dated = DatedValue(ALWAYS, tuple(said.items()), "Roles and responsibilities", "made up")
    name = "reminders.answer_worry"
    return {name: Parameter(name, "made up", ParameterKind.REMINDER, (dated,), None, Path("made-up.yaml"))}


def cards(events, row, go_live=GO_LIVE):
    """What is asked for, in a school whose table has this row alone."""
    people = [
        Someone(a_pupil(id), events=tuple(Event(at, kind, pupil=id) for at, who, kind in events if who == id))
        for id in PUPILS
    ]
    own = tuple(Event(at, kind) for at, who, kind in events if who is None)
    world = a_world(NOW, *people, go_live=go_live, events=own)
    kept = {name: known for name, known in world.parameters.items() if not name.startswith("reminders.")}
    return proposals(RULE, replace(world, parameters={**kept, **row}))


def unanswered(events):
    """The worries since going live that no later answer of the same pupil follows."""
    return [
        (at, who)
        for at, who, kind in events
        if kind == "worry"
        and at.date() >= GO_LIVE
        and not any(k == "answered" and w == who and then >= at for then, w, k in events)
    ]


@pytest.mark.parametrize("card", ["one", "each"])
@settings(max_examples=60, deadline=None)
@given(events=happened)
def test_each_unanswered_worry_since_going_live_stands_on_exactly_one_card(card, events):
    found = cards(events, a_row(on="worry", about="pupils", card=card, due="1"))
    assert sum(len(task.facts) for task in found) == len(unanswered(events))
    keys = [(task.pupil, task.occasion) for task in found]
    assert len(keys) == len(set(keys))
    assert all(task.due.date() > GO_LIVE for task in found)


@settings(max_examples=40, deadline=None)
@given(events=happened)
def test_a_card_for_each_pupil_is_never_two_for_one(events):
    found = cards(events, a_row(on="worry", about="pupils", card="each", due="1"))
    assert len(found) == len({who for _, who in unanswered(events)})


@settings(max_examples=40, deadline=None)
@given(events=happened)
def test_what_somebody_recorded_for_all_closes_every_card(events):
    row = a_row(on="worry", about="pupils", due="1")
    assert cards([*events, (NOW, None, "answered")], row) == ()


@pytest.mark.parametrize("every", ["day", "week", "month", "half-term", "term", "year"])
@settings(max_examples=25, deadline=None)
@given(at=st.none() | hours)
def test_a_span_is_asked_about_once_and_until_it_is_recorded_within_it(every, at):
    events = [] if at is None else [(at, None, "answered")]
    found = cards(events, a_row(every=every))
    first = {"day": date(2026, 11, 27), "week": date(2026, 11, 23), "month": date(2026, 11, 1)}
    first |= {"half-term": date(2026, 11, 2), "term": date(2026, 9, 1), "year": date(2026, 8, 1)}
    assert len(found) == (0 if at is not None and at.date() >= first[every] else 1)


def test_a_span_that_was_over_before_going_live_is_not_asked_about():
    assert cards([], a_row(every="week"), go_live=date(2026, 11, 28)) == ()
    assert len(cards([], a_row(every="week"), go_live=date(2026, 11, 27))) == 1
