"""A sending is one file on its way to its receiver; its state says what is known of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

OptionsT = TypeVar("OptionsT")


class SendState(StrEnum):
    """What is known of a sending.

    waiting → approved → sending → sent → acknowledged is its way. Exits: *refused* (the channel or the receiver
    said no: a person must look), *unknown* (the answer was lost: the receiver's side is looked at before
    anything else), *queried* (the LA asked back), *corrected* (a later number took its place) and *withdrawn*
    (no longer to be sent).
    """

    WAITING = "waiting"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    ACKNOWLEDGED = "acknowledged"
    QUERIED = "queried"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"

    @property
    def has_left(self) -> bool:
        """Whether the receiver has the file, so that it is never sent again."""
        return self in (SendState.SENT, SendState.ACKNOWLEDGED, SendState.QUERIED, SendState.CORRECTED)

    @property
    def is_owed(self) -> bool:
        """Whether something is still to be done before the receiver has the file."""
        waiting = (SendState.WAITING, SendState.APPROVED, SendState.SENDING, SendState.UNKNOWN, SendState.REFUSED)
        return self in waiting


class PaperKind(StrEnum):
    """What a document is."""

    RETURN = "return"
    PACKET = "packet"


class Fate(StrEnum):
    """What became of one attempt to send a file.

    `arrived`: the receiver has it whole. `not_sent`: it surely has not, and a later attempt is safe. `refused`: it
    has not, and trying again without a person would not help. `unknown`: the answer was lost when the file may
    already have been in place.
    """

    ARRIVED = "arrived"
    NOT_SENT = "not-sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Verified(StrEnum):
    """How a sender made sure that what arrived is whole."""

    HASH = "read back, and its SHA-256 is the same"
    SIZE = "its size is the same"
    ANSWER = "the server's answer"
    PERSON = "a person's word"
    NOTHING = "not at all"


class Sighting(StrEnum):
    """What stands at the receiver's under a file's name.

    `whole`: this very file. `absent`: surely not this file, nor was it there. `other`: another file of that name.
    `cannot_tell`: it may have been there (a mail, a folder that the receiver empties).
    """

    WHOLE = "whole"
    ABSENT = "absent"
    OTHER = "other"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True)
class OutgoingFile:
    """A file to be sent: a plain name that holds no pupil's name or number, and its bytes."""

    name: str
    data: bytes

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.data)


@dataclass(frozen=True)
class Channel:
    """One way to one receiver: its name in the settings, the sender's own options, the school's folder."""

    name: str
    options: Any
    folder: Path

    def options_as(self, kind: type[OptionsT]) -> OptionsT:
        """The options, of the type that the sender declared. Raises TypeError for any other."""
        if not isinstance(self.options, kind):
            raise TypeError(f"channel {self.name} has options of {type(self.options).__name__}, not {kind.__name__}")
        return self.options


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one attempt, in words that name no pupil; `place` is where the file lies at the receiver's."""

    fate: Fate
    says: str
    place: str = ""
    verified: Verified = Verified.NOTHING


@dataclass(frozen=True, slots=True)
class Sending:
    """One document on one channel.

    `document` is its name without an ending; `about` is what it is in the case chronology (`<return> <period>`, or
    a packet's kind). `content` is the SHA-256 over its members' hashes, so that approval is of this content and no
    other. `file` and `sha256` are of the bytes that were last handed over; an archive is salted, so they belong to
    one sealing. `members` are the SHA-256 of each file in it, by name. `subjects` are pseudonyms.
    """

    document: str
    channel: str
    kind: PaperKind
    about: str
    recipient: str
    duty: str
    number: int
    content: str
    members: Mapping[str, str]
    subjects: tuple[str, ...]
    state: SendState
    opened_at: datetime
    changed_at: datetime
    reason: str = ""
    file: str = ""
    sha256: str = ""
    size: int = 0
    receipt: str = ""
    fence: int = 0
