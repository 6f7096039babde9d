"""Leaves a source alone that does not answer: asked less and less often, and as before once it has answered.

What is known of an outage is in the store, so that a restart does not begin to hammer anew. After each failure
the source is left alone for a while; the first question after that is the probe by which it is judged.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from mbls_sync.errors import AuthRejected, Busy, MisError
from mbls_sync.model.outages import Outage
from mbls_sync.store import meta, schedule
from mbls_sync.store.schedule import LONGEST_BACK_OFF, Job, back_off
from mbls_sync.store.transaction import Tx

PREFIX = "source "
LONGEST_WAIT = timedelta(hours=1)
"""A source that asks to be left alone for longer is asked again after so long."""


def may_ask(tx: Tx, source: str, now: datetime) -> bool:
    """Whether the source may be asked now: it is well, or the time for a probe has come."""
    due = schedule.next_due(tx, PREFIX + source).next_due
    # A due time further off than any back-off was written under a wrong clock, or by an MIS that asked for days.
    return due is None or due <= now or due > now + LONGEST_WAIT


def failed(tx: Tx, source: str, now: datetime, error: MisError) -> Outage | None:
    """Note that a source did not answer. The outage where it begins with this; None where it was known."""
    job = schedule.next_due(tx, PREFIX + source)
    failures = job.failures + 1
    schedule.record(tx, Job(PREFIX + source, now + _wait(failures, error), "", failures))
    if job.failures:
        return None
    begun = Outage(source, now, str(error))
    meta.put(tx, PREFIX + source, json.dumps({"since": now.isoformat(), "says": begun.says}))
    return begun


def answered(tx: Tx, source: str) -> Outage | None:
    """Note that a source answered. The outage that ends with this; None where there was none."""
    outage = standing(tx, source)
    if outage is None:
        return None
    schedule.record(tx, Job(PREFIX + source))
    return Outage(source, outage.since, outage.says, ended=True)


def standing(tx: Tx, source: str) -> Outage | None:
    """The outage of a source that has not ended; None where it is well."""
    if not schedule.next_due(tx, PREFIX + source).failures:
        return None
    known = json.loads(meta.get(tx, PREFIX + source) or "{}")
    return Outage(source, datetime.fromisoformat(known["since"]), known["says"]) if known else None


def _wait(failures: int, error: MisError) -> timedelta:
    if isinstance(error, Busy):
        return min(max(back_off(failures), timedelta(seconds=error.retry_after)), LONGEST_WAIT)
    # Credentials do not mend themselves, and an account is locked by those who try again and again.
    return LONGEST_BACK_OFF if isinstance(error, AuthRejected) else back_off(failures)
