"""An export about nobody whom the school knows is another school's until a person says otherwise."""

from datetime import date
from decimal import Decimal

import pytest

from mbls_sync.contracts import Resource
from mbls_sync.intake.strangers import Known, TooMany, why_strange
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.store import first_load, inputs

HALF = TooMany(Decimal(50))


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
    four = ["P1", "P2", "P3", "P4"]
    assert bool(why_strange(came, Known(four, four), HALF)) is held


def test_where_nobody_is_known_yet_nobody_is_a_stranger():
    assert why_strange(["Q1", "Q2"], Known([], []), HALF) == ""


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


def marks_of(counter, *ids, day="2026-09-08"):
    return counter.marks(*(f"{id} {day} AM /" for id in ids))


def test_in_september_the_first_classes_of_the_new_year_do_not_make_strangers_of_the_others(known):
    """Exports a class, and the pages of an MIS: the new year's registers hold nobody but those who came first."""
    pages = [marks_of(known, *ids, day="2027-09-06") for ids in (["P1", "P2"], ["P3", "P4"])]
    assert known.pull(*pages, strangers=HALF).held == ()
    assert known.code("P4", "2027-09-06 AM") == "/"


def test_whom_the_roll_has_named_is_no_stranger_in_the_register(known):
    roll = known.items(Resource.PUPILS, *pupils("P4", "P5", "P6", "P7"))
    assert known.pull(roll, marks_of(known, "P5", "P6", "P7"), strangers=HALF).held == ()


def test_without_a_roll_whoever_had_a_mark_in_an_earlier_year_is_known(counter):
    counter.pull(marks_of(counter, "P1", "P2", "P3"))
    with counter.store.begin() as tx:
        first_load.end(tx)
    pages = [marks_of(counter, id, day="2027-09-06") for id in ("P1", "P2", "P3")]
    assert counter.pull(*pages, strangers=HALF).held == ()


def test_a_class_that_is_loaded_after_the_others_is_not_held_for_its_size_alone(known):
    class_size = TooMany(Decimal(50), least=3)
    assert known.pull(marks_of(known, "Q1", "Q2"), strangers=class_size).held == ()
    assert len(known.pull(marks_of(known, "R1", "R2", "R3"), strangers=class_size).held) == 1


def test_who_left_long_ago_does_not_make_the_school_too_large_for_strangers_to_be_seen(known):
    gone = [Pupil(PupilId(f"L{n}"), "Testpupil", left=date(2025, 7, 22)) for n in range(20)]
    known.pull(known.items(Resource.PUPILS, *pupils("P1", "P2", "P3", "P4"), *gone))
    assert len(known.pull(known.items(Resource.PUPILS, *pupils("Q1", "Q2")), strangers=HALF).held) == 1
