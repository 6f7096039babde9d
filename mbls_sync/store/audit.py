"""What the program decided and did, entry by entry, chained; a pupil stands in it by pseudonym only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, select, type_coerce

from mbls_sync.store import chain
from mbls_sync.store.schema import audit, moment_text
from mbls_sync.store.transaction import Head, Tx, insert

CHAIN = "audit"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry: what happened, to what, and the facts of it."""

    seq: int
    kind: str
    ref: str
    detail: Mapping[str, Any]
    at: datetime
    hash: str


def append(tx: Tx, kind: str, ref: str, detail: Mapping[str, Any], at: datetime) -> None:
    """Add an entry in the caller's transaction. `ref` and `detail` hold no name and no UPN: use `people.pseudonym`."""
    facts = chain.canonical(detail)
    last = chain.head(tx, CHAIN)
    (link,) = chain.sealed(last, [(tx.school, kind, ref, facts, moment_text(at))])
    row = {
        "school": tx.school,
        "seq": link.seq,
        "kind": kind,
        "ref": ref,
        "detail": facts,
        "at": at,
        "previous": link.previous,
        "hash": link.hash,
    }
    insert(tx, audit, [row])
    chain.move_head(tx, CHAIN, Head(link.seq, link.hash))


def entries(tx: Tx, *, ref: str | None = None, kind: str | None = None) -> Iterator[AuditEntry]:
    """Every entry in order, or those about `ref`, or of one `kind`."""
    query = select(audit).where(audit.c.school == tx.school).order_by(audit.c.seq)
    if ref is not None:
        query = query.where(audit.c.ref == ref)
    if kind is not None:
        query = query.where(audit.c.kind == kind)
    for row in tx.connection.execute(query):
        yield AuditEntry(row.seq, row.kind, row.ref, json.loads(row.detail), row.at, row.hash)


def verify(tx: Tx) -> tuple[str, ...]:
    """What is wrong with the audit's chain, in words; nothing where it is whole."""
    seals = select(audit.c.hash, audit.c.seq).where(audit.c.school == tx.school)
    check = chain.Check(CHAIN, chain.head(tx, CHAIN), dict(tx.connection.execute(seals).all()))
    # The moment as its text: one that was edited into nonsense must be named, not stop the proof.
    plain = [column for column in audit.c if column.name != "at"]
    raw = select(*plain, type_coerce(audit.c.at, Text).label("seen"))
    for row in tx.connection.execute(raw.where(audit.c.school == tx.school).order_by(audit.c.seq)):
        content = (row.school, row.kind, row.ref, row.detail, row.seen)
        check.see(chain.Link(row.seq, row.previous, row.hash, content))
    check.end()
    return tuple(check.problems)
