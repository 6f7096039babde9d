"""PostgreSQL by psycopg, with one writer a school at a time."""

from __future__ import annotations

import hashlib

from sqlalchemy import URL, Connection, Engine, create_engine, text


def open_engine(url: URL, wait_seconds: float) -> Engine:
    """An engine over one PostgreSQL database; a lock is waited for no longer than `wait_seconds`."""
    options = f"-c lock_timeout={int(wait_seconds * 1000)} -c TimeZone=UTC"
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": max(int(wait_seconds), 2)},
    )


def lock_school(connection: Connection, school: str) -> None:
    """Wait until no other transaction writes for the school; the chains of ledger and audit need one writer."""
    number = int.from_bytes(hashlib.sha256(school.encode()).digest()[:8], "big", signed=True)
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
