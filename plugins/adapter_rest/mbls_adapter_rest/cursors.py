"""How far a list was read: since when for each parent, and which parts are as they were stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Cursor:
    """`since` by parent; `known` are the digests of the last whole walk, `seen` those of the one under way.

    Whoever is cut off begins the parent and span in hand again, and knows by `seen` what was stored of it. `stuck`
    says that a row of this walk went to quarantine: `since` stays, so that it comes again once it is mended.
    """

    since: Mapping[str, str] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    stuck: bool = False

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read what `str` writes; anything else is the very beginning, which stores nothing twice."""
        try:
            said: Any = json.loads(text or "{}")
            return cls(dict(said.get("since", {})), tuple(said.get("known", ())), tuple(said.get("seen", ())))
        except (ValueError, AttributeError, TypeError):
            return cls()

    def stored(self, digest: str) -> Cursor:
        """One more part is stored."""
        return replace(self, seen=(*self.seen, digest))

    def reached(self, parent: str, moment: str) -> Cursor:
        """A parent's span was read to its end."""
        return self if self.stuck or not moment else replace(self, since={**self.since, parent: moment})

    def ended(self) -> Cursor:
        """The walk is whole."""
        return replace(self, known=self.seen, seen=(), stuck=False)

    def holds(self, digest: str) -> bool:
        """Whether a part is as it was stored."""
        return digest in self.known or digest in self.seen

    def __str__(self) -> str:
        said = {"since": dict(self.since), "known": self.known, "seen": self.seen}
        return json.dumps({name: value for name, value in said.items() if value}, sort_keys=True, separators=(",", ":"))
