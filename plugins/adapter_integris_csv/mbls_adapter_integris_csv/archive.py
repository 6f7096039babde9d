"""What the drop folder has kept: every file that was stored, in order of arrival, until its term is over."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from mbls_adapter_integris_csv.columns import resource_of
from mbls_adapter_integris_csv.drop_folder import DONE, QUARANTINE, Waiting
from mbls_sync.api import Resource

ORDER = {
    resource: place
    for place, resource in enumerate(
        (
            Resource.PUPILS,
            Resource.CONTACTS,
            Resource.FLAGS,
            Resource.PATTERNS,
            Resource.MARKS,
            Resource.MESSAGES,
            Resource.SIGN_INS,
            Resource.LEAVE_REQUESTS,
            Resource.EVENTS,
        )
    )
}
"""Files that arrive together are read in this order: first who there is."""
STORED = re.compile(r"(?P<time>\d{6})(?P<fold>b?)(?:\.(?P<number>\d+))?-(?P<name>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in `done`: where it lies, the name it came with, and when."""

    file: Waiting
    name: str
    at: datetime


def order_of(name: str) -> int:
    """Where a file of this name stands among those that arrived together."""
    return ORDER[resource_of(name.rsplit(".", 1)[0])]


def kept_files(folder: Path, zone: ZoneInfo) -> list[Kept]:
    """Every file that was stored, in the order in which the pulls read them."""
    return [kept for _, kept in sorted(_kept(folder / DONE, zone), key=lambda pair: pair[0])]


def forget_before(folder: Path, before: date, *, dry_run: bool) -> int:
    """Remove what was put away on a day before `before`, whether read or quarantined; how many files."""
    files = [
        path
        for where in (DONE, QUARANTINE)
        for day in sorted((folder / where).glob("????-??-??"))
        if day.is_dir() and not day.is_symlink() and (_day(day.name) or before) < before
        for path in sorted(day.iterdir())
    ]
    for path in [] if dry_run else files:
        path.unlink()
        with suppress(OSError):
            path.parent.rmdir()
    return len(files)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _kept(done: Path, zone: ZoneInfo) -> Iterator[tuple[tuple[datetime, int, int, int, str], Kept]]:
    for day in sorted(done.iterdir()) if done.is_dir() else ():
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day.name) or not day.is_dir():
            continue
        for path in sorted(day.iterdir()):
            parts = STORED.fullmatch(path.name)
            at = _moment(day.name, parts, zone) if parts else None
            if parts is None or at is None:
                continue
            status = os.stat(path, follow_symlinks=False)
            file = Waiting(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            name = parts["name"].encode("utf-8", "backslashreplace").decode("utf-8")
            number = int(parts["number"] or 1)
            yield (at.astimezone(UTC), number, order_of(name), file.mtime_ns, name), Kept(file, name, at)


def _moment(day: str, parts: re.Match[str], zone: ZoneInfo) -> datetime | None:
    try:
        said = datetime.strptime(f"{day} {parts['time']}", "%Y-%m-%d %H%M%S")  # noqa: DTZ007 the zone is set below
    except ValueError:
        return None
    return said.replace(tzinfo=zone, fold=1 if parts["fold"] else 0)
