"""Leases, due times, cursors, quarantine and held pulls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from mbls_sync.contracts import BadRow
from mbls_sync.errors import LeaseLost
from mbls_sync.store import cursors, leases, meta, quarantine, schedule
from mbls_sync.store.database import Store
from mbls_sync.store.schedule import Job

At = Callable[..., datetime]
MINUTE = timedelta(minutes=1)


def test_there_is_one_writer_at_a_time(store: Store, moment: At) -> None:
    with store.begin() as tx:
        assert leases.acquire(tx, "first", moment(7), MINUTE) == 1
        assert leases.acquire(tx, "second", moment(7), MINUTE) is None
        assert leases.holder(tx) == ("first", moment(7, 0, 1))


def test_a_lease_that_ran_out_passes_on_under_a_higher_number(store: Store, moment: At) -> None:
    with store.begin() as tx:
        leases.acquire(tx, "first", moment(7), MINUTE)
        assert leases.acquire(tx, "second", moment(7, 0, 1), MINUTE) == 2
        with pytest.raises(LeaseLost, match="under lease 1, and the lease is now 2"):
            leases.check(tx, 1)
        with pytest.raises(LeaseLost):
            leases.renew(tx, 1, moment(7, 0, 1), MINUTE)
        leases.check(tx, 2)


def test_a_lease_that_is_renewed_stays(store: Store, moment: At) -> None:
    with store.begin() as tx:
        leases.acquire(tx, "first", moment(7), MINUTE)
        leases.renew(tx, 1, moment(7, 0, 1), MINUTE)
        assert leases.acquire(tx, "second", moment(7, 0, 1), MINUTE) is None


def test_a_lease_that_is_let_go_is_free_and_its_number_spent(store: Store, moment: At) -> None:
    with store.begin() as tx:
        leases.acquire(tx, "first", moment(7), MINUTE)
        leases.release(tx, 1)
        assert leases.holder(tx) is None
        with pytest.raises(LeaseLost):
            leases.check(tx, 1)
        assert leases.acquire(tx, "second", moment(7), MINUTE) == 2


def test_letting_go_of_a_lost_lease_takes_it_from_nobody(store: Store, moment: At) -> None:
    with store.begin() as tx:
        leases.acquire(tx, "first", moment(7), MINUTE)
        leases.acquire(tx, "second", moment(8), MINUTE)
        leases.release(tx, 1)
        assert leases.holder(tx) == ("second", moment(8, 0, 1))


def test_a_holder_that_starts_again_gets_a_new_number(store: Store, moment: At) -> None:
    with store.begin() as tx:
        assert leases.acquire(tx, "first", moment(7), MINUTE) == 1
        assert leases.acquire(tx, "first", moment(7), MINUTE) == 2


def test_without_a_lease_nobody_is_the_writer(store: Store) -> None:
    with store.read() as tx:
        assert leases.holder(tx) is None
        with pytest.raises(LeaseLost, match="no lease"):
            leases.check(tx, 1)


def test_a_job_is_remembered_where_it_stands(store: Store, moment: At) -> None:
    job = Job("pass", moment(7, 9), "2026-09-07 08:45", 2)
    with store.begin() as tx:
        assert schedule.next_due(tx, "pass") == Job("pass")
        schedule.record(tx, Job("pass"))
        schedule.record(tx, job)
        assert schedule.next_due(tx, "pass") == job
        assert schedule.load(tx) == {"pass": job}


def test_a_cursor_is_the_last_one_saved(store: Store) -> None:
    with store.begin() as tx:
        assert cursors.load(tx) == {}
        cursors.save(tx, "marks", "1")
        cursors.save(tx, "marks", "2")
        cursors.save(tx, "pupils", "x")
    with store.read() as tx:
        assert cursors.load(tx) == {"marks": "2", "pupils": "x"}


def test_a_fact_is_the_last_one_put(store: Store) -> None:
    with store.begin() as tx:
        meta.put(tx, "name", "old")
        meta.put(tx, "name", "new")
        assert meta.get(tx, "name") == "new"


def test_a_bad_row_seen_twice_is_one_and_is_closed_by_a_clean_read(store: Store, moment: At) -> None:
    bad = BadRow("marks.csv", 3, "the date cannot be read", 1, "A000000000001,32/09/2026")
    other = BadRow("pupils.csv", 2, "no UPN")
    with store.begin() as tx:
        quarantine.add(tx, [other, bad, bad], moment(7))
        quarantine.add(tx, [bad], moment(8))
        quarantine.add(tx, [], moment(8))
        assert [held.row for held in quarantine.open_rows(tx)] == [bad, other]
        assert quarantine.open_rows(tx)[0].observed_at == moment(8)
        assert quarantine.resolve(tx, "marks.csv") == 1
        assert quarantine.resolve(tx, "marks.csv") == 0
        assert [held.row for held in quarantine.open_rows(tx)] == [other]
        quarantine.add(tx, [bad], moment(9))
        assert [held.row for held in quarantine.open_rows(tx)] == [bad, other]


def test_a_held_pull_waits_until_a_person_lets_that_very_content_through(store: Store, moment: At) -> None:
    with store.begin() as tx:
        first = quarantine.hold(tx, "marks", "marks.csv", "hash 1", "shrinks by half", moment(7))
        again = quarantine.hold(tx, "marks", "marks.csv", "hash 1", "shrinks by half", moment(8))
        other = quarantine.hold(tx, "marks", "marks.csv", "hash 2", "shrinks by half", moment(9))
        assert first == again != other
        assert [pull.id for pull in quarantine.held(tx)] == [first, other]
        assert quarantine.release(tx, first)
        assert not quarantine.release(tx, first)
        assert quarantine.is_released(tx, "marks", "hash 1")
        assert not quarantine.is_released(tx, "marks", "hash 2")
        quarantine.hold(tx, "marks", "marks.csv", "hash 1", "shrinks by half", moment(10))
        assert [pull.id for pull in quarantine.held(tx)] == [other]


def test_a_garbled_row_is_kept_as_far_as_a_database_can(store: Store, moment: At) -> None:
    with store.begin() as tx:
        quarantine.add(tx, [BadRow("marks.csv", 3, "not a \0 date", 1, "x\0y\ud800z")], moment(7))
        (held,) = quarantine.open_rows(tx)
    assert (held.row.reason, held.row.text) == ("not a \ufffd date", "x\ufffdy?z")
