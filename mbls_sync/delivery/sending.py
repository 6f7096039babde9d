"""Sends files under guard: recorded before and after, looked for before anything is sent again, never twice.

A row is stored as *sending*, with the hash of the very bytes, before a sender is called, and what came of it
after. Wherever the process dies, the next one finds the row, looks at the receiver's side by that hash, and
only then decides. Where nobody can look, a person asks the receiver and says what is so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from mbls_sync.clock import Clock
from mbls_sync.delivery.documents import Document, content_of
from mbls_sync.delivery.files import put, sha256
from mbls_sync.delivery.left import left_the_school
from mbls_sync.errors import MblsError, PaperRefused
from mbls_sync.model.sendings import Channel, Fate, OutgoingFile, Receipt, Sending, SendState, Sighting, Verified
from mbls_sync.registry.manager import BoundSender
from mbls_sync.render.archive import Seal, packed
from mbls_sync.store import sendings
from mbls_sync.store.database import Store

BY_ITSELF = "mbls-sync"
"""Who sent a file that no person carried."""


@dataclass(frozen=True)
class Way:
    """One channel of the settings, ready: its sender, which papers it takes, to whom, and how they are sealed.

    `papers` are names of returns and kinds of packets. `endings` are those of the files that the receiver takes;
    all of a document where none is named.
    """

    channel: Channel
    sender: BoundSender
    papers: tuple[str, ...]
    recipient: str
    seal: Seal = Seal.ZIP
    passphrase: str = field(default="", repr=False)
    endings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The channel's name in the settings."""
        return self.channel.name


@dataclass
class SendReport:
    """What became of the files, in counts, and what a person must know, in words that name no pupil."""

    sent: int = 0
    unsure: int = 0
    refused: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SendDesk:
    """Sends one school's files by its channels. `outgoing` keeps the bytes that are being sent until they are there.

    `patience` is how long a channel that failed is left alone: a pass every minute must not wait for a dead server.
    """

    store: Store
    ways: Sequence[Way]
    clock: Clock
    outgoing: Path
    fence: int = 0
    patience: timedelta = timedelta(0)
    report: SendReport = field(default_factory=SendReport)

    def settle(self) -> None:
        """Look at the receiver's side for every file whose fate is unknown, and decide.

        Raises LeaseLost when another process has become the writer.
        """
        ways = {way.name: way for way in self.ways}
        with self.store.read() as tx:
            open_ones = sendings.load(tx, states=(SendState.SENDING, SendState.UNKNOWN))
        for sending in open_ones:
            if sending.state is SendState.SENDING:
                reason = "a process stopped while it was being sent"
                self._move(sending, SendState.UNKNOWN, reason, SendState.SENDING)
            if sending.channel in ways:
                self._look(ways[sending.channel], replace(sending, state=SendState.UNKNOWN))

    def send(self, documents: Mapping[str, Document]) -> SendReport:
        """Send every approved file, each once. A channel that fails is left alone until the next pass."""
        for way in self.ways:
            with self.store.read() as tx:
                approved = [s for s in sendings.load(tx, states=(SendState.APPROVED,)) if s.channel == way.name]
            if any(self._failed_just_now(sending) for sending in approved):
                continue
            for sending in approved:
                if not self._one(way, sending, documents.get(sending.document)):
                    break
        return self.report

    def _failed_just_now(self, sending: Sending) -> bool:
        since = self.clock() - sending.changed_at
        # A clock that was set back must not leave a channel alone until it has caught up.
        return bool(sending.sha256) and timedelta(0) <= since < self.patience

    def _one(self, way: Way, sending: Sending, document: Document | None) -> bool:
        """Send one file; whether the channel may be used further."""
        try:
            file = self._bytes_of(way, sending, document)
        except MblsError as error:
            self._refuse(sending, str(error), SendState.APPROVED)
            return True
        except OSError as error:
            self._tell(
                sending, f"was not sent: it cannot be made ready here ({error.strerror}); the next pass tries again"
            )
            return True
        if not self._before(sending, file):
            return True  # another hand has moved it since it was loaded
        try:
            receipt = way.sender(file, way.channel)
        except Exception as error:
            receipt = Receipt(Fate.UNKNOWN, f"the sender failed ({type(error).__name__}); tell the plugin's author")
        sent = replace(sending, state=SendState.SENDING, file=file.name, sha256=file.sha256, size=file.size)
        self._after(sent, receipt)
        return receipt.fate in (Fate.ARRIVED, Fate.REFUSED)

    def _bytes_of(self, way: Way, sending: Sending, document: Document | None) -> OutgoingFile:
        """The bytes that were handed over before, so that an upload can go on; else packed now."""
        kept = self.outgoing / way.name / sending.file
        if sending.file and kept.is_file() and sha256(data := kept.read_bytes()) == sending.sha256:
            return OutgoingFile(sending.file, data)
        if document is None or content_of(document.holding(way.endings)) != sending.content:
            raise PaperRefused("its files are gone or were written anew since it was approved; approve it again")
        name, data = packed(sending.document, document.read(way.endings), way.seal, way.passphrase)
        put(self.outgoing / way.name, name, data)
        return OutgoingFile(name, data)

    def _before(self, sending: Sending, file: OutgoingFile) -> bool:
        bytes_of = (file.name, file.sha256, file.size)
        return self._move(sending, SendState.SENDING, "being sent", SendState.APPROVED, bytes_of=bytes_of)

    def _after(self, sending: Sending, receipt: Receipt) -> None:
        match receipt.fate:
            case Fate.ARRIVED:
                self._arrived(sending, receipt, SendState.SENDING)
            case Fate.NOT_SENT:
                self._move(sending, SendState.APPROVED, receipt.says, SendState.SENDING)
                self._tell(sending, f"was not sent: {receipt.says}; the next pass tries again")
            case Fate.REFUSED:
                self._refuse(sending, receipt.says, SendState.SENDING)
            case Fate.UNKNOWN:
                self._move(sending, SendState.UNKNOWN, receipt.says, SendState.SENDING)
                self._tell(sending, f"may have arrived: {receipt.says}; the next pass looks before anything is sent")

    def _look(self, way: Way, sending: Sending) -> None:
        match self._sighting(way, sending):
            case Sighting.WHOLE:
                found = Receipt(Fate.ARRIVED, "found at the receiver's, whole", verified=Verified.HASH)
                self._arrived(sending, found, SendState.UNKNOWN)
            case Sighting.ABSENT:
                self._move(sending, SendState.APPROVED, "looked for, and it never arrived", SendState.UNKNOWN)
            case Sighting.OTHER:
                reason = (
                    "another file of that name lies at the receiver's; ask them to take it away, then send it again"
                )
                self._refuse(sending, reason, SendState.UNKNOWN)
            case Sighting.CANNOT_TELL:
                self.report.unsure += 1
                self._tell(
                    sending,
                    f"may have arrived, and nobody but the receiver can tell; ask them, then: mbls-sync send done "
                    f"{sending.document} (they have it), or send retry {sending.document} (they do not)",
                )

    def _sighting(self, way: Way, sending: Sending) -> Sighting:
        try:
            return way.sender.info.find(sending.file, sending.sha256, way.channel)
        except Exception:
            return Sighting.CANNOT_TELL

    def _arrived(self, sending: Sending, receipt: Receipt, was: SendState) -> None:
        with self.store.begin() as tx:
            stood = sendings.move(
                tx,
                sending,
                SendState.SENT,
                reason=receipt.says,
                now=self.clock(),
                expect=(was,),
                fence=self.fence,
                receipt=f"{receipt.place} ({receipt.verified})".strip(),
            )
            if stood:
                left_the_school(tx, sending, BY_ITSELF, self.clock())
        if stood:
            self.report.sent += 1
            (self.outgoing / sending.channel / sending.file).unlink(missing_ok=True)

    def _refuse(self, sending: Sending, reason: str, was: SendState) -> None:
        self._move(sending, SendState.REFUSED, reason, was)
        self.report.refused += 1
        self._tell(sending, f"was refused: {reason}; then: mbls-sync send retry {sending.document}")

    def _tell(self, sending: Sending, what: str) -> None:
        self.report.problems.append(f"{sending.document} by channel {sending.channel} {what}")

    def _move(
        self, sending: Sending, to: SendState, reason: str, was: SendState, bytes_of: tuple[str, str, int] | None = None
    ) -> bool:
        with self.store.begin() as tx:
            return sendings.move(
                tx, sending, to, reason=reason, now=self.clock(), expect=(was,), fence=self.fence, bytes_of=bytes_of
            )
