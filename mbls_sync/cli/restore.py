"""`mbls-sync restore`: makes a school's folder from a backup, and proves its ledger before anybody may use it."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated
from zipfile import BadZipFile, ZipFile

import typer

from mbls_sync.cli.backup import FORMAT, MANIFEST, RESTORING, Kept, Manifest
from mbls_sync.cli.passes import working
from mbls_sync.cli.show import say
from mbls_sync.clock import now
from mbls_sync.errors import ConfigurationError, LedgerBroken
from mbls_sync.settings.settings import FILE
from mbls_sync.store import audit, proof
from mbls_sync.store.backup import is_known
from mbls_sync.store.database import open_store

app = typer.Typer(add_completion=False)

NOBODYS = ("lost+found", RESTORING)
"""What an empty folder may hold: a disk's own, and what an earlier restore left that was killed."""

ALL_RIGHTS = 0o777

DAMAGED = (BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, OverflowError, RuntimeError)
"""What a file raises that is no backup, was cut short or damaged on its way, or was packed anew by another program."""


@app.command()
def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.", metavar="FILE")],
) -> None:
    """Make the folder that -C names, which is empty or missing, from a backup; prove its ledger first."""
    folder: Path = ctx.obj
    _refuse_unless_empty(folder)
    with working("restoring"), _room_within(folder) as part:
        manifest = _unpacked(file, part)
        entries = _proved(part, manifest, file)
        # The settings last: a folder without them is not taken for a school's.
        for each in sorted(part.iterdir(), key=lambda each: each.name == FILE):
            each.rename(folder / each.name)
    say(f"{folder}: as it was at {manifest.at}; {entries} entries prove the registers")
    say("What came later is not in it. Before the next pass, so that nothing is done twice: put the exports since then")
    say("into the drop folder again, and record what was done and sent (`tasks done`, `events record`, `send done`).")


def _refuse_unless_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(each.name not in NOBODYS for each in folder.iterdir())):
        raise ConfigurationError(
            "is not empty, and a restore overwrites nothing; name an empty or a new folder with -C", file=folder
        )


@contextmanager
def _room_within(folder: Path) -> Iterator[Path]:
    """A folder within `folder`, which is made where it is missing; nothing of either is left where something fails."""
    was_there = folder.exists()
    part = folder / RESTORING
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    try:
        yield part
    finally:
        shutil.rmtree(part)
        if not was_there and not any(folder.iterdir()):
            folder.rmdir()


def _unpacked(file: Path, part: Path) -> Manifest:
    """Unpack the backup into `part`. Raises ConfigurationError for what this version cannot read."""
    try:
        with ZipFile(file) as archive:
            manifest = _manifest(archive)
            _refuse_newer(manifest, file)
            for name in manifest.files:
                _put(archive, name, part)
            # The inner first: what is put into a folder changes the folder's own time.
            for name in sorted(manifest.files, reverse=True):
                _as_it_was(part / name, manifest.files[name])
    except DAMAGED as error:
        raise ConfigurationError(
            f"is no backup of mbls-sync, or is damaged ({type(error).__name__}); nothing was restored. Take another",
            file=file,
        ) from None
    return manifest


def _manifest(archive: ZipFile) -> Manifest:
    found = Manifest(**json.loads(archive.read(MANIFEST)))
    # A store that is no member would be looked for wherever the name leads.
    if found.store not in dict(found.files):
        raise ValueError("the manifest is not one of ours")
    return found


def _refuse_newer(manifest: Manifest, file: Path) -> None:
    if manifest.format != FORMAT or not is_known(manifest.revision):
        raise ConfigurationError(
            f"was written by mbls-sync {manifest.version} (database revision {manifest.revision}), and this is "
            f"{version('mbls-sync')}, which cannot read it; nothing was restored. Install that version",
            file=file,
        )


def _put(archive: ZipFile, name: str, part: Path) -> None:
    place = part / name
    if not place.resolve().is_relative_to(part.resolve()):
        raise ValueError("a name leads out of the folder")
    if name.endswith("/"):
        place.mkdir(mode=0o700, exist_ok=True)
        return
    # A folder that was a link when it was saved has no member of its own.
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.open(name) as packed, place.open("xb") as out:
        shutil.copyfileobj(packed, out)


def _as_it_was(place: Path, kept: Kept) -> None:
    rights, changed = kept
    os.utime(place, (changed, changed))
    place.chmod(rights & ALL_RIGHTS)


def _proved(part: Path, manifest: Manifest, file: Path) -> int:
    """How many entries prove the registers, once the store is of this version. That it was restored is audited."""
    store = open_store(f"sqlite:///{part / manifest.store}", manifest.school)
    try:
        with store.begin() as tx:
            found = proof.verify(tx)
            if not found.ok:
                raise LedgerBroken(
                    f"{file}: nothing was restored: the ledger does not prove the registers ({found.problems[0]}); "
                    f"take an earlier backup"
                )
            audit.append(tx, "store.restored", manifest.at, {"version": manifest.version}, now())
    finally:
        store.close()
    return found.entries
