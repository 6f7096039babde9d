"""A page is stored with its cursor or not at all, and a person looks before marks vanish."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from mbls_sync.contracts import BadRow, Resource
from mbls_sync.errors import BadPayload, ConfigurationError, LeaseLost, Unreachable
from mbls_sync.intake.pull import owners
from mbls_sync.model.happenings import Message
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.store import inputs, quarantine, registers


def test_the_cursor_is_stored_with_the_rows_and_given_to_the_next_pull(counter):
    counter.pull(counter.marks("P1 2026-09-07 AM /"), name="integris")
    assert counter.cursors() == {"integris:marks/marks.csv": "cursor 1"}
    counter.pull(name="integris")
    assert counter.source.asked_with == {"marks/marks.csv": "cursor 1"}
    counter.pull(name="another")
    assert counter.source.asked_with == {}, "sources do not see each other's cursors"


def test_the_adapter_is_told_only_when_the_page_is_safe(counter):
    seen = []
    counter.source.committed = lambda page: seen.append((page.source, counter.cursors(), len(page.marks)))
    counter.pull(counter.marks("P1 2026-09-07 AM /"))
    assert seen == [("marks.csv", {"marks/marks.csv": "cursor 1"}, 0)]


def test_a_writer_that_lost_its_lease_stores_nothing(counter):
    def lost(_: object) -> None:
        raise LeaseLost("another process writes")

    with pytest.raises(LeaseLost):
        counter.pull(counter.marks("P1 2026-09-07 AM /"), guard=lost)
    assert counter.cursors() == {}
    assert counter.source.tidied == []


def test_what_came_before_a_failure_is_stored(counter):
    good = counter.marks("P1 2026-09-07 AM /")

    def pull(_: object):
        yield good
        raise Unreachable("gone")

    counter.source.pull = pull
    with pytest.raises(Unreachable):
        counter.pull()
    assert counter.code("P1", "2026-09-07 AM") == "/"


def test_a_source_that_never_ends_is_stopped(counter):
    page = counter.marks("P1 2026-09-07 AM /")
    with pytest.raises(BadPayload, match="more than 3 pages"):
        counter.pull(*[page] * 10, most_pages=3)


def test_the_note_beside_a_source_is_told_every_bad_row(counter):
    bad = BadRow("marks.csv", 9, "cut", marks=1)
    counter.pull(counter.marks("P1 2026-09-07 AM ?", bad=[bad]))
    (page,) = counter.source.tidied
    assert sorted(row.line for row in page.bad) == [2, 9]


def test_a_page_with_a_bad_row_is_asked_for_again(counter):
    page = replace(counter.marks("P1 2026-09-07 AM ?"), retry_cursor="read again")
    counter.pull(page)
    assert counter.cursors() == {"marks/marks.csv": "read again"}
    counter.pull(replace(counter.marks("P1 2026-09-07 AM /"), retry_cursor="read again"))
    assert counter.cursors() == {"marks/marks.csv": "cursor 2"}


def test_quarantine_is_lifted_when_the_source_comes_clean(counter):
    counter.pull(counter.marks("P1 2026-09-07 AM ?"))
    assert len(counter.quarantined()) == 1
    counter.pull(counter.marks("P1 2026-09-07 AM /"))
    assert counter.quarantined() == []


def test_an_unreadable_source_is_quarantined_and_told(counter):
    page = counter.items(Resource.PUPILS, unreadable="it has no header")
    report = counter.pull(page)
    assert [tally.unreadable for tally in report.unreadable] == ["it has no header"]
    assert counter.quarantined() == [(0, "it has no header")]
    assert report.needs_a_person
    assert [told.unreadable for told in counter.source.tidied] == ["it has no header"]


def test_a_page_that_is_known_is_not_read_again_and_put_away(counter):
    page = replace(counter.marks("P1 2026-09-07 AM /"), marks=(), unchanged=True)
    report = counter.pull(page)
    assert report.pages[0].known_before
    assert report.changes == 0
    assert len(counter.source.tidied) == 1


def test_other_resources_count_new_and_unchanged(counter):
    pupil, message = Pupil(PupilId("P1"), "Testpupil"), Message(PupilId("P1"), counter.now, "mother", "cold")
    first = counter.pull(counter.items(Resource.PUPILS, pupil), counter.items(Resource.MESSAGES, message))
    assert [(page.items_new, page.items_unchanged) for page in first.pages] == [(1, 0), (1, 0)]
    again = counter.pull(counter.items(Resource.PUPILS, pupil), counter.items(Resource.MESSAGES, message))
    assert [(page.items_new, page.items_unchanged) for page in again.pages] == [(0, 1), (0, 1)]
    with counter.store.read() as tx:
        assert inputs.roll(tx) == (pupil,)


def test_a_pull_that_would_empty_the_register_is_held_for_a_person(counter, week):
    counter.pull(counter.marks(*week("P1", "/")))
    broken = counter.marks(*week("P1", "")[:3], *week("P1", "/")[3:])
    report = counter.pull(broken)
    (page,) = report.held
    assert (page.held, page.stored) == (10, 0)
    assert "3 of the 10" in page.held_because
    assert counter.code("P1", "2026-09-07 AM") == "/"
    assert counter.cursors()["marks/marks.csv"] == "cursor 1", "the page comes again"
    assert [told.cursor for told in counter.source.tidied] == ["cursor 1"], "its file stays where it lies"


def test_a_share_that_is_allowed_is_not_held(counter, week):
    counter.pull(counter.marks(*week("P1", "/")))
    report = counter.pull(counter.marks(*week("P1", "")[:2], *week("P1", "/")[2:]), max_shrink=Decimal(20))
    assert (report.held, report.stored) == ((), 2)


def test_a_person_lets_a_held_pull_through(counter, week):
    counter.pull(counter.marks(*week("P1", "/")))
    broken = replace(counter.marks(*week("P1", "")), content="the very content")
    (page,) = counter.pull(broken).held
    assert counter.pull(replace(broken, cursor="another")).held[0].held_id == page.held_id, "held once, not each time"
    with counter.store.begin() as tx:
        assert quarantine.release(tx, page.held_id)
    assert counter.pull(replace(broken, cursor="a third")).stored == 10
    assert counter.code("P1", "2026-09-07 AM") == ""


def test_held_pulls_can_be_accepted_at_once(counter, week):
    counter.pull(counter.marks(*week("P1", "/")))
    assert counter.pull(counter.marks(*week("P1", "")), accept_held=True).stored == 10


def test_a_rebuild_counts_from_when_each_page_came(counter, week):
    first = replace(counter.marks("P1 2026-09-07 AM N"), received_at=counter.now - timedelta(days=3))
    second = replace(counter.marks("P1 2026-09-07 AM /"), received_at=counter.now - timedelta(days=1))
    counter.pull(first, second)
    with counter.store.read() as tx:
        (amended,) = registers.amendments(tx)
    assert (amended.original, amended.amended) == ("N", "/")
    assert amended.observed_at == second.received_at


def test_a_resource_that_belongs_to_another_source_is_left(counter):
    report = counter.pull(counter.marks("P1 2026-09-07 AM /"), resources=[Resource.PUPILS])
    assert report.stored == 0
    assert "another source" in report.warnings[0]
    assert counter.source.tidied == []


def test_each_resource_belongs_to_the_first_source_that_names_it():
    office = (Resource.PUPILS, Resource.EVENTS)
    found = owners({"wonde": (Resource.MARKS, Resource.PUPILS), "office": office, "rest": ()})
    assert found["wonde"] == {Resource.MARKS, Resource.PUPILS}
    assert found["office"] == {Resource.EVENTS}
    assert found["rest"] == frozenset(Resource) - {Resource.MARKS, Resource.PUPILS, Resource.EVENTS}
    with pytest.raises(ConfigurationError, match="one, two"):
        owners({"one": (), "two": ()})


def test_a_held_pull_is_over_once_its_source_gives_what_is_right(counter, week):
    counter.pull(counter.marks(*week("P1", "/")))
    assert counter.pull(counter.marks(*week("P1", ""))).held
    counter.pull(counter.marks(*week("P1", "L")))
    with counter.store.read() as tx:
        assert quarantine.held(tx) == ()


def test_a_page_that_is_right_does_not_let_go_of_another_of_the_same_pull(counter, week):
    counter.pull(counter.marks(*week("P1", "/"), *week("P2", "/")))
    counter.pull(counter.marks(*week("P1", "")), counter.marks(*week("P2", "L")))
    with counter.store.read() as tx:
        assert len(quarantine.held(tx)) == 1
