"""What stands where a segment was purged: how far the chain went and its last hash, so that the rest still proves.

A tombstone is stored in one transaction with the rows that it stands for, and stated in the audit, whose chain
proves it. The database lets no row of a segment go without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.store import audit, chain
from mbls_sync.store.schema import disclosure, ledger, tombstone
from mbls_sync.store.transaction import Head, Tx, insert

PURGED = "segment.purged"
"""The kind of the audit entry that states a tombstone."""

BOOKS = {"ledger": ledger, "disclosure": disclosure}
"""What is kept in segments, one for each academic year."""


def chain_of(book: str, year: AcademicYear) -> str:
    """What a segment's chain is called."""
    return f"{book} {year}"


def years(tx: Tx, book: str) -> tuple[AcademicYear, ...]:
    """The years of which the book still holds a row, oldest first."""
    table = BOOKS[book]
    found = tx.connection.execute(select(table.c.year).where(table.c.school == tx.school).distinct()).scalars()
    return tuple(AcademicYear(year) for year in sorted(found))


def count(tx: Tx, book: str, year: AcademicYear) -> int:
    """How many rows a segment holds."""
    table = BOOKS[book]
    mine = (table.c.school == tx.school, table.c.year == year.start)
    return tx.connection.execute(select(func.count()).select_from(table).where(*mine)).scalar_one()


def bury(tx: Tx, book: str, year: AcademicYear, reason: str, at: datetime) -> int:
    """Drop a segment's rows and leave its tombstone, in the caller's transaction; how many rows there were.

    The chain's head stays: what still comes for that year is chained on the tombstone.
    """
    rows = count(tx, book, year)
    head = chain.head(tx, chain_of(book, year))
    facts = {"book": book, "year": year.start, "entries": head.entries, "hash": head.hash, "rows": rows}
    insert(tx, tombstone, [{"school": tx.school, **facts, "reason": reason, "at": at}])
    audit.append(tx, PURGED, chain_of(book, year), facts | {"reason": reason}, at)
    table = BOOKS[book]
    tx.connection.execute(delete(table).where(table.c.school == tx.school, table.c.year == year.start))
    return rows


def latest(tx: Tx, book: str) -> Mapping[AcademicYear, Head]:
    """For each year of which something was purged, the last entry that was."""
    mine = (tombstone.c.school == tx.school, tombstone.c.book == book)
    query = select(tombstone.c.year, tombstone.c.entries, tombstone.c.hash).where(*mine).order_by(tombstone.c.entries)
    return {AcademicYear(year): Head(entries, seal) for year, entries, seal in tx.connection.execute(query)}


def verify(tx: Tx) -> Iterator[str]:
    """Where tombstones and the audit disagree, in words; nothing where they are one."""
    fields = ("book", "year", "entries", "hash", "rows", "reason")
    rows = tx.connection.execute(select(tombstone).where(tombstone.c.school == tx.school))
    stones = {(row.book, row.year, row.entries): {name: getattr(row, name) for name in fields} for row in rows}
    stated = {}
    for entry in audit.entries(tx, kind=PURGED):
        facts = {name: entry.detail.get(name) for name in fields}
        stated[facts["book"], facts["year"], facts["entries"]] = facts
    for place in sorted({*stones, *stated}, key=str):
        if stones.get(place) != stated.get(place):
            book, year, _ = place
            yield f"{book} {AcademicYear(year)}: the tombstone of the purge is not the one that the audit states"
