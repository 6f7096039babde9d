"""SQLite as fast as memory for the tests, on their PostgreSQL's terms: they kill processes, and never the power.

What a process has committed the operating system holds, whatever becomes of the process; only a machine that goes
down needs the disk to be waited for. Whoever imports this module waits no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

from mbls_sync.store.sqlite import driver

_AS_SHIPPED: list[bool] = []


@event.listens_for(Pool, "checkout")
def _hurry(raw: Any, _record: object, _proxy: object) -> None:
    if not _AS_SHIPPED and isinstance(raw, driver().Connection):
        raw.execute("PRAGMA synchronous = OFF")


@contextmanager
def as_shipped() -> Iterator[None]:
    """Wait for the disk, as a school's database does."""
    _AS_SHIPPED.append(True)
    try:
        yield
    finally:
        _AS_SHIPPED.pop()
