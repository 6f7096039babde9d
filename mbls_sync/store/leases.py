"""One writer a school: a lease with a number that only rises, stamped on what its holder claims.

A process that was stopped and wakes up after its lease has passed on still believes it is the writer; the
number it carries tells it that it is not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from mbls_sync.errors import LeaseLost
from mbls_sync.model.deliveries import CLOCKS_SLIP
from mbls_sync.store.schema import lease as table
from mbls_sync.store.transaction import Tx, upsert


def acquire(tx: Tx, holder: str, now: datetime, ttl: timedelta) -> int | None:
    """Become the writer until `now + ttl`; returns the fencing number, or None while somebody else is.

    A holder that asks again gets a new number: what it did under the old one has died with it. So name
    the machine as the holder, where only one process on it can ask at a time.
    """
    row = tx.connection.execute(select(table).where(table.c.school == tx.school)).one_or_none()
    # A lease that runs for longer than any was given under a clock that ran ahead, and would shut others out till then.
    stands = row is not None and now < row.expires_at <= now + ttl + CLOCKS_SLIP
    if row is not None and row.holder not in ("", holder) and stands:
        return None
    fence = 1 if row is None else int(row.fence) + 1
    upsert(tx, table, [{"school": tx.school, "holder": holder, "fence": fence, "expires_at": now + ttl}])
    return fence


def renew(tx: Tx, fence: int, now: datetime, ttl: timedelta) -> None:
    """Stay the writer until `now + ttl`. Raises LeaseLost where somebody else has become it."""
    check(tx, fence)
    tx.connection.execute(update(table).where(table.c.school == tx.school).values(expires_at=now + ttl))


def release(tx: Tx, fence: int) -> None:
    """Stop being the writer; nothing happens where somebody else already is."""
    mine = (table.c.school == tx.school, table.c.fence == fence)
    tx.connection.execute(update(table).where(*mine).values(holder=""))


def check(tx: Tx, fence: int) -> None:
    """Raise LeaseLost unless `fence` is the number of the present writer."""
    row = tx.connection.execute(select(table.c.fence, table.c.holder).where(table.c.school == tx.school)).one_or_none()
    if row is None or row.fence != fence or not row.holder:
        raise LeaseLost(
            f"this process wrote under lease {fence}, and {_now_is(row)}; it stops, so that nothing is done twice. "
            f"Leave one daemon running for each school"
        )


def holder(tx: Tx) -> tuple[str, datetime] | None:
    """Who is the writer, and until when; None where nobody is."""
    row = tx.connection.execute(select(table).where(table.c.school == tx.school)).one_or_none()
    return None if row is None or not row.holder else (row.holder, row.expires_at)


def _now_is(row: object) -> str:
    number = getattr(row, "fence", None)
    return "there is no lease any more" if number is None else f"the lease is now {number}"
