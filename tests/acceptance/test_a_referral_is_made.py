"""A referral is made by one action of the officer's, whichever: the case knows of it, and the list lets go of it."""

import json

from tests.acceptance.conftest import AMBER


def asked_for(school):
    """Somebody asks for the EWO; the card that this puts on the list."""
    assert school.run("once").code == 0
    assert school.run("events", "record", "ewo-requested", "--upn", AMBER, "--role", "class staff").code == 0
    assert school.run("once").code == 0
    (card,) = cards(school)
    return card


def cards(school):
    rows = json.loads(school.run("tasks", "list", "--format", "json").out)["rows"]
    return [row for row in rows if row["kind"] == "ewo"]


def referred(school):
    rows = json.loads(school.run("events", "list", "--upn", AMBER, "--format", "json").out)
    return [row for row in rows if row["kind"] == "ewo-referred"]


def becomes_of(school, card):
    return school.run("explain", card["id"]).out


def test_ticked_off_it_is_a_step_of_the_case_once(school):
    card = asked_for(school)
    said = school.run("tasks", "done", card["id"], "--by", "Officer Example")
    assert (said.code, said.out.startswith("done: ewo packet: Asked for on Tue 24 Nov by the class staff")) == (0, True)
    assert [row["by"] for row in referred(school)] == ["Officer Example"]
    for _ in range(2):
        assert school.run("once").code == 0
        assert cards(school) == []
    assert len(referred(school)) == 1
    assert "ewo-referred was recorded" in becomes_of(school, card)


def test_recorded_as_an_event_it_is_done_and_not_withdrawn(school):
    card = asked_for(school)
    assert school.run("events", "record", "ewo-referred", "--upn", AMBER).code == 0
    assert school.run("once").code == 0
    assert cards(school) == []
    assert "ewo-referred was recorded" in becomes_of(school, card)


def test_carried_to_the_la_by_a_person_it_is_made(school):
    card = asked_for(school)
    (packet,) = [path for path in (school.folder / "out" / "packets").iterdir() if path.is_dir()]
    assert school.run("send", "done", packet.name, "--by", "Officer Example").code == 0
    assert len(referred(school)) == 1
    assert school.run("once").code == 0
    assert cards(school) == []
    assert "ewo-referred was recorded" in becomes_of(school, card)
