"""Whether the very first load of a school is still under way: all of it is history, however often it is cut short."""

from __future__ import annotations

from sqlalchemy import Table, select

from mbls_sync.store import meta
from mbls_sync.store.schema import item, page
from mbls_sync.store.transaction import Tx

NAME = "first_load"
UNDER_WAY, OVER = "under way", "over"


def begin(tx: Tx) -> bool:
    """Note that a first load begins where nothing is stored yet; returns whether one is under way.

    A process that dies between two pages leaves it under way, so that what comes after the restart is known
    to be as old as what came before.
    """
    known = meta.get(tx, NAME)
    if known is None:
        known = OVER if _any(tx, page) or _any(tx, item) else UNDER_WAY
        meta.put(tx, NAME, known)
    return known == UNDER_WAY


def end(tx: Tx) -> None:
    """Note that all there was of marks has been stored; before the first mark there is nothing to note."""
    if meta.get(tx, NAME) == UNDER_WAY and _any(tx, page):
        meta.put(tx, NAME, OVER)


def is_cut_short(tx: Tx) -> bool:
    """Whether marks are stored, and more of the same first load are still to come."""
    return meta.get(tx, NAME) == UNDER_WAY and _any(tx, page)


def _any(tx: Tx, table: Table) -> bool:
    return tx.connection.execute(select(table.c.school).where(table.c.school == tx.school).limit(1)).first() is not None
