"""What stands where a segment was purged: how far the chain went and its last hash, so that the rest still proves.

A tombstone is stored in one transaction with the rows that it stands for, and stated in the audit, whose chain
proves it, with the signature of the school's key: whoever can write to the database and has not the key can let no
segment go unseen. The database lets no row of a segment go without a tombstone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.store import audit, chain
from mbls_sync.store.schema import disclosure, ledger, tombstone
from mbls_sync.store.signing import SigningKey
from mbls_sync.store.transaction import Head, Tx, insert

PURGED, SIGNED_AGAIN = "segment.purged", "segment.signed-again"
"""The kinds of the audit entries that state a tombstone, and that it was signed by a further key."""

FIELDS = ("book", "year", "entries", "hash", "rows", "reason")
"""What is stated of a tombstone, and signed."""

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


def bury(tx: Tx, book: str, year: AcademicYear, reason: str, at: datetime, key: SigningKey) -> int:
    """Drop a segment's rows and leave its signed tombstone, in the caller's transaction; how many rows there were.

    The chain's head stays: what still comes for that year is chained on the tombstone.
    """
    rows = count(tx, book, year)
    head = chain.head(tx, chain_of(book, year))
    facts = {"book": book, "year": year.start, "entries": head.entries, "hash": head.hash, "rows": rows}
    facts |= {"reason": reason}
    insert(tx, tombstone, [{"school": tx.school, **facts, "at": at}])
    audit.append(tx, PURGED, chain_of(book, year), facts | _signature(tx, facts, key), at)
    table = BOOKS[book]
    tx.connection.execute(delete(table).where(table.c.school == tx.school, table.c.year == year.start))
    return rows


def latest(tx: Tx, book: str) -> Mapping[AcademicYear, Head]:
    """For each year of which something was purged, the last entry that was."""
    mine = (tombstone.c.school == tx.school, tombstone.c.book == book)
    query = select(tombstone.c.year, tombstone.c.entries, tombstone.c.hash).where(*mine).order_by(tombstone.c.entries)
    return {AcademicYear(year): Head(entries, seal) for year, entries, seal in tx.connection.execute(query)}


def sign_again(tx: Tx, key: SigningKey, at: datetime) -> int:
    """Sign every stated tombstone that this key has not signed, in the caller's transaction; how many there were."""
    without = [facts for facts, by in _stated(tx).values() if key.id not in by]
    for facts in without:
        name = chain_of(facts["book"], AcademicYear(facts["year"]))
        audit.append(tx, SIGNED_AGAIN, name, facts | _signature(tx, facts, key), at)
    return len(without)


def strange_keys(tx: Tx, key: SigningKey | None) -> tuple[str, ...]:
    """The ids of the keys that signed a tombstone which `key` has not signed."""
    mine = "" if key is None else key.id
    return tuple(sorted({id for _, by in _stated(tx).values() if mine not in by for id in by}))


def verify(tx: Tx) -> Iterator[str]:
    """Where tombstones and the audit disagree, in words; nothing where they are one."""
    rows = tx.connection.execute(select(tombstone).where(tombstone.c.school == tx.school))
    stones = {(row.book, row.year, row.entries): {name: getattr(row, name) for name in FIELDS} for row in rows}
    stated = {place: facts for place, (facts, _) in _stated(tx).items()}
    for place in sorted({*stones, *stated}, key=str):
        if stones.get(place) != stated.get(place):
            yield f"{_called(place)}: the tombstone of the purge is not the one that the audit states"


def verify_signatures(tx: Tx, key: SigningKey | None) -> Iterator[str]:
    """Which stated tombstones `key`, the one at hand, has not signed, in words: nobody can tell who made them."""
    for place, (facts, by) in sorted(_stated(tx).items(), key=str):
        if key is None or key.id not in by:
            made = " and ".join(f"key {id}" for id in sorted(by)) or "no key"
            yield f"{_called(place)}: the tombstone of the purge is signed by {made}, not the school's key at hand"
        elif not key.signed(_of_school(tx, facts), by[key.id]):
            yield f"{_called(place)}: the tombstone of the purge was not signed by the school's key: another made it"


def _called(place: tuple[Any, ...]) -> str:
    return chain_of(place[0], AcademicYear(place[1]))


def _of_school(tx: Tx, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"school": tx.school, **facts}


def _signature(tx: Tx, facts: Mapping[str, Any], key: SigningKey) -> dict[str, str]:
    return {"key": key.id, "signature": key.sign(_of_school(tx, facts))}


def _stated(tx: Tx) -> dict[tuple[Any, ...], tuple[dict[str, Any], dict[str, object]]]:
    """What the audit states of each tombstone, and its signatures by the key that made them."""
    found: dict[tuple[Any, ...], tuple[dict[str, Any], dict[str, object]]] = {}
    for entry in (*audit.entries(tx, kind=PURGED), *audit.entries(tx, kind=SIGNED_AGAIN)):
        facts = {name: entry.detail.get(name) for name in FIELDS}
        first, by = found.setdefault((facts["book"], facts["year"], facts["entries"]), (facts, {}))
        if facts == first and entry.detail.get("key"):
            by[str(entry.detail["key"])] = entry.detail.get("signature")
    return found
