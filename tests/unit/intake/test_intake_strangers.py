"""An export about nobody whom the school knows is another school's until a person says otherwise."""

from decimal import Decimal

import pytest

from mbls_sync.contracts import Resource
from mbls_sync.intake.strangers import why_strange
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.store import first_load, inputs

HALF = Decimal(50)


def pupils(*ids):
    return [Pupil(PupilId(id), "Testpupil") for id in ids]


@pytest.fixture
def known(counter):
    """A school of four, loaded and at work."""
    counter.pull(counter.items(Resource.PUPILS, *pupils("P1", "P2", "P3", "P4")))
    counter.pull(counter.marks(*(f"P{n} 2026-09-07 AM /" for n in range(1, 5))))
    with counter.store.begin() as tx:
        first_load.end(tx)
    return counter


@pytest.mark.parametrize(
    ("came", "held"),
    [(["Q1", "Q2"], True), (["Q1"], False), (["Q1", "Q2", "Q3", "P4"], False), ([], False)],
    ids=["half as many", "one below", "one of ours among them", "nobody"],
)
def test_strangers_alone_half_as_many_as_the_school_has_are_looked_at_by_a_person(came, held):
    assert bool(why_strange(came, ["P1", "P2", "P3", "P4"], HALF)) is held


def test_where_nobody_is_known_yet_nobody_is_a_stranger():
    assert why_strange(["Q1", "Q2"], [], HALF) == ""


def test_the_marks_of_another_school_are_held_and_change_nothing(known):
    report = known.pull(known.marks("Q1 2026-09-08 AM N", "Q2 2026-09-08 AM N"), strangers=HALF)
    assert "another school's export" in report.held[0].held_because
    assert known.code("Q1", "2026-09-08 AM") == ""


def test_the_roll_of_another_school_is_held_and_nobody_of_it_is_on_roll(known):
    report = known.pull(known.items(Resource.PUPILS, *pupils("Q1", "Q2", "Q3")), strangers=HALF)
    assert len(report.held) == 1
    with known.store.read() as tx:
        assert {pupil.id for pupil in inputs.roll(tx)} == {"P1", "P2", "P3", "P4"}


def test_a_roll_that_comes_in_several_pages_of_its_first_load_is_not_held(counter):
    pages = [counter.items(Resource.PUPILS, *pupils(*ids)) for ids in (["P1", "P2"], ["P3", "P4"])]
    assert counter.pull(*pages, strangers=HALF).held == ()


def test_a_person_lets_a_roll_of_strangers_through(known):
    report = known.pull(known.items(Resource.PUPILS, *pupils("Q1", "Q2")), strangers=HALF, accept_held=True)
    assert (report.held, report.pages[0].items_new) == ((), 2)
