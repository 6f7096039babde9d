"""The drop folder: which files are finished, their bytes, and where they go when they are stored.

Only plain files are read, each through one descriptor: no link, device or pipe, nothing that has a second
name, and nothing that changed while it was read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from glob import escape
from pathlib import Path

DONE, QUARANTINE = "done", "quarantine"
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart")
CHUNK = 1 << 20


class RefusedFile(Exception):
    """A file that is never read; says why and what to do."""


class Changing(Exception):
    """A file that is still being written; it is left for the next pull."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file in the folder as it was last looked at."""

    path: Path
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @property
    def name(self) -> str:
        """The file's name, with bytes that are no text spelt out, so that it can be stored anywhere."""
        return self.path.name.encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Arrival:
    """What `committed` is handed back: the file, when it arrived, and whether it was put away long ago."""

    file: Waiting
    at: datetime
    is_kept: bool = False


def waiting_files(folder: Path) -> list[Waiting]:
    """Every file that waits, oldest first; hidden ones and those that are being written have no place here."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith((".", "~")) or name.endswith("~") or name.lower().endswith(UNFINISHED):
                continue
            status = _status(Path(entry.path))
            if status is not None and not stat.S_ISDIR(status.st_mode):
                found.append(
                    Waiting(Path(entry.path), status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
                )
    return sorted(found, key=lambda file: (file.mtime_ns, file.path.name))


def settled_files(folder: Path, settle_seconds: float, now: datetime, sleep: Callable[[float], None]) -> list[Waiting]:
    """The files that nobody writes to: old enough, or unchanged over a wait until they are."""
    files = waiting_files(folder)
    ages = {file: now.timestamp() - file.mtime_ns / 1e9 for file in files}
    young = [file for file in files if ages[file] < settle_seconds]
    if not young:
        return files
    # A clock of the file server that runs ahead must not make the wait longer than the settings say.
    sleep(min(settle_seconds, settle_seconds - min(ages[file] for file in young)))
    again = set(waiting_files(folder))
    return [file for file in files if file in again]


def read_bytes(file: Waiting, most: int) -> bytes:
    """The whole content. Raises RefusedFile or Changing."""
    try:
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Changing from None
    except OSError as error:
        if file.path.is_symlink():
            raise RefusedFile(
                "it is a link, and what it leads to is not the school's export; put the file in"
            ) from None
        raise RefusedFile(f"it cannot be opened ({error.strerror}); let this program's user read it") from None
    try:
        before = os.fstat(descriptor)
        _refuse_tricks(before, most)
        content = _read(descriptor, most)
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    seen = (file.size, file.mtime_ns, file.inode)
    if any((s.st_size, s.st_mtime_ns, s.st_ino) != seen for s in (before, after)) or len(content) != file.size:
        raise Changing
    return content


def put_away(folder: Path, arrival: Arrival, where: str) -> Path | None:
    """Move a file to `done` or `quarantine`; where it lies now, None if it is gone or was replaced meanwhile.

    Nothing is ever overwritten. Raises OSError where the folder cannot be written.
    """
    if not _is_same(arrival.file.path, arrival.file):
        return None
    target = free_place(folder / where, arrival, arrival.file.path.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.rename(arrival.file.path, target)
    if not _is_same(target, arrival.file) and not arrival.file.path.exists():
        # Another export took the file's name in this very instant; it has not been read, so it goes back.
        os.rename(target, arrival.file.path)
        return None
    return target


def free_place(folder: Path, arrival: Arrival, name: str) -> Path:
    """`<date>/<HHMMSS>-<name>`, with a number behind the time where that is taken."""
    stamp = arrival.at.strftime("%H%M%S") + ("b" if arrival.at.fold else "")
    number = 1
    while True:
        marker = stamp if number == 1 else f"{stamp}.{number}"
        target = folder / f"{arrival.at:%Y-%m-%d}" / f"{marker}-{name}"
        if not os.path.lexists(target):
            return target
        number += 1


def forget_orphans(folder: Path, note: str) -> None:
    """Remove the notes of this name that a killed pull wrote about a file and then did not put away."""
    for path in (folder / QUARANTINE).glob(f"*/*-{escape(note)}"):
        stamp = path.name.removesuffix(note)[:6]
        file = f"{escape(stamp)}*-{escape(note.removesuffix('.txt'))}"
        if not any(any((folder / where / path.parent.name).glob(file)) for where in (DONE, QUARANTINE)):
            path.unlink()


def _refuse_tricks(status: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise RefusedFile("it is a link, a pipe or a device and no plain file; put the export itself in")
    if status.st_nlink != 1:
        raise RefusedFile("it has a second name elsewhere (a hard link), so that it can change unseen; copy it in")
    if status.st_size > most:
        raise RefusedFile(f"it has {status.st_size} bytes, more than {most}; export a shorter span of dates")


def _read(descriptor: int, most: int) -> bytes:
    parts, size = [], 0
    while chunk := os.read(descriptor, CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > most:
            raise Changing
    return b"".join(parts)


def _status(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path, follow_symlinks=False)
    except OSError:
        return None


def _is_same(path: Path, file: Waiting) -> bool:
    status = _status(path)
    return status is not None and (status.st_size, status.st_mtime_ns, status.st_ino) == (
        file.size,
        file.mtime_ns,
        file.inode,
    )
