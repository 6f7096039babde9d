"""The outbox: one row an effect, and one audit entry each time what is known of it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from mbls_sync.errors import StoreError
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.marks import PupilId
from mbls_sync.store import audit, leases, people
from mbls_sync.store.codec import because_text, proposal_text, read_because, read_proposal
from mbls_sync.store.schema import outbox as table
from mbls_sync.store.transaction import Tx, chunks, upsert

OPEN_STATES = tuple(str(state) for state in State if state.is_open)


def load(
    tx: Tx,
    *,
    only_open: bool = False,
    since: datetime | None = None,
    states: Iterable[State] | None = None,
    kinds: Iterable[Kind] | None = None,
) -> tuple[Effect, ...]:
    """Every effect, by key; only those to which something may still happen, that changed from `since` on, that
    are in one of `states`, or of one of `kinds`.
    """
    query = select(table).where(table.c.school == tx.school)
    if only_open:
        query = query.where(table.c.state.in_(OPEN_STATES))
    if states is not None:
        query = query.where(table.c.state.in_([str(state) for state in states]))
    if kinds is not None:
        query = query.where(table.c.kind.in_([str(kind) for kind in kinds]))
    if since is not None:
        query = query.where(table.c.changed_at >= since)
    return _read(tx, query)


def standing(tx: Tx, asked: Iterable[str]) -> tuple[Effect, ...]:
    """Every effect to which something may still happen, and those of the keys `asked` whatever their state, by key.

    It is all that a pass needs of the outbox: ten years of closed effects cost it nothing.
    """
    found = {effect.key: effect for effect in load(tx, only_open=True)}
    found |= by_keys(tx, set(asked).difference(found))
    return tuple(found[key] for key in sorted(found))


def by_keys(tx: Tx, keys: Iterable[str]) -> Mapping[str, Effect]:
    """The effects with these keys, whatever their state."""
    found: dict[str, Effect] = {}
    for some in chunks(sorted(set(keys))):
        query = select(table).where(table.c.school == tx.school, table.c.key.in_(some))
        found |= {effect.key: effect for effect in _read(tx, query)}
    return found


def by_key(tx: Tx, key_or_unique_prefix: str) -> Effect | None:
    """The effect with this key, or the only one whose key starts so.

    None where there is no such. Raises StoreError where several keys start so.
    """
    prefix = key_or_unique_prefix
    exact = by_keys(tx, [prefix])
    if exact or not prefix:
        return exact.get(prefix)
    # Not LIKE, which knows no case on SQLite.
    starts = func.substr(table.c.key, 1, len(prefix)) == prefix
    found = _read(tx, select(table).where(table.c.school == tx.school, starts).limit(2))
    if len(found) > 1:
        raise StoreError(f"more than one effect has an id that starts with {prefix}; type more of it")
    return found[0] if found else None


def put(tx: Tx, effect: Effect, why: str) -> None:
    """Open an effect, or bring what is stored under its key up to date; the audit says why."""
    row = {
        "school": tx.school,
        "key": effect.key,
        "kind": str(effect.kind),
        "state": str(effect.state),
        "pupil": effect.pupil or "",
        "proposal": proposal_text(effect.proposal),
        "because": because_text(effect.because),
        "opened_at": effect.opened_at,
        "changed_at": effect.changed_at,
        "reason": effect.reason,
        "fence": effect.fence,
        "snoozed_until": effect.snoozed_until,
        "receipt": effect.receipt,
    }
    upsert(tx, table, [row])
    facts = {"kind": str(effect.kind), "state": str(effect.state), "rule": effect.because.rule, "why": why}
    _audit(tx, "effect.put", effect.key, effect.pupil, facts, effect.changed_at)


def move(
    tx: Tx,
    key: str,
    to: State,
    *,
    reason: str,
    now: datetime,
    expect: Iterable[State],
    fence: int = 0,
    receipt: str | None = None,
) -> bool:
    """Change an effect's state where it still is one of `expect`; returns whether it was.

    With a `fence`, only the present writer may, else LeaseLost; the number is stamped on the row.
    """
    if fence:
        leases.check(tx, fence)
    mine = (table.c.school == tx.school, table.c.key == key, table.c.state.in_([str(state) for state in expect]))
    values: dict[str, Any] = {"state": str(to), "reason": reason, "changed_at": now}
    values |= {"fence": fence} if fence else {}
    values |= {} if receipt is None else {"receipt": receipt}
    if not tx.connection.execute(update(table).where(*mine).values(values)).rowcount:
        return False
    pupil = tx.connection.execute(select(table.c.pupil).where(table.c.school == tx.school, table.c.key == key)).scalar()
    _audit(tx, "effect.moved", key, PupilId(pupil or ""), {"state": str(to), "why": reason}, now)
    return True


def _read(tx: Tx, query: Any) -> tuple[Effect, ...]:
    effects = [_effect(row) for row in tx.connection.execute(query)]
    return tuple(sorted(effects, key=lambda effect: effect.key))


def _effect(row: Any) -> Effect:
    kind = Kind(row.kind)
    return Effect(
        key=row.key,
        kind=kind,
        state=State(row.state),
        pupil=PupilId(row.pupil) if row.pupil else None,
        proposal=read_proposal(kind, row.proposal),
        because=read_because(row.because),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        reason=row.reason,
        fence=row.fence,
        snoozed_until=row.snoozed_until,
        receipt=row.receipt,
    )


def _audit(tx: Tx, kind: str, key: str, pupil: PupilId | None, facts: Mapping[str, str], at: datetime) -> None:
    if not pupil:
        audit.append(tx, kind, key, facts, at)
        return
    # Keys and reasons are written for the office and may hold the pupil's id; the audit outlives the pupil's erasure.
    name = people.pseudonym(tx, pupil)
    veiled = {label: text.replace(pupil, name) for label, text in facts.items()}
    audit.append(tx, kind, key.replace(pupil, name), veiled | {"pupil": name}, at)
