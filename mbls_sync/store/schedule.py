"""When each job is due next, which due time was served last, and how often it failed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from mbls_sync.store.schema import schedule as table
from mbls_sync.store.transaction import Tx, upsert

LONGEST_BACK_OFF = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Job:
    """One job: `last_due` names the due time that was served last, so that none is served twice."""

    name: str
    next_due: datetime | None = None
    last_due: str = ""
    failures: int = 0


def load(tx: Tx) -> Mapping[str, Job]:
    """Every job that was ever recorded, by name."""
    rows = tx.connection.execute(select(table).where(table.c.school == tx.school))
    return {row.job: Job(row.job, row.next_due, row.last_due, row.failures) for row in rows}


def next_due(tx: Tx, name: str) -> Job:
    """One job; a job without a due time where it was never recorded."""
    return load(tx).get(name, Job(name))


def record(tx: Tx, job: Job) -> None:
    """Remember where a job stands."""
    row = {"job": job.name, "next_due": job.next_due, "last_due": job.last_due, "failures": job.failures}
    upsert(tx, table, [{"school": tx.school} | row])


def back_off(failures: int) -> timedelta:
    """How long to leave somebody alone who did not answer `failures` times: a minute, doubled up to a limit."""
    return min(timedelta(minutes=1 << min(failures - 1, 10)), LONGEST_BACK_OFF)
