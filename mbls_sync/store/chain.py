"""Hash chains: each entry seals the one before it, and the head says how long the chain is.

A chain that is cut still agrees with itself; that is why its length and last hash stand in a table of
their own. Whoever can rewrite both tables can still cut unseen: ship `audit export` elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select

from mbls_sync.store.schema import chain_head
from mbls_sync.store.transaction import Head, Tx, upsert

START = Head(0, "")


class Link(NamedTuple):
    """One stored entry as the check sees it: its number, its seals, and the content they are over."""

    seq: int
    previous: str
    hash: str
    content: tuple[object, ...]


def canonical(value: Any) -> str:
    """JSON in one way only: keys sorted, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal(previous: str, content: tuple[object, ...]) -> str:
    """The hash of an entry's content on top of the entry before it."""
    return hashlib.sha256(f"{previous}\n{canonical(content)}".encode()).hexdigest()


def head(tx: Tx, chain: str) -> Head:
    """How long the chain is and what its last hash is."""
    if chain not in tx.heads:
        row = tx.connection.execute(
            select(chain_head.c.entries, chain_head.c.hash).where(
                chain_head.c.school == tx.school, chain_head.c.chain == chain
            )
        ).one_or_none()
        tx.heads[chain] = START if row is None else Head(row.entries, row.hash)
    return tx.heads[chain]


def move_head(tx: Tx, chain: str, to: Head) -> None:
    """Note the chain's new head, to be written in the transaction that stored the entries."""
    tx.heads[chain] = to
    tx.moved.add(chain)


def write_heads(tx: Tx) -> None:
    """Write every head that moved. The store calls it before it commits."""
    rows = [
        {"school": tx.school, "chain": chain, "entries": tx.heads[chain].entries, "hash": tx.heads[chain].hash}
        for chain in sorted(tx.moved)
    ]
    upsert(tx, chain_head, rows)
    tx.moved.clear()


def sealed(last: Head, contents: Iterable[tuple[object, ...]]) -> Iterator[Link]:
    """A link for each content, chained on `last`."""
    seq, previous = last
    for content in contents:
        seq += 1
        link = Link(seq, previous, seal(previous, content), content)
        previous = link.hash
        yield link


def names(tx: Tx, prefix: str) -> tuple[str, ...]:
    """The chains whose name starts with `prefix`, in order."""
    rows = tx.connection.execute(select(chain_head.c.chain).where(chain_head.c.school == tx.school))
    return tuple(sorted(name for name in {*rows.scalars(), *tx.heads} if name.startswith(prefix)))


@dataclass
class Check:
    """Walks one chain in order of its numbers and says in words what is wrong with it.

    `start` is the last entry that was purged, as its tombstone states it; the chain goes on from there.
    """

    chain: str
    expected: Head
    hashes: dict[str, int]
    problems: list[str] = field(default_factory=list)
    start: Head = START
    _seq: int = field(init=False)
    _previous: str = field(init=False)

    def __post_init__(self) -> None:
        self._seq, self._previous = self.start

    @property
    def walked(self) -> int:
        """How many entries were seen."""
        return max(self._seq - self.start.entries, 0)

    def see(self, link: Link) -> None:
        """Look at the next entry."""
        gap = link.seq != self._seq + 1
        if gap:
            self._say(f"{_entries(self._seq + 1, link.seq - 1)} deleted")
        if seal(link.previous, link.content) != link.hash:
            self._say(f"entry {link.seq} was edited")
        if link.previous != self._previous and not gap:
            self._say(self._broken(link))
        self._seq, self._previous = link.seq, link.hash

    def end(self) -> None:
        """Compare the last entry with the head."""
        if self.expected.entries > self._seq:
            self._say(f"the end was cut: {_entries(self._seq + 1, self.expected.entries, 'is', 'are')} missing")
        elif self.expected.entries < self._seq:
            self._say(f"{_entries(self.expected.entries + 1, self._seq)} added behind the head")
        elif self.expected.hash != self._previous and self.expected.hash not in self.hashes:
            self._say(f"entry {self._seq} was edited: it is not the one that the head names")

    def _broken(self, link: Link) -> str:
        true_place = self.hashes.get(link.previous, self.start.entries if link.previous == self.start.hash else None)
        if true_place is not None:
            return f"entry {link.seq} was reordered: it belongs after entry {true_place}"
        if len(self.hashes) < self.expected.entries - self.start.entries:
            return f"an entry before entry {link.seq} was deleted and the rest renumbered"
        return f"entry {self._seq} was edited and sealed anew: entry {link.seq} was written on top of another"

    def _say(self, what: str) -> None:
        self.problems.append(f"{self.chain}: {what}")


def _entries(first: int, last: int, one: str = "was", many: str = "were") -> str:
    return f"entry {first} {one}" if first == last else f"entries {first} to {last} {many}"
