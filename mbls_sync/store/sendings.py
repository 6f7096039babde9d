"""The sendings: one row a document and channel, and one audit entry each time what is known of it changes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from mbls_sync.model.sendings import PaperKind, Sending, SendState
from mbls_sync.store import audit, chain, leases
from mbls_sync.store.schema import sending as table
from mbls_sync.store.transaction import Tx, upsert


def load(tx: Tx, *, states: Iterable[SendState] | None = None, document: str | None = None) -> tuple[Sending, ...]:
    """Every sending, by document and channel; those in one of `states`, or of one document."""
    query = select(table).where(table.c.school == tx.school)
    if states is not None:
        query = query.where(table.c.state.in_([str(state) for state in states]))
    if document is not None:
        query = query.where(table.c.document == document)
    found = [_sending(row) for row in tx.connection.execute(query)]
    return tuple(sorted(found, key=lambda sending: (sending.document, sending.channel)))


def put(tx: Tx, sending: Sending, why: str) -> None:
    """Plan a sending, or bring what is stored of it up to date; the audit says why."""
    row = {
        "school": tx.school,
        "document": sending.document,
        "channel": sending.channel,
        "kind": str(sending.kind),
        "about": sending.about,
        "recipient": sending.recipient,
        "duty": sending.duty,
        "number": sending.number,
        "content": sending.content,
        "members": chain.canonical(dict(sending.members)),
        "subjects": chain.canonical(sorted(sending.subjects)),
        "state": str(sending.state),
        "opened_at": sending.opened_at,
        "changed_at": sending.changed_at,
        "reason": sending.reason,
        "file": sending.file,
        "sha256": sending.sha256,
        "size": sending.size,
        "receipt": sending.receipt,
        "fence": sending.fence,
    }
    upsert(tx, table, [row])
    _audit(tx, "sending.put", sending, {"content": sending.content, "why": why}, sending.changed_at)


def move(
    tx: Tx,
    sending: Sending,
    to: SendState,
    *,
    reason: str,
    now: datetime,
    expect: Iterable[SendState],
    fence: int = 0,
    receipt: str = "",
    bytes_of: tuple[str, str, int] | None = None,
) -> bool:
    """Change a sending's state where it still is one of `expect` and of this content; returns whether it was.

    With a `fence`, only the present writer may, else LeaseLost; the number is stamped on the row. `bytes_of` are
    the name, SHA-256 and size of the bytes that are about to be handed over.
    """
    if fence:
        leases.check(tx, fence)
    values: dict[str, Any] = {"state": str(to), "reason": reason, "changed_at": now}
    values |= {"fence": fence} if fence else {}
    values |= {"receipt": receipt} if receipt else {}
    values |= dict(zip(("file", "sha256", "size"), bytes_of, strict=True)) if bytes_of else {}
    mine = (
        table.c.school == tx.school,
        table.c.document == sending.document,
        table.c.channel == sending.channel,
        table.c.content == sending.content,
        table.c.state.in_([str(state) for state in expect]),
    )
    if not tx.connection.execute(update(table).where(*mine).values(values)).rowcount:
        return False
    facts = {"state": str(to), "why": reason} | ({"sha256": bytes_of[1]} if bytes_of else {})
    _audit(tx, "sending.moved", sending, facts, now)
    return True


def _audit(tx: Tx, kind: str, sending: Sending, facts: dict[str, str], at: datetime) -> None:
    stated = {"channel": sending.channel, "state": str(sending.state), **facts}
    audit.append(tx, kind, sending.document, stated, at)


def _sending(row: Any) -> Sending:
    return Sending(
        document=row.document,
        channel=row.channel,
        kind=PaperKind(row.kind),
        about=row.about,
        recipient=row.recipient,
        duty=row.duty,
        number=row.number,
        content=row.content,
        members=json.loads(row.members),
        subjects=tuple(json.loads(row.subjects)),
        state=SendState(row.state),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        reason=row.reason,
        file=row.file,
        sha256=row.sha256,
        size=row.size,
        receipt=row.receipt,
        fence=row.fence,
    )
