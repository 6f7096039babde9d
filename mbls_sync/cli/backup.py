"""`mbls-sync backup`: saves the school's folder in one file, with its store as at one moment, and proves the copy."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Annotated
from zipfile import ZIP_DEFLATED, ZipFile

import typer

from mbls_sync import health
from mbls_sync.cli.passes import LOCK, working
from mbls_sync.cli.show import say
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.errors import ConfigurationError, LedgerBroken, StoreError
from mbls_sync.store import proof
from mbls_sync.store.backup import NEWEST_REVISION, copy_store
from mbls_sync.store.database import open_store, sqlite_file

app = typer.Typer(add_completion=False)

FORMAT = 1
MANIFEST = "backup.json"
RESTORING = ".restoring"
"""The folder within a school's in which a restore unpacks; what a killed one left of it is no part of the school."""

Kept = tuple[int, float]
"""The rights of a file or folder, and when it was last changed: a drop folder is read in that order."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself, as its last member: one that was cut short has none."""

    format: int
    version: str
    revision: str
    school: str
    at: str
    store: str
    files: dict[str, Kept] = field(default_factory=dict)
    """Every member; the name of a folder ends in a slash."""


@app.command()
def backup(
    ctx: typer.Context,
    place: Annotated[Path, typer.Argument(help="The file to write, or the folder to write it in.", metavar="FILE")],
) -> None:
    """Save the school's folder in one file, its database as at one moment, while the daemon runs. SQLite only.

    The file holds pupils' data: keep it as the MIS's own backups are kept, and no longer than the data itself.
    """
    office = open_office(ctx.obj)
    store = _store_of(office)
    target = _target(office, place)
    with working("saving"), _only_backup(office), _whole(target, office.settings.school.id) as half:
        says = write(office, store, half)
    say(f"{target}: {says}")
    for left in _elsewhere(office):
        say(f"not in it: {left}")


def write(office: Office, store: Path, half: Path) -> str:
    """Write the backup to `half`; returns what was proved. Raises LedgerBroken where a restore would refuse it."""
    folder, school = office.settings.folder, office.settings.school.id
    members: dict[str, Kept] = {}
    with ZipFile(half, "w", ZIP_DEFLATED) as archive:
        for path in paths_of(folder, store):
            # A pass may move a file away while it is being saved.
            with suppress(FileNotFoundError):
                _add(archive, path, path.relative_to(folder).as_posix(), members)
        # The store last: an export that a pass takes meanwhile is known to it, and not lost between the two.
        copy = half.with_name("store")
        revision = copy_store(store, copy)
        says = _proved(copy, school, revision)
        name = store.relative_to(folder).as_posix()
        _add(archive, copy, name, members)
        at = office.local_now().isoformat(timespec="seconds")
        manifest = Manifest(FORMAT, version("mbls-sync"), revision, school, at, name, members)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return says


def paths_of(folder: Path, store: Path) -> Iterator[Path]:
    """Every folder and plain file of the school, each folder before what lies in it.

    Not the store, which is copied by itself, nor what is true only of the process that runs on this machine now.
    """
    left = {store, *(store.with_name(store.name + ending) for ending in ("-wal", "-shm", "-journal"))}
    left |= {folder / "data" / name for name in (LOCK, health.FILE)}
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - {RESTORING})
        if Path(above) != folder:
            yield Path(above)
        for file in (Path(above) / name for name in sorted(names)):
            if file not in left and file.is_file() and not file.is_symlink():
                yield file


def _add(archive: ZipFile, path: Path, name: str, members: dict[str, Kept]) -> None:
    found = path.stat()
    if path.is_dir():
        name += "/"
        archive.writestr(name, b"")
    else:
        archive.writestr(name, path.read_bytes())
    members[name] = (found.st_mode & 0o777, found.st_mtime)


def _proved(copy: Path, school: str, revision: str) -> str:
    """What a restore will prove; nothing of a store that an update has yet to bring up to date."""
    if revision != NEWEST_REVISION:
        return f"the database is of an earlier version (revision {revision}), and is saved as it is"
    saved = open_store(f"sqlite:///{copy}", school, migrate=False)
    try:
        with saved.read() as tx:
            found = proof.verify(tx)
    finally:
        saved.close()
    if not found.ok:
        raise LedgerBroken(
            f"nothing was saved: the ledger does not prove the registers ({found.problems[0]}), so that no restore "
            f"would take this backup; keep the last good one, and see `mbls-sync audit verify`"
        )
    return f"{found.entries} entries prove the registers"


def _store_of(office: Office) -> Path:
    """The file of the store. Raises ConfigurationError where it is no file in the school's folder."""
    settings = office.settings
    file, folder = sqlite_file(settings.database), settings.folder
    if file is None:
        raise ConfigurationError(
            f"the data is in {settings.shown_database}, which only its own tools copy whole: run "
            f"`pg_dump --format=custom --file=FILE` on it, and save the folder {folder} beside that file"
        )
    if not file.is_relative_to(folder):
        raise ConfigurationError(
            f"{settings.origin('database_url')}: the database {file} lies outside {folder}, and a backup is of that "
            f"folder; move it to {folder / 'data'} and leave database_url out"
        )
    if not file.exists():
        raise StoreError(f"{file} is not there yet, so there is nothing to save; the first `mbls-sync pull` makes it")
    return file


def _target(office: Office, place: Path) -> Path:
    if place.is_dir():
        place = place / f"mbls-sync-{office.settings.school.id}-{office.local_now():%Y-%m-%d-%H%M%S}.zip"
    if not place.parent.is_dir():
        raise ConfigurationError("there is no such folder; make it, or name another", file=place.parent)
    if place.resolve().is_relative_to(office.settings.folder.resolve()):
        raise ConfigurationError("lies in the folder it saves, and would be lost with it; name another", file=place)
    if place.exists():
        raise ConfigurationError("is there already and was not changed; name another file, or a folder", file=place)
    return place


@contextmanager
def _only_backup(office: Office) -> Iterator[None]:
    """Be the only backup of this school that is being made, so that what another left half-done was killed."""
    # A file that is there: on a disk that is full none could be made, and then a backup is wanted most.
    with office.settings.file.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(f"another backup of {office.settings.folder} is being made; wait for it") from None
        yield


@contextmanager
def _whole(target: Path, school: str) -> Iterator[Path]:
    """A file that takes the name `target` once it is whole, in a folder beside it which only this user may read.

    What a killed backup of this school left there is dropped first: it holds pupils' data, and nobody looks for it.
    """
    room = target.with_name(f".mbls-sync-{school}.part")
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(mode=0o700)
    try:
        half = room / "backup"
        half.touch(mode=0o600)
        yield half
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.replace(target)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _elsewhere(office: Office) -> Iterator[str]:
    """What the school uses and its folder does not hold."""
    given = office.settings
    places = (given.config_folder, given.out_folder, *given.folders_of_plugins, given.locate(given.shared_folder))
    yield from (str(place) for place in places if place and not place.resolve().is_relative_to(given.folder.resolve()))
    yield from (f"{link}, a link" for link in _links(given.folder))
    yield "secrets that stand in files elsewhere, and what the environment sets"


def _links(folder: Path) -> Iterator[Path]:
    for above, folders, names in os.walk(folder):
        yield from (path for name in sorted((*folders, *names)) if (path := Path(above) / name).is_symlink())
