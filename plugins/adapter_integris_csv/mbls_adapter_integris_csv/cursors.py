"""What was stored last from a file of each name, so that the same export is not read twice.

Two exports of one resource may take turns under two names; then the same bytes can be news again. So each cursor
also says which place it had in the order of its resource, and only the very last file may be passed over by its
content alone, under its own name or a new one that speaks of the same day. Where the folder cannot be tidied, files
stay where they lie and the content decides. A file of which a row went to quarantine is always read again, because a
code or a setting may have been mended.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mbls_sync.api import Resource


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place in its resource's order, the content's hash, and the last change of the file stored last."""

    place: int
    content: str
    ctime_ns: int

    def to_retry(self) -> Cursor:
        """The same without the content: a file of which a row was left out is read again whenever it comes again."""
        return Cursor(self.place, "-", self.ctime_ns)

    def __str__(self) -> str:
        return f"{self.place}:{self.content}:{self.ctime_ns}"


class Cursors:
    """The cursor of each stream, as stored and as this pull goes on."""

    def __init__(self, stored: Mapping[str, str], day_of: Callable[[str], object]) -> None:
        """`day_of` says which day the name of a stream's file speaks of: some layouts have it nowhere else."""
        self._known = {stream: cursor for stream, text in stored.items() if (cursor := _parse(text))}
        self._stored = dict(self._known)
        self._day_of = day_of

    def seen(self, resource: Resource, stream: str, what: str, ctime_ns: int, *, tidied: bool) -> Cursor | None:
        """The cursor under which this very content was stored last, where nothing of the resource came since."""
        cursor = self._known.get(stream)
        if cursor is None or cursor.content != what:
            return self._renamed(resource, stream, what, ctime_ns)
        still_lies_here = cursor.ctime_ns == ctime_ns or not tidied
        return cursor if still_lies_here or cursor.place == self._last(resource) else None

    def _renamed(self, resource: Resource, stream: str, what: str, ctime_ns: int) -> Cursor | None:
        """A cursor for a new name of what was stored last; what this pull has read may yet be held and never counts."""
        last, day = self._last(resource), self._day_of(stream)
        same = (
            other
            for other, cursor in self._stored.items()
            if _is_of(resource, other) and (cursor.place, cursor.content) == (last, what) and self._day_of(other) == day
        )
        return None if next(same, None) is None else Cursor(last, what, ctime_ns)

    def next(self, resource: Resource, stream: str, what: str, ctime_ns: int) -> Cursor:
        """The cursor of a file that is read now."""
        cursor = Cursor(self._last(resource) + 1, what, ctime_ns)
        self._known[stream] = cursor
        return cursor

    def _last(self, resource: Resource) -> int:
        return max((cursor.place for stream, cursor in self._known.items() if _is_of(resource, stream)), default=0)


def fingerprint(content: bytes, resource: Resource) -> str:
    """What tells two contents apart; the same marks with their rows in another order are the same content."""
    # Where a cell may span lines, or the bytes are UTF-16, lines are no rows.
    if resource is not Resource.MARKS or b'"' in content or b"\0" in content:
        return hashlib.sha256(content).hexdigest()
    lines = content.splitlines()
    return hashlib.sha256(b"\n".join([*lines[:1], *sorted(lines)])).hexdigest()


def _is_of(resource: Resource, stream: str) -> bool:
    return stream.startswith(f"{resource}/")


def _parse(text: str) -> Cursor | None:
    parts = text.split(":")
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[2].lstrip("-").isdecimal()):
        return None
    return Cursor(int(parts[0]), parts[1], int(parts[2]))
