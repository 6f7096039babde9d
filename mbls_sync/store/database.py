"""Opens the store: SQLite by default, PostgreSQL where the settings say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from mbls_sync.errors import StoreError
from mbls_sync.store import chain, postgres, sqlite
from mbls_sync.store import migrate as migrations
from mbls_sync.store.transaction import Tx

__all__ = ["Store", "Tx", "open_store", "sqlite_file"]


class Store:
    """One school's rows in one database. Raises StoreError where the database cannot be used."""

    def __init__(self, engine: Engine, school: str) -> None:
        self._engine = engine
        self.school = school

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction that writes, and no other for this school meanwhile: all of it is stored, or nothing."""
        with _in_words(self._engine), self._engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    postgres.lock_school(connection, self.school)
                tx = Tx(connection, self.school)
                yield tx
                chain.write_heads(tx)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that sees one state of the database throughout, and refuses to write."""
        with _in_words(self._engine), self._engine.connect() as plain:
            connection = _read_only(plain)
            with connection.begin():
                yield Tx(connection, self.school)

    def compact(self) -> None:
        """Leave nothing of dropped rows behind in the files of the database."""
        if self._engine.dialect.name == "sqlite":
            sqlite.compact(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def open_store(url: str, school: str, *, migrate: bool = True, wait_seconds: float = 30) -> Store:
    """Open the database for one school, made or upgraded where `migrate` allows it.

    Raises StoreError for an address that is not one of SQLite or PostgreSQL, a database that cannot be
    reached, one that is newer than this code, and, without `migrate`, one that is older.
    """
    store = Store(_engine(_parsed(url), wait_seconds), school)
    try:
        _bring_up(store, migrate)
    except BaseException:
        store.close()
        raise
    return store


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite store; None where the address is another database's. Raises StoreError for no address."""
    found = _parsed(url)
    return Path(found.database) if found.get_backend_name() == "sqlite" and found.database else None


def _bring_up(store: Store, may_migrate: bool) -> None:
    with store.read() as tx:
        if migrations.is_current(tx.connection):
            return
    if not may_migrate:
        raise StoreError(
            "the database is empty or older than this version of mbls-sync; run `mbls-sync pull` once to bring it up "
            "to date (`mbls-sync backup` saves it first)"
        )
    with store.begin() as tx:
        if not migrations.is_current(tx.connection):  # another process may have been first
            migrations.upgrade(tx.connection)


def _parsed(url: str) -> URL:
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError(
            "the database address cannot be read; write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
        ) from None
    if "password" in found.query:
        raise StoreError("the database address holds a password after its ?; write it as USER:PASSWORD@HOST instead")
    if found.get_backend_name() != "sqlite" and url.partition("?")[0].count("@") > 1:
        raise StoreError("the database address holds two @; in a password write %40 for @, %3A for : and %2F for /")
    return found


def _engine(url: URL, wait_seconds: float) -> Engine:
    kind = url.get_backend_name()
    if kind == "sqlite":
        return sqlite.open_engine(url, wait_seconds)
    if kind in ("postgresql", "postgres"):
        return postgres.open_engine(url, wait_seconds)
    raise StoreError(f"{kind} is no database that mbls-sync knows; use sqlite:///FILE or postgresql://…")


def _read_only(connection: Connection) -> Connection:
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return connection


@contextmanager
def _in_words(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        # The driver's own text may quote a key, and a key may be a UPN: only its first line of diagnosis is kept.
        raise StoreError(
            f"the database {engine.url.render_as_string(hide_password=True)} refused: {_diagnosis(error)}; nothing of "
            f"this step was stored. {_advice(error)}"
        ) from None


def _diagnosis(error: DBAPIError) -> str:
    diagnosis = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    lines = str(diagnosis or error.orig or type(error).__name__).splitlines()
    return lines[0] if lines else type(error).__name__


def _advice(error: DBAPIError) -> str:
    says = str(error.orig).lower()
    if "locked" in says or "lock timeout" in says:
        return "Another process is writing: wait for it, or stop it, then run again"
    if "full" in says or "no space" in says or "disk i/o" in says:
        return "Make room on its disk, or see whether the disk is failing, then run again"
    if "malformed" in says or "not a database" in says:
        return (
            "The file is damaged: move it away, then `mbls-sync restore` the last backup into a new folder, or "
            "`mbls-sync rebuild` from the exports that were kept"
        )
    if "readonly" in says or "read-only" in says or "unable to open" in says:
        return "Check that the file and its folder may be written by this user"
    return "Check that the database is up and its address right, then run again"
