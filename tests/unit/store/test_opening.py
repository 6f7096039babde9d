"""Opening a database: made where it is missing, kept safe, refused where it is newer than the code."""

from __future__ import annotations

import sqlite3
import stat
import sys
import traceback
import types
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text

from mbls_sync.errors import StoreError
from mbls_sync.store import meta, sqlite
from mbls_sync.store import migrate as migrations
from mbls_sync.store.database import Store, open_store
from mbls_sync.store.schema import REVISIONS, metadata, person
from mbls_sync.store.transaction import Tx, insert


def test_an_empty_database_is_brought_up_to_date(database_url: str) -> None:
    open_store(database_url, "school").close()
    store = open_store(database_url, "school", migrate=False)
    with store.read() as tx:
        assert migrations.revision_of(tx.connection) == REVISIONS[-1]
    store.close()


def test_an_empty_database_is_left_alone_unless_told(database_url: str) -> None:
    with pytest.raises(StoreError, match="empty or older"):
        open_store(database_url, "school", migrate=False)


def test_a_database_newer_than_the_code_is_refused_with_what_to_do(database_url: str) -> None:
    store = open_store(database_url, "school")
    with store.begin() as tx:
        tx.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError, match=r"revision 9999.*Install that version again"):
        open_store(database_url, "school")


def test_the_migrations_make_exactly_the_tables_that_the_queries_use(store: Store) -> None:
    with store.read() as tx:
        context = MigrationContext.configure(tx.connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_code_knows_every_revision_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent / "migrations"))
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == REVISIONS


def test_an_upgrade_that_fails_leaves_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = migrations.upgrade

    def dies(connection: Connection) -> None:
        upgrade(connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(migrations, "upgrade", dies)
    with pytest.raises(KeyboardInterrupt):
        open_store(database_url, "school")
    monkeypatch.undo()
    with pytest.raises(StoreError, match="empty or older"):
        open_store(database_url, "school", migrate=False)
    open_store(database_url, "school").close()


def test_what_a_failed_step_stored_is_gone(store: Store) -> None:
    def step() -> None:
        with store.begin() as tx:
            meta.put(tx, "name", "value")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        step()
    with store.read() as tx:
        assert meta.get(tx, "name") is None


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError), store.read() as tx:
        meta.put(tx, "name", "value")
    with store.begin() as tx:
        meta.put(tx, "name", "value")
    with store.read() as tx:
        assert meta.get(tx, "name") == "value"


def test_a_reader_sees_one_state_throughout(store: Store) -> None:
    with store.begin() as tx:
        meta.put(tx, "name", "old")
    with store.read() as reader:
        assert meta.get(reader, "name") == "old"
        with store.begin() as writer:
            meta.put(writer, "name", "new")
        assert meta.get(reader, "name") == "old"


def test_two_schools_in_one_database_never_see_each_other(database_url: str) -> None:
    here, there = open_store(database_url, "here"), open_store(database_url, "there")
    with here.begin() as tx:
        meta.put(tx, "name", "here")
    with there.begin() as tx:
        assert meta.get(tx, "name") is None
        meta.put(tx, "name", "there")
    with here.read() as tx:
        assert meta.get(tx, "name") == "here"
    here.close()
    there.close()


def test_a_second_writer_waits_and_then_says_who_is_in_the_way(database_url: str) -> None:
    first, second = open_store(database_url, "school"), open_store(database_url, "school", wait_seconds=0.05)
    with first.begin(), pytest.raises(StoreError, match="Another process is writing"), second.begin():
        pytest.fail("two writers at once")
    first.close()
    second.close()


def test_a_refusal_names_no_pupil(store: Store) -> None:
    row = {"school": "school", "pupil": "A123456789012", "pseudonym": "x"}
    with store.begin() as tx:
        insert(tx, person, [row])
    with pytest.raises(StoreError) as refused, store.begin() as tx:
        insert(tx, person, [row])
    assert "A123456789012" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("address", ["nonsense", "mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_keeps_nothing_is_refused(address: str) -> None:
    with pytest.raises(StoreError):
        open_store(address, "school")


def test_an_unreachable_server_is_named_without_its_password() -> None:
    with pytest.raises(StoreError, match="refused") as refused:
        open_store("postgresql://clerk:secret@127.0.0.1:1/name", "school", wait_seconds=2)
    assert "secret" not in str(refused.value)


def test_sqlite_is_set_so_that_what_is_committed_stays_and_what_is_erased_goes(
    tmp_path: Path, as_shipped: None
) -> None:
    file = tmp_path / "data" / "school.sqlite3"
    store = open_store(f"sqlite:///{file}", "school")
    wanted = {"synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "recursive_triggers": 1, "busy_timeout": 30000}
    with store.read() as tx:
        assert {name: _pragma(tx, name) for name in wanted} == wanted
        assert _pragma(tx, "journal_mode") == (
            "wal" if sqlite.wal_is_safe(sqlite.driver().sqlite_version_info) else "delete"
        )
    store.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 46, 1), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_a_write_ahead_log_is_kept_only_where_sqlite_cannot_lose_it(version: sqlite.Version, safe: bool) -> None:
    assert sqlite.wal_is_safe(version) is safe


def test_an_affected_library_turns_a_write_ahead_log_off(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/school.sqlite3"
    store = open_store(url, "school")
    with store.begin() as tx:
        meta.put(tx, "name", "value")
    store.close()
    affected = types.ModuleType("affected")
    affected.__dict__.update(vars(sqlite3.dbapi2), sqlite_version_info=(3, 46, 1))
    engine = sqlite.open_engine(make_url(url), 1, affected)
    with Store(engine, "school").read() as tx:
        assert _pragma(tx, "journal_mode") == "delete"
        assert meta.get(tx, "name") == "value"
    engine.dispose()


def test_the_standard_library_stands_in_where_the_wheel_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysqlite3.dbapi2", None)
    assert sqlite.driver().__name__ == "sqlite3.dbapi2"


def _pragma(tx: Tx, name: str) -> object:
    return tx.connection.execute(text(f"PRAGMA {name}")).scalar()


@pytest.mark.parametrize("content", [b"hello, world " * 100, None], ids=["no database", "cut short"])
def test_a_damaged_file_is_told_with_the_ways_back(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "store.sqlite3"
    open_store(f"sqlite:///{file}", "A").close()
    file.write_bytes(content or file.read_bytes()[:20_000])
    with pytest.raises(StoreError, match="is damaged") as error:
        open_store(f"sqlite:///{file}", "A").close()
    assert "mbls-sync restore" in str(error.value)
