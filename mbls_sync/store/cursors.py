"""How far each stream of a source has been read and stored."""

from __future__ import annotations

from sqlalchemy import select

from mbls_sync.store.schema import cursor as table
from mbls_sync.store.transaction import Tx, upsert


def load(tx: Tx) -> dict[str, str]:
    """The cursor last stored for each stream."""
    rows = tx.connection.execute(select(table.c.stream, table.c.cursor).where(table.c.school == tx.school))
    return dict(rows.all())


def save(tx: Tx, stream: str, cursor: str) -> None:
    """Remember a stream's cursor. Call it in the transaction that stores the rows, never before it."""
    upsert(tx, table, [{"school": tx.school, "stream": stream, "cursor": cursor}])
