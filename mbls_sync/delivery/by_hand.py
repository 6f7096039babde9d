"""A document that a person carries to its receiver: it is recorded like any other that leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mbls_sync.delivery.about_whom import about_whom
from mbls_sync.delivery.documents import Document, content_of
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sendings import Sending, SendState
from mbls_sync.store import people, sendings
from mbls_sync.store.database import Tx

BY_HAND = "by-hand"
"""The channel of what a person carried. No channel of the settings may be called so."""


def carried(tx: Tx, document: Document, pupils: Sequence[Pupil], recipient: str, duty: str, now: datetime) -> Sending:
    """Store a sending for a document that no channel takes, about to be recorded as sent, and give it back."""
    names = people.assigned(tx, [pupil.id for pupil in pupils])
    content = content_of(document.files)
    sending = Sending(
        document=document.name,
        channel=BY_HAND,
        kind=document.kind,
        about=document.about,
        recipient=recipient,
        duty=duty,
        number=document.number,
        content=content,
        members=document.files,
        subjects=tuple(sorted(names[pupil] for pupil in about_whom(document.read(), pupils))),
        state=SendState.WAITING,
        opened_at=now,
        changed_at=now,
        reason="a person carries it",
        file=document.name,
        sha256=content,
    )
    sendings.put(tx, sending, "a person carried it")
    return sending
