"""What is stored of a sending: moved only from where it was thought to be, and every move in the audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mbls_sync.errors import LeaseLost
from mbls_sync.model.sendings import PaperKind, Sending, SendState
from mbls_sync.store import audit, leases, sendings

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
ONE = Sending(
    document="8230000_attendance_2026-11_001",
    channel="la",
    kind=PaperKind.RETURN,
    about="attendance 2026-11",
    recipient="The LA",
    duty="a duty",
    number=1,
    content="c0ffee",
    members={"b.csv": "22", "a.csv": "11"},
    subjects=("p2", "p1"),
    state=SendState.WAITING,
    opened_at=AT,
    changed_at=AT,
)


@pytest.fixture
def planned(store):
    with store.begin() as tx:
        sendings.put(tx, ONE, "it falls due")
    return store


def move(store, to, expect, sending=ONE, fence=0):
    with store.begin() as tx:
        return sendings.move(tx, sending, to, reason="so", now=AT, expect=expect, fence=fence, bytes_of=("f", "s", 3))


def test_it_is_given_back_as_it_was_stored(planned):
    with planned.read() as tx:
        assert sendings.load(tx) == (replace(ONE, subjects=("p1", "p2")),)
        assert sendings.load(tx, states=[SendState.SENT]) == ()


def test_it_moves_only_from_where_it_is(planned):
    assert not move(planned, SendState.SENDING, [SendState.APPROVED])
    assert move(planned, SendState.APPROVED, [SendState.WAITING])
    with planned.read() as tx:
        (found,) = sendings.load(tx, document=ONE.document)
        assert (found.state, found.file, found.sha256, found.size) == (SendState.APPROVED, "f", "s", 3)
        assert [entry.kind for entry in audit.entries(tx, ref=ONE.document)] == ["sending.put", "sending.moved"]


def test_what_was_written_anew_meanwhile_is_not_what_is_moved(planned):
    with planned.begin() as tx:
        sendings.put(tx, replace(ONE, content="another"), "written anew")
    assert not move(planned, SendState.APPROVED, [SendState.WAITING])


def test_only_the_present_writer_moves_it(planned):
    with planned.begin() as tx:
        old = leases.acquire(tx, "one", AT, timedelta(minutes=1))
    with planned.begin() as tx:
        leases.acquire(tx, "two", AT + timedelta(minutes=5), timedelta(minutes=1))
    with pytest.raises(LeaseLost):
        move(planned, SendState.SENDING, [SendState.WAITING], fence=old or 0)
