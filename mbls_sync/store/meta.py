"""Small facts about the store itself, by name."""

from __future__ import annotations

from sqlalchemy import select

from mbls_sync.store.schema import meta
from mbls_sync.store.transaction import Tx, upsert


def get(tx: Tx, name: str) -> str | None:
    """What was last put under `name`."""
    return tx.connection.execute(
        select(meta.c.value).where(meta.c.school == tx.school, meta.c.name == name)
    ).scalar_one_or_none()


def put(tx: Tx, name: str, value: str) -> None:
    """Remember `value` under `name`."""
    upsert(tx, meta, [{"school": tx.school, "name": name, "value": value}])
