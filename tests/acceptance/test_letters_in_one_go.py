"""What stands under one heading of the list is settled in one go; another sort, and what was inherited, is left."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mbls_sync.engine.keys import key_of
from mbls_sync.model.decisions import Because
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.proposals import DraftLetter, RaiseTask, Rank
from mbls_sync.store import inputs, outbox
from mbls_sync.store.database import open_store

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def put_in(school):
    """Puts effects into the store of a school that has made a pass; the store is given back, to look into."""
    school.run("once")
    url = f"sqlite:///{school.folder / 'data' / 'mbls-sync.sqlite3'}"
    with closing(open_store(url, "my-school", migrate=False)) as store:

        def put(*effects):
            with store.begin() as tx:
                for effect in effects:
                    outbox.put(tx, effect, "open")
            return store

        yield put


def a_letter(template, pupil, is_praise):
    letter = DraftLetter(template, pupil, "office", "e1", "Write", "why", NOW, f"{template}-sent", is_praise=is_praise)
    key = key_of("example", "RWD-03", letter)
    return Effect(
        key, Kind.LETTER, State.PLANNED, pupil, letter, Because("RWD-03", "Attendance intervention"), NOW, NOW
    )


def test_every_draft_of_one_letter_is_recorded_for_its_pupil(school, put_in):
    praise = [a_letter("praise-text", who, True) for who in ("A1", "B2")]
    concern = a_letter("support-letter", "A1", False)
    inherited = replace(a_letter("praise-text", "C3", True), state=State.INHERITED)
    store = put_in(*praise, concern, inherited)
    assert school.run("tasks", "sent", "praise-text", "--by", "Officer Example").out == "done: 2 of praise-text\n"
    assert school.run("events", "list", "--format", "csv").out.count("praise-text-sent") == 2
    with store.read() as tx:
        states = {effect.key: effect.state for effect in outbox.load(tx)}
    assert [states[effect.key] for effect in praise] == [State.VERIFIED, State.VERIFIED]
    assert states[concern.key] is State.PLANNED
    assert states[inherited.key] is State.INHERITED
    assert school.run("tasks", "sent", "praise-text").code == 2


def test_what_stands_under_one_heading_is_put_off_with_one_reason(school, put_in):
    one = [replace_title(a_letter("review-meeting-invitation", who, False), "one absence") for who in ("A1", "B2")]
    pattern = replace_title(a_letter("review-meeting-invitation", "C3", False), "a pattern")
    store = put_in(*one, pattern)
    said = school.run("tasks", "snooze", one[0].key[:8], "2027-01-04", "--alike", "--note", "one illness, over")
    assert said.out == "put off until 2027-01-04 00:00: 2 of: one absence\n"
    assert school.run("events", "list", "--format", "csv").out.count("one illness, over") == 2
    with store.read() as tx:
        put_off = {effect.key for effect in outbox.load(tx) if effect.snoozed_until is not None}
    assert put_off == {effect.key for effect in one}


def test_what_stands_under_one_heading_is_done_in_one_go_each_for_its_pupil(school, put_in):
    three = [a_letter("review-meeting-invitation", who, False) for who in ("A1", "B2", "C3")]
    store = put_in(*three)
    assert school.run("tasks", "done", three[1].key[:8], "--alike").out == "done: 3 of: Write\n"
    assert school.run("events", "list", "--format", "csv").out.count("review-meeting-invitation-sent") == 3
    with store.read() as tx:
        states = {effect.key: effect.state for effect in outbox.load(tx)}
    assert {states[effect.key] for effect in three} == {State.VERIFIED}


def test_a_card_with_a_line_a_pupil_is_recorded_of_each_whose_case_it_is_a_step_of(school, put_in):
    each = ("A1", "B2")
    card = RaiseTask(
        "stay-in-touch", "Talk with home", "why", NOW, "office", Rank.CLOCK, done_as="home-contacted", each=each
    )
    key = key_of("example", "STG-13", card)
    effect = replace(a_letter("praise-text", None, True), key=key, kind=Kind.TASK, proposal=card)
    store = put_in(effect)
    assert school.run("tasks", "done", key[:8], "--by", "Officer Example").code == 0
    with store.read() as tx:
        recorded = [(event.kind, event.pupil) for event in inputs.events(tx)]
    assert recorded == [("home-contacted", "A1"), ("home-contacted", "B2")]
    school.run("once")
    with store.read() as tx:
        assert [found.state for found in outbox.load(tx) if found.key == key] == [State.VERIFIED]


def test_calls_are_never_settled_in_one_go(school, put_in):
    call = RaiseTask("call-home", "Call home", "no message", NOW, "office", Rank.NO_CONTACT, "A1", outcomes=("spoke",))
    effect = replace(
        a_letter("praise-text", "A1", True), key=key_of("example", "FDC-03", call), kind=Kind.TASK, proposal=call
    )
    put_in(effect)
    said = school.run("tasks", "done", effect.key[:8], "--alike", "--outcome", "spoke")
    assert said.code == 2
    assert "settled by itself" in said.err


def replace_title(effect, title):
    return replace(effect, proposal=replace(effect.proposal, title=title))
