"""One file on its way by one sender, under the core's own guard: for tests that kill a receiver half-way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from mbls_sync.declare import SenderInfo
from mbls_sync.delivery.documents import Document, content_of
from mbls_sync.delivery.files import sha256
from mbls_sync.delivery.sending import SendDesk, Way
from mbls_sync.model.sendings import Channel, OutgoingFile, PaperKind, Sending, SendState
from mbls_sync.registry.check import implementations
from mbls_sync.registry.manager import BoundSender
from mbls_sync.render.archive import Seal
from mbls_sync.store import disclosures, sendings
from mbls_sync.store.database import Store, open_store

__all__ = ["OneSending", "Store", "open_store", "sender_of"]

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def sender_of(module: ModuleType) -> BoundSender:
    """The one sender that a module holds, checked as at load."""
    found = [it for it in implementations("under test", module) if isinstance(it.info, SenderInfo)]
    assert len(found) == 1, f"{module.__name__} holds {len(found)} senders; keep one a file"
    assert isinstance(found[0].info, SenderInfo)
    return BoundSender(found[0].info, found[0].function, found[0].arguments, "under test")


@dataclass(frozen=True)
class OneSending:
    """One file, approved unless the store knows it; `one_pass` does what a pass does. `folder` keeps the document."""

    store: Store
    sender: BoundSender
    channel: Channel
    file: OutgoingFile
    folder: Path

    def __post_init__(self) -> None:
        (self.folder / self.file.name).write_bytes(self.file.data)
        with self.store.begin() as tx:
            if not sendings.load(tx, document=self.name):
                sendings.put(tx, self._sending(), "approved for the test")

    @property
    def name(self) -> str:
        """The document's name."""
        return Path(self.file.name).stem

    def one_pass(self) -> list[str]:
        """Settle, then send; what a person would be told."""
        way = Way(self.channel, self.sender, ("attendance",), "The LA", Seal.NONE)
        desk = SendDesk(self.store, [way], lambda: AT, self.folder / "outgoing")
        desk.settle()
        files = {self.file.name: sha256(self.file.data)}
        document = Document(self.name, "attendance", "attendance 2026-11", 1, None, self.folder, files, AT)
        return desk.send({self.name: document}).problems

    def state(self) -> SendState:
        """How it stands."""
        with self.store.read() as tx:
            return sendings.load(tx, document=self.name)[0].state

    def disclosed(self) -> int:
        """How often it stands in the log of disclosures."""
        with self.store.read() as tx:
            return sum(entry.document == self.name for entry in disclosures.entries(tx))

    def _sending(self) -> Sending:
        files = {self.file.name: sha256(self.file.data)}
        return Sending(
            document=self.name,
            channel=self.channel.name,
            kind=PaperKind.RETURN,
            about="attendance 2026-11",
            recipient="The LA",
            duty="a duty",
            number=1,
            content=content_of(files),
            members=files,
            subjects=(),
            state=SendState.APPROVED,
            opened_at=AT,
            changed_at=AT,
        )
