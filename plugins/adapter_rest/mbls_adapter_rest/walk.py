"""One list walked from where it stood to its end, given in parts with a cursor each; memory holds one part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from mbls_adapter_rest.asking import Asker, Fetched
from mbls_adapter_rest.cursors import Cursor
from mbls_adapter_rest.parts import PartBuilder
from mbls_adapter_rest.paths import getter
from mbls_adapter_rest.spans import Stretch, stretches
from mbls_adapter_rest.values import BadValue, read_moment
from mbls_sync.api import Page, Resource, SchoolCalendar


@dataclass
class _Gathering:
    """The rows of the part in hand, unread: a part that is known need not be read at all."""

    rows: list[Any] = field(default_factory=list)
    hash: Any = None
    warnings: list[str] = field(default_factory=list)


@dataclass
class Walk:
    """`at_once` rows make a part, or more where a page holds more; `print` tells one mapping from another."""

    resource: Resource
    asker: Asker
    builder: PartBuilder
    parents: Sequence[str]
    calendar: SchoolCalendar
    now: datetime
    at_once: int
    print: str
    cursor: Cursor

    def __post_init__(self) -> None:
        self._number, self._line, self._stuck, self._spoilt = 0, 1, False, False
        self._newest: datetime | None = None
        spans = self.asker.listing.incremental
        self._field = getter(spans.field) if spans is not None and spans.field else None

    def stick(self) -> None:
        """A row went to quarantine: `since` is not moved on by this walk."""
        self._stuck = self._spoilt = True

    def pages(self) -> Iterator[Page]:
        """Every part, to the end."""
        zone, spans = self.calendar.zone, self.asker.listing.incremental
        # What was seen belongs to a walk that was cut off: it is known, and this walk sees afresh.
        at = replace(self.cursor, known=(*self.cursor.known, *self.cursor.seen), seen=())
        first, today = self.calendar.years[0].year.first, self.now.astimezone(zone).date()
        part = self._begin()
        for stretch in stretches(self.parents, spans, at.since, first, today, zone):
            self._newest = None
            for fetched in self.asker.pages(stretch.values):
                self._take(part, fetched)
                if fetched.last and fetched.whole:
                    at = at.reached(stretch.parent, self._reached(stretch)) if not self._stuck else at
                if len(part.rows) >= self.at_once and not self.builder.needs_all:
                    page, kept = self._page(part, at)
                    yield page
                    at, part = self._after(at, kept), self._begin()
        yield self._page(part, at, last=True)[0]

    def _after(self, before: Cursor, kept: Cursor) -> Cursor:
        """The cursor once a part was taken: one with a row in quarantine is not known, and moves nothing on."""
        spoilt, self._spoilt = self._spoilt, False
        at = before if spoilt else kept
        return replace(at, since=self.cursor.since) if self._stuck else at

    def _begin(self) -> _Gathering:
        return _Gathering(hash=blake2b(self.print.encode(), digest_size=8))

    def _take(self, part: _Gathering, fetched: Fetched) -> None:
        part.rows += fetched.rows
        part.hash.update(fetched.digest)
        part.warnings += fetched.warnings
        if self._field is not None:
            self._see_newest(fetched.rows)

    def _see_newest(self, rows: Sequence[Any]) -> None:
        assert self._field is not None  # noqa: S101 - asked before
        for value in {str(said) for row in rows if (said := self._field(row)) is not None}:
            try:
                moment = read_moment(value, self.calendar.zone)
            except BadValue:
                continue
            # A moment to come is no sign that all before it was read.
            if moment <= self.now and (self._newest is None or moment > self._newest):
                self._newest = moment

    def _reached(self, stretch: Stretch) -> str:
        if stretch.end is None:
            return ""
        if self._field is not None:
            return self._newest.isoformat() if self._newest else ""
        return min(stretch.end, self.now.astimezone(self.calendar.zone)).date().isoformat()

    def _page(self, gathered: _Gathering, at: Cursor, *, last: bool = False) -> tuple[Page, Cursor]:
        self._number += 1
        source, digest = f"{self.resource}, part {self._number}", gathered.hash.hexdigest()
        first, self._line = self._line, self._line + len(gathered.rows)
        known = at.holds(digest)
        kept = at.stored(digest)
        page = Page(
            self.resource,
            str(self.resource),
            source,
            str(kept.ended() if last else kept),
            warnings=tuple(dict.fromkeys(gathered.warnings)),
            unchanged=known,
            content=digest,
            retry_cursor=str(self._to_retry(at, last)),
        )
        if not known or self.builder.always:
            part = self.builder.build(gathered.rows, first, source)
            warnings = (*page.warnings, *part.warnings)
            if not known:
                page = replace(page, marks=part.marks, items=part.items, bad=part.bad, warnings=warnings)
        return page, kept

    def _to_retry(self, at: Cursor, last: bool) -> Cursor:
        """As if this part had not been: `since` as it stood before the walk, and its digest not kept."""
        back = replace(at, since=self.cursor.since)
        return back.ended() if last else back
