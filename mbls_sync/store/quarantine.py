"""Rows that could not be read, and pulls that wait for a person: nothing that came vanishes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from mbls_sync.contracts import BadRow
from mbls_sync.store.schema import held_pull, quarantine, storable
from mbls_sync.store.transaction import Tx, upsert

OPEN, RESOLVED, RELEASED = "open", "resolved", "released"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that could not be read, and when it was seen last."""

    id: str
    row: BadRow
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class HeldPull:
    """A pull that waits for a person, with what it would have done."""

    id: str
    stream: str
    source: str
    cursor: str
    reason: str
    observed_at: datetime


def add(tx: Tx, rows: Sequence[BadRow], observed_at: datetime) -> None:
    """Keep rows that could not be read; the same row seen again stays one."""
    stored = {}
    for row in rows:
        id_ = _id(row.source, str(row.line), row.reason, row.text)
        stored[id_] = {
            "school": tx.school,
            "id": id_,
            "source": storable(row.source),
            "line": row.line,
            "reason": storable(row.reason),
            "marks": row.marks,
            "text": storable(row.text),
            "observed_at": observed_at,
            "state": OPEN,
        }
    upsert(tx, quarantine, list(stored.values()))


def open_rows(tx: Tx) -> tuple[Quarantined, ...]:
    """The rows that nobody has mended yet, by source and line."""
    rows = tx.connection.execute(select(quarantine).where(quarantine.c.school == tx.school, quarantine.c.state == OPEN))
    found = [
        Quarantined(row.id, BadRow(row.source, row.line, row.reason, row.marks, row.text), row.observed_at)
        for row in rows
    ]
    return tuple(sorted(found, key=lambda held: (held.row.source, held.row.line, held.id)))


def resolve(tx: Tx, source: str, held_before: datetime | None = None) -> int:
    """Close the rows of a source that was since read clean, drop their text, and close what is held of it.

    Returns how many there were. What was held at `held_before` or later, as in a pull that still runs, stays held.
    """
    mine = (quarantine.c.school == tx.school, quarantine.c.source == source, quarantine.c.state == OPEN)
    rows = tx.connection.execute(update(quarantine).where(*mine).values(state=RESOLVED, text="")).rowcount
    waiting = [held_pull.c.school == tx.school, held_pull.c.source == source, held_pull.c.state == OPEN]
    if held_before is not None:
        waiting.append(held_pull.c.observed_at < held_before)
    return rows + tx.connection.execute(update(held_pull).where(*waiting).values(state=RESOLVED)).rowcount


def hold(tx: Tx, stream: str, source: str, cursor: str, reason: str, observed_at: datetime) -> str:
    """Hold a pull for a person; returns its id, the same for the same content of the same stream."""
    id_ = _id(stream, cursor)
    if is_released(tx, stream, cursor):
        return id_
    row = {"school": tx.school, "id": id_, "stream": stream, "source": source, "cursor": cursor, "reason": reason}
    upsert(tx, held_pull, [row | {"observed_at": observed_at, "state": OPEN}])
    return id_


def held(tx: Tx) -> tuple[HeldPull, ...]:
    """The pulls that wait for a person, oldest first."""
    rows = tx.connection.execute(select(held_pull).where(held_pull.c.school == tx.school, held_pull.c.state == OPEN))
    found = [HeldPull(row.id, row.stream, row.source, row.cursor, row.reason, row.observed_at) for row in rows]
    return tuple(sorted(found, key=lambda pull: (pull.observed_at, pull.id)))


def release(tx: Tx, id: str) -> bool:
    """Let a held pull through when it comes again; returns whether there was one."""
    mine = (held_pull.c.school == tx.school, held_pull.c.id == id, held_pull.c.state == OPEN)
    return bool(tx.connection.execute(update(held_pull).where(*mine).values(state=RELEASED)).rowcount)


def is_released(tx: Tx, stream: str, cursor: str) -> bool:
    """Whether a person let this very content of this stream through."""
    mine = (held_pull.c.school == tx.school, held_pull.c.id == _id(stream, cursor))
    return tx.connection.execute(select(held_pull.c.state).where(*mine)).scalar_one_or_none() == RELEASED


def _id(*parts: str) -> str:
    return hashlib.sha256(storable("\n".join(parts)).encode()).hexdigest()[:12]
