"""A file is sent once, whatever dies when: recorded before and after, and looked for before anything else.

The mutants stay here: a test of faults that no mutant fails proves nothing.
"""

from __future__ import annotations

import errno
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from pydantic import BaseModel

from mbls_sync.declare import SenderInfo
from mbls_sync.delivery.documents import Document, content_of
from mbls_sync.delivery.files import sha256
from mbls_sync.delivery.sending import SendDesk, Way
from mbls_sync.model.sendings import Channel, Fate, PaperKind, Receipt, Sending, SendState, Sighting
from mbls_sync.registry.manager import BoundSender
from mbls_sync.render.archive import Seal
from mbls_sync.store import disclosures, inputs, proof, sendings
from mbls_sync.store.database import Store, open_store

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
DIES_BEFORE, DIES_AFTER = "dies before it arrives", "dies after it arrived"
LOST_BEFORE, LOST_AFTER = "answer lost, never arrived", "answer lost, arrived"
NOT_SENT, REFUSED, RAISES, WELL = "not sent", "refused", "the plugin raises after it arrived", "well"
FAULTS = (DIES_BEFORE, DIES_AFTER, LOST_BEFORE, LOST_AFTER, NOT_SENT, REFUSED, RAISES, WELL)
_NUMBERS = itertools.count(1)


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Inbox:
    """A receiver. `sweeps`: it takes files away as they come, so that nobody can see what it has had."""

    sweeps: bool
    arrivals: list[str] = field(default_factory=list)
    fault: str = WELL

    def send(self, file, channel):
        if file.sha256 in self.arrivals and not self.sweeps:
            return Receipt(Fate.ARRIVED, "it is there already")
        if self.fault == DIES_BEFORE:
            raise Killed
        early = {LOST_BEFORE: Fate.UNKNOWN, NOT_SENT: Fate.NOT_SENT, REFUSED: Fate.REFUSED}
        if self.fault in early:
            return Receipt(early[self.fault], self.fault)
        self.arrivals.append(file.sha256)
        if self.fault == DIES_AFTER:
            raise Killed
        if self.fault == RAISES:
            raise ValueError("a slip of the plugin's author")
        return Receipt(Fate.UNKNOWN if self.fault == LOST_AFTER else Fate.ARRIVED, self.fault)

    def look(self, name, seal, channel):
        if self.sweeps:
            return Sighting.CANNOT_TELL
        return Sighting.WHOLE if seal in self.arrivals else Sighting.ABSENT


@dataclass
class Case:
    """One document on its way to one receiver, pass by pass."""

    store: Store
    folder: Path
    sweeps: bool
    desk_class: type[SendDesk]
    seal: Seal = Seal.NONE

    def __post_init__(self) -> None:
        self.inbox = Inbox(self.sweeps)
        self.name = f"8230000_attendance_{next(_NUMBERS):05}_001"
        data = b"UPN;A823999926001\r\n"
        self.folder.mkdir(exist_ok=True)
        (self.folder / f"{self.name}.csv").write_bytes(data)
        files = {f"{self.name}.csv": sha256(data)}
        self.document = Document(self.name, "attendance", f"attendance {self.name}", 1, None, self.folder, files, AT)
        with self.store.begin() as tx:
            sendings.put(tx, self._sending(files), "approved for the test")

    def _sending(self, files) -> Sending:
        return Sending(
            document=self.name,
            channel="la",
            kind=PaperKind.RETURN,
            about=self.document.about,
            recipient="The LA",
            duty="a duty",
            number=1,
            content=content_of(files),
            members=files,
            subjects=("ab12",),
            state=SendState.APPROVED,
            opened_at=AT,
            changed_at=AT,
        )

    def one_pass(self, fault: str = WELL) -> None:
        self.inbox.fault = fault
        info = SenderInfo("test", "a test's own", BaseModel, self.inbox.look, lambda channel: [])
        sender = BoundSender(info, self.inbox.send, ("file", "channel"))
        way = Way(Channel("la", None, self.folder), sender, ("attendance",), "The LA", self.seal, "six-words-long!")
        desk = self.desk_class(self.store, [way], lambda: AT, self.folder / "outgoing")
        try:
            desk.settle()
            desk.send({self.name: self.document})
        except Killed:
            return

    def stored(self) -> Sending:
        with self.store.read() as tx:
            return sendings.load(tx, document=self.name)[0]

    def person_answers(self) -> None:
        """A person asks the receiver, who tells the truth, and says so."""
        known = self.stored()
        if known.state in (SendState.UNKNOWN, SendState.REFUSED):
            has_it = bool(self.inbox.arrivals)
            to = SendState.SENT if has_it else SendState.APPROVED
            with self.store.begin() as tx:
                sendings.move(tx, known, to, reason="asked", now=AT, expect=(known.state,))

    def copies_after(self, faults) -> int:
        """How many copies the receiver has had, once all is well again."""
        for fault in faults:
            self.one_pass(fault)
        for _ in range(3):
            self.one_pass()
            self.person_answers()
        assert self.stored().state is SendState.SENT
        return len(self.inbox.arrivals)


@pytest.fixture(scope="module")
def one_store(tmp_path_factory) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 's.sqlite3'}", "school")
    yield store
    store.close()


PASSES = st.tuples(st.booleans(), st.lists(st.sampled_from(FAULTS), max_size=4))


@given(PASSES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_arrives_once_whatever_fails_when(one_store, tmp_path, passes):
    sweeps, faults = passes
    assert Case(one_store, tmp_path, sweeps, SendDesk).copies_after(faults) == 1


class RecordsAfterOnly(SendDesk):
    """Mutant: what is being sent stands nowhere until it was."""

    def _before(self, sending, file):
        return True

    def _move(self, sending, to, reason, was, bytes_of=None):
        return super()._move(sending, to, reason, SendState.APPROVED if was is SendState.SENDING else was, bytes_of)

    def _arrived(self, sending, receipt, was):
        return super()._arrived(sending, receipt, SendState.APPROVED if was is SendState.SENDING else was)


class ResendsOnLostAnswer(SendDesk):
    """Mutant: an answer that was lost is taken for a failure."""

    def _look(self, way, sending):
        self._move(sending, SendState.APPROVED, "sent again", SendState.UNKNOWN)


class TakesAFailingPluginAtItsWord(SendDesk):
    """Mutant: a sender that raises is taken to have sent nothing."""

    def _after(self, sending, receipt):
        failed = receipt.says.startswith("the sender failed")
        super()._after(sending, Receipt(Fate.NOT_SENT, receipt.says) if failed else receipt)


@pytest.mark.parametrize("mutant", [RecordsAfterOnly, ResendsOnLostAnswer, TakesAFailingPluginAtItsWord])
def test_each_mutant_sends_a_file_twice(one_store, tmp_path, mutant):
    def is_sent_twice(passes) -> bool:
        return Case(one_store, tmp_path, passes[0], mutant).copies_after(passes[1]) > 1

    try:
        found = find(PASSES, is_sent_twice, settings=settings(max_examples=300, deadline=None, database=None))
    except NoSuchExample:
        pytest.fail(f"{mutant.__doc__} No fault that is tried here finds it.")
    assert found[0], "only a receiver that takes files away is fooled: elsewhere the sender sees its own file"


@pytest.fixture
def case(store, tmp_path):
    def make(sweeps: bool = False, seal: Seal = Seal.NONE) -> Case:
        return Case(store, tmp_path / "out", sweeps, SendDesk, seal)

    return make


def test_what_left_is_in_the_log_the_chronology_and_the_proof(case, store):
    one = case()
    one.one_pass()
    with store.read() as tx:
        (left,) = disclosures.entries(tx)
        (event,) = inputs.events(tx)
        assert proof.verify(tx).problems == ()
    assert (left.document, left.recipient, left.duty, left.subjects) == (one.name, "The LA", "a duty", ("ab12",))
    assert left.sha256 == one.inbox.arrivals[0]
    assert (event.kind, event.ref) == ("return-sent", one.document.about)


def test_a_file_that_a_dead_process_was_sending_is_looked_for_before_anything_else(case):
    one = case()
    one.one_pass(DIES_AFTER)
    assert one.stored().state is SendState.SENDING
    one.one_pass()
    assert (one.stored().state, len(one.inbox.arrivals)) == (SendState.SENT, 1)


def test_where_nobody_can_look_a_person_is_asked_and_nothing_is_sent_meanwhile(case):
    one = case(sweeps=True)
    one.one_pass(LOST_AFTER)
    for _ in range(3):
        one.one_pass()
    assert (one.stored().state, len(one.inbox.arrivals)) == (SendState.UNKNOWN, 1)


def test_the_very_bytes_that_were_begun_are_sent_on_though_a_seal_is_salted(case):
    one = case(seal=Seal.SEVEN_ZIP)
    one.one_pass(NOT_SENT)
    begun = one.stored()
    one.one_pass()
    assert one.inbox.arrivals == [begun.sha256]
    assert list((one.folder / "outgoing" / "la").iterdir()) == []


def test_what_was_changed_since_it_was_approved_is_not_sent(case):
    one = case()
    (one.folder / f"{one.name}.csv").write_bytes(b"other figures")
    one.one_pass()
    assert one.stored().state is SendState.REFUSED
    assert "not what its manifest states" in one.stored().reason
    assert one.inbox.arrivals == []


def test_a_later_number_takes_the_place_of_an_earlier_one_which_stays_on_record(case, store):
    first = case()
    first.one_pass()
    with store.begin() as tx:
        later = first._sending(first.document.files)
        object.__setattr__(later, "document", f"{first.name[:-3]}002")
        object.__setattr__(later, "number", 2)
        sendings.put(tx, later, "corrected")
    first.document = Document(
        later.document, "attendance", later.about, 2, None, first.folder, first.document.files, AT
    )
    first.name, original = later.document, first.name
    first.one_pass()
    with store.read() as tx:
        states = {sending.document: sending.state for sending in sendings.load(tx)}
        assert states == {original: SendState.CORRECTED, later.document: SendState.SENT}
        assert len(list(disclosures.entries(tx))) == 2


def test_a_channel_that_failed_is_left_alone_for_a_while_by_the_daemon(case, store, monkeypatch):
    one = case()
    one.one_pass(NOT_SENT)
    one.desk_class = partial(SendDesk, patience=timedelta(minutes=15))
    one.one_pass()
    assert one.inbox.arrivals == []
    monkeypatch.setattr(f"{__name__}.AT", AT - timedelta(days=365))
    one.one_pass()
    assert len(one.inbox.arrivals) == 1, "a clock that was set back must not leave it alone for a year"


def test_a_disk_that_is_full_here_refuses_nothing_and_the_next_pass_tries_again(case, store, monkeypatch):
    one, full = case(), Mock(side_effect=OSError(errno.ENOSPC, "No space left on device"))
    with monkeypatch.context() as while_full:
        while_full.setattr("mbls_sync.delivery.sending.put", full)
        one.one_pass()
        assert (one.stored().state, one.inbox.arrivals) == ("approved", [])
    one.one_pass()
    assert (one.stored().state, len(one.inbox.arrivals)) == ("sent", 1)
