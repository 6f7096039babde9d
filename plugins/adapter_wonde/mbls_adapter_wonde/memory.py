"""What is kept between pulls, as the cursors that the core stores with the rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mbls_sync.api import PupilId


@dataclass(frozen=True)
class Known:
    """The roll as it was last read: in which hour, a print of it, whose each id is or was, and who is here."""

    hour: str = ""
    content: str = ""
    ids: Mapping[str, PupilId] = field(default_factory=dict)
    here: frozenset[PupilId] = frozenset()

    def __str__(self) -> str:
        kept = {"hour": self.hour, "content": self.content, "ids": dict(self.ids), "here": sorted(self.here)}
        return json.dumps(kept, sort_keys=True)

    @classmethod
    def parse(cls, text: str) -> Known:
        """As `str` wrote it; nothing known where it is empty."""
        kept = json.loads(text or "{}")
        if not kept:
            return cls()
        ids = {id: PupilId(pupil) for id, pupil in kept["ids"].items()}
        return cls(kept["hour"], kept["content"], ids, frozenset(map(PupilId, kept["here"])))


@dataclass(frozen=True)
class Read:
    """How far the marks are read: up to which day, the latest update seen, and a print of what came last."""

    to: date | None = None
    updated: str = ""
    content: str = ""

    def __str__(self) -> str:
        to = self.to.isoformat() if self.to else ""
        return json.dumps({"to": to, "updated": self.updated, "content": self.content}, sort_keys=True)

    @classmethod
    def parse(cls, text: str) -> Read:
        """As `str` wrote it; nothing read where it is empty."""
        kept = json.loads(text or "{}")
        if not kept:
            return cls()
        return cls(date.fromisoformat(kept["to"]) if kept["to"] else None, kept["updated"], kept["content"])


def print_of(*values: object) -> str:
    """A short print of values, the same for the same values."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]
