"""A hundred letters of one sort are ticked off in one go; another sort, and what was inherited, is left."""

from dataclasses import replace
from datetime import UTC, datetime

from mbls_sync.engine.keys import key_of
from mbls_sync.model.decisions import Because
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.proposals import DraftLetter
from mbls_sync.store import outbox
from mbls_sync.store.database import open_store

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def a_letter(template, pupil, is_praise):
    letter = DraftLetter(template, pupil, "office", "e1", "Write", "why", NOW, f"{template}-sent", is_praise=is_praise)
    key = key_of("example", "RWD-03", letter)
    return Effect(
        key, Kind.LETTER, State.PLANNED, pupil, letter, Because("RWD-03", "Attendance intervention"), NOW, NOW
    )


def test_every_draft_of_one_letter_is_recorded_for_its_pupil(school):
    school.run("once")
    praise = [a_letter("praise-text", who, True) for who in ("A1", "B2")]
    concern = a_letter("support-letter", "A1", False)
    inherited = replace(a_letter("praise-text", "C3", True), state=State.INHERITED)
    store = open_store(f"sqlite:///{school.folder / 'data' / 'mbls-sync.sqlite3'}", "my-school", migrate=False)
    with store.begin() as tx:
        for effect in (*praise, concern, inherited):
            outbox.put(tx, effect, "open")
    assert school.run("tasks", "sent", "praise-text", "--by", "Officer Example").out == "done: 2 of praise-text\n"
    assert school.run("events", "list", "--format", "csv").out.count("praise-text-sent") == 2
    with store.read() as tx:
        states = {effect.key: effect.state for effect in outbox.load(tx)}
    assert [states[effect.key] for effect in praise] == [State.VERIFIED, State.VERIFIED]
    assert states[concern.key] is State.PLANNED
    assert states[inherited.key] is State.INHERITED
    assert school.run("tasks", "sent", "praise-text").code == 2
