"""What every sender promises; an author inherits it, names the module and gives a real receiver.

class TestFolder(SenderContract):
    module = folder

    @pytest.fixture
    def receiver(self, tmp_path): ...
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import ModuleType
from typing import ClassVar, Protocol

import pytest

from mbls_sync.model.sendings import Channel, Fate, OutgoingFile, Sighting
from mbls_sync.registry.manager import BoundSender
from mbls_sync.testing.contract import Contract
from mbls_sync.testing.sending import sender_of

CANARY = b"A823999926001;Zzyzx Canarypupil;2020-01-01\r\n"
FILE = OutgoingFile("8230000_example_2026-11_001.csv", CANARY * 5000)
OTHER = OutgoingFile(FILE.name, CANARY * 3)
ELSEWHERE = (
    "../beside.csv",
    "/beside.csv",
    "below/beside.csv",
    "..",
    ".hidden",
    "back\\slash.csv",
    "line\nbreak.csv",
    "",
)


class Receiver(Protocol):
    """A receiver of the test's own: a channel that leads to it, one that leads nowhere, and what it holds."""

    @property
    def channel(self) -> Channel:
        """The way to it."""
        ...

    @property
    def broken(self) -> Channel:
        """A way that does not work."""
        ...

    def received(self) -> Mapping[str, list[bytes]]:
        """Every file that a reader of the receiver's would take up, by name: each copy of it."""
        ...

    def put(self, file: OutgoingFile) -> None:
        """Place a file there by another hand."""
        ...


class SenderContract(Contract):
    """Tests that hold for every sender. `can_look` False: nobody can see what the receiver holds, as with mail."""

    module: ClassVar[ModuleType]
    can_look: ClassVar[bool] = True

    @pytest.fixture
    def receiver(self) -> Receiver:
        """The author's own receiver, on this machine."""
        raise NotImplementedError("give the contract a receiver")

    def sender(self) -> BoundSender:
        """The one sender that the module holds, checked as at load."""
        return sender_of(self.module)

    def seen(self, receiver: Receiver, file: OutgoingFile) -> Sighting:
        """What the sender finds of a file."""
        return self.sender().info.find(file.name, file.sha256, receiver.channel)

    def test_it_keeps_the_rules_of_the_registry(self) -> None:
        """The hook, its arguments and its annotations are as at load, and no option can be misspelt."""
        assert self.sender().info.options.model_config.get("extra") == "forbid"

    def test_a_file_arrives_whole_and_once(self, receiver: Receiver) -> None:
        """One file, under its name, byte for byte."""
        assert self.sender()(FILE, receiver.channel).fate is Fate.ARRIVED
        assert {name: [_sha(data) for data in copies] for name, copies in receiver.received().items()} == {
            FILE.name: [FILE.sha256]
        }

    def test_an_empty_file_arrives_too(self, receiver: Receiver) -> None:
        """A file of no bytes is a file."""
        assert self.sender()(OutgoingFile("empty.csv", b""), receiver.channel).fate is Fate.ARRIVED
        assert receiver.received() == {"empty.csv": [b""]}

    def test_what_was_sent_is_found_and_nothing_else(self, receiver: Receiver) -> None:
        """Looking tells this file from none and from another; where nobody can look, it says so."""
        before = self.seen(receiver, FILE)
        assert before is not Sighting.WHOLE
        self.sender()(FILE, receiver.channel)
        expected = (Sighting.WHOLE, Sighting.OTHER) if self.can_look else (Sighting.CANNOT_TELL,) * 2
        assert (self.seen(receiver, FILE), self.seen(receiver, OTHER)) == expected

    def test_a_file_that_is_there_already_is_not_sent_again(self, receiver: Receiver) -> None:
        """Where the receiver can be looked at, the same file twice is one file."""
        for _ in range(2 if self.can_look else 1):
            assert self.sender()(FILE, receiver.channel).fate is Fate.ARRIVED
        assert len(receiver.received()[FILE.name]) == 1

    def test_another_file_of_that_name_is_never_replaced(self, receiver: Receiver) -> None:
        """What another hand has put there stays, and a person is told."""
        receiver.put(OTHER)
        fate = self.sender()(FILE, receiver.channel).fate
        assert OTHER.data in receiver.received()[FILE.name]
        assert fate is (Fate.REFUSED if self.can_look else Fate.ARRIVED)

    @pytest.mark.parametrize("name", ELSEWHERE)
    def test_a_name_that_leads_elsewhere_is_refused(self, receiver: Receiver, name: str) -> None:
        """Only a plain name is a name; nothing is written anywhere."""
        assert self.sender()(OutgoingFile(name, b"x"), receiver.channel).fate is Fate.REFUSED
        assert receiver.received() == {}

    def test_a_channel_that_does_not_work_sends_nothing_and_says_so(self, receiver: Receiver) -> None:
        """No exception, no half file: what is said is a value that the caller must look at."""
        receipt = self.sender()(FILE, receiver.broken)
        assert receipt.fate in (Fate.NOT_SENT, Fate.REFUSED)
        assert receipt.says
        assert receiver.received() == {}

    def test_no_pupil_is_named_in_what_is_said(self, receiver: Receiver) -> None:
        """Receipts and reports go into logs and the audit."""
        said = [repr(self.sender()(FILE, channel)) for channel in (receiver.channel, receiver.broken)]
        said += [repr(report) for c in (receiver.channel, receiver.broken) for report in self.sender().info.probe(c)]
        assert not [text for text in said if "Canarypupil" in text or "A823999926001" in text]

    def test_a_probe_finds_a_sound_channel_well_and_sends_nothing(self, receiver: Receiver) -> None:
        """`check` may look as often as it likes."""
        reports = list(self.sender().info.probe(receiver.channel))
        assert reports
        assert [report for report in reports if not report.ok] == []
        assert receiver.received() == {}

    def test_a_probe_says_what_is_wrong_and_how_to_mend_it(self, receiver: Receiver) -> None:
        """A channel that does not work is found by looking, not by the first file that is due."""
        wrong = [report for report in self.sender().info.probe(receiver.broken) if not report.ok]
        assert wrong
        assert all(report.says and report.mend for report in wrong)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
