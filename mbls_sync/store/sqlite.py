"""SQLite opened so that a committed mark stays committed, and an erased one is gone.

Libraries below 3.51.3 (but for 3.50.7 and 3.44.6) can lose committed writes in WAL mode when two
connections write and checkpoint at the same moment (sqlite.org/wal.html, "the WAL-reset bug"). WAL is used
only where the library has the mend; elsewhere the database keeps a rollback journal.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from mbls_sync.errors import StoreError, in_words

Version = tuple[int, int, int]


def driver() -> ModuleType:
    """The `pysqlite3` wheel, which brings a mended SQLite, where it is installed; else the standard library."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3.dbapi2")


def wal_is_safe(version: Version) -> bool:
    """Whether this SQLite has the mend of the WAL-reset bug."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def open_engine(url: URL, wait_seconds: float, module: ModuleType | None = None) -> Engine:
    """An engine over one SQLite file, whose folder is made where it is missing. Raises StoreError."""
    if not url.database or url.database == ":memory:":
        raise StoreError("an SQLite database needs a file: what is only in memory is lost with the process")
    file = Path(url.database)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            file.touch(mode=0o600)
    except OSError as error:
        raise StoreError(f"the database cannot be made: {in_words(error)}") from None
    module = module or driver()
    journal = "WAL" if wal_is_safe(module.sqlite_version_info) else "DELETE"
    engine = create_engine(url, module=module, hide_parameters=True, connect_args={"timeout": wait_seconds})

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # BEGIN is said by `begin` below, not guessed by the driver
        _set_up(raw, journal, int(wait_seconds * 1000))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = bool(connection.get_execution_options().get("writes"))
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        # A deferred transaction that turns into a writer fails at once where an immediate one would have waited.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def compact(engine: Engine) -> None:
    """Bring the write-ahead log into the database and empty it: an erased row stands in it until then."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def _set_up(raw: Any, journal: str, wait_ms: int) -> None:
    for pragma in (
        f"busy_timeout = {wait_ms}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "recursive_triggers = ON",  # so that INSERT OR REPLACE cannot slip past the ledger's refusal to delete
    ):
        raw.execute(f"PRAGMA {pragma}")
    found = raw.execute("PRAGMA journal_mode").fetchone()[0]
    if found.upper() != journal:
        found = raw.execute(f"PRAGMA journal_mode = {journal}").fetchone()[0]
    if found.upper() != journal:
        raise StoreError(
            f"the database stays in journal mode {found} where {journal} is needed: another process has it open, or "
            f"the disk does not allow it. Stop the other process, or move the database to a local disk"
        )
