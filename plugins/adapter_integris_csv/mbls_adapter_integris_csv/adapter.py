"""RM Integris by CSV: a drop folder that exports, or a person, fill."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from mbls_adapter_integris_csv.anchors import in_file_name
from mbls_adapter_integris_csv.archive import forget_before, kept_files, order_of
from mbls_adapter_integris_csv.columns import resource_of
from mbls_adapter_integris_csv.cursors import Cursors, fingerprint
from mbls_adapter_integris_csv.drop_folder import (
    DONE,
    QUARANTINE,
    Arrival,
    Changing,
    RefusedFile,
    forget_orphans,
    free_place,
    put_away,
    read_bytes,
    settled_files,
)
from mbls_adapter_integris_csv.health import look_at
from mbls_adapter_integris_csv.notes import note_of
from mbls_adapter_integris_csv.options import Options
from mbls_adapter_integris_csv.reading import read_export
from mbls_adapter_integris_csv.tables import UnreadableFile
from mbls_adapter_integris_csv.values import Dates
from mbls_sync.api import AdapterOffer, Given, HealthReport, Page, Unreachable, hookimpl


class IntegrisCsv:
    """Reads each finished file of the drop folder once, and moves it away when its rows are stored.

    Integris takes no marks from third parties, so that this adapter offers no writing: marks to be changed
    come out as a keying sheet, and the next export ticks them off.
    """

    def __init__(self, options: Options, given: Given) -> None:
        self._options, self._given = options, given
        self._folder = given.folder / options.folder
        self._most = options.max_megabytes << 20

    def check(self) -> Iterable[HealthReport]:
        """Whether the folder is there, can be read and tidied, and how long nothing has come."""
        stale_after = timedelta(days=self._options.stale_after_days)
        return look_at(self._folder, self._given.clock(), stale_after, self._given.calendar)

    def pull(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        """One page for each finished file, the people before the marks and the older before the newer."""
        at = self._now()
        try:
            waiting = settled_files(self._folder, self._options.settle_seconds, self._given.clock(), self._given.sleep)
        except OSError as error:
            raise Unreachable(
                f"the drop folder {self._folder} cannot be read ({error.strerror}), so no export was looked at; make "
                "the folder, let this program's user read it, or correct `folder` in the source's options"
            ) from error
        known = self._cursors(cursors)
        for file in sorted(waiting, key=lambda file: order_of(file.name)):
            page = self._page(file.name, known, Arrival(file, at))
            if page is not None:
                yield page

    def replay(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        """One page for each file that was ever stored, in order of arrival, each with the moment it came."""
        known = self._cursors(cursors)
        for kept in kept_files(self._folder, self._given.calendar.zone):
            page = self._page(kept.name, known, Arrival(kept.file, kept.at, is_kept=True))
            if page is not None:
                yield page

    def forget(self, before: date, *, dry_run: bool) -> int:
        """Remove the files that were put away before that day, read or not, or only count them."""
        return forget_before(self._folder, before, dry_run=dry_run)

    def committed(self, page: Page) -> None:
        """Move the file to `done`, or what cannot be read to `quarantine`, with a note about what was left out.

        On a folder that cannot be written nothing happens: the content's hash tells next time that it is known.
        """
        arrival = page.token
        if not isinstance(arrival, Arrival) or arrival.is_kept:
            return
        # First the note: a death between the two leaves a note too many, which the next pull takes away.
        note = self._write_note(page, arrival) if page.unreadable or page.bad else None
        with suppress(OSError):
            if put_away(self._folder, arrival, QUARANTINE if page.unreadable else DONE) is not None:
                return
        if note is not None:
            note.unlink()

    def _cursors(self, stored: Mapping[str, str]) -> Cursors:
        dates = Dates(self._options.date_formats, self._given.calendar.zone)
        return Cursors(stored, lambda stream: in_file_name(stream.partition("/")[2], dates))

    def _page(self, name: str, known: Cursors, arrival: Arrival) -> Page | None:
        """The page of one file; None for one that is still being written."""
        resource = resource_of(name.rsplit(".", 1)[0])
        stream, file = f"{resource}/{name}", arrival.file
        page = Page(resource, stream, name, "", received_at=arrival.at, token=arrival)
        try:
            content = read_bytes(file, self._most)
        except Changing:
            return None
        except RefusedFile as error:
            # Its content may not be read, so its place in the file system stands for it.
            known_as = f"{file.inode}:{file.size}:{file.mtime_ns}".encode()
            refused = replace(page, unreadable=str(error))
            return self._unless_seen(page, known, known_as, lambda: refused)
        return self._unless_seen(page, known, content, lambda: self._read(page, content))

    def _unless_seen(self, page: Page, known: Cursors, content: bytes, read: Callable[[], Page]) -> Page:
        ctime_ns, what = page.token.file.ctime_ns, fingerprint(content, page.resource)
        tidied = os.access(self._folder, os.W_OK)
        seen = known.seen(page.resource, page.stream, what, ctime_ns, tidied=tidied)
        if seen is not None:
            return replace(page, cursor=str(seen), unchanged=True)
        cursor = known.next(page.resource, page.stream, what, ctime_ns)
        return replace(read(), cursor=str(cursor), content=what, retry_cursor=str(cursor.to_retry()))

    def _read(self, page: Page, content: bytes) -> Page:
        calendar = self._given.calendar
        file_day = datetime.fromtimestamp(page.token.file.mtime_ns / 1e9, calendar.zone).date()
        try:
            reading = read_export(page.source, content, page.resource, file_day, self._options, calendar)
        except UnreadableFile as error:
            return replace(page, unreadable=str(error))
        return replace(page, marks=reading.marks, items=reading.items, bad=reading.bad, warnings=reading.warnings)

    def _write_note(self, page: Page, arrival: Arrival) -> Path | None:
        """Where the note lies; None where it cannot be written."""
        name = f"{arrival.file.path.name}.txt"
        with suppress(OSError):
            forget_orphans(self._folder, name)
            note = free_place(self._folder / QUARANTINE, arrival, name)
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(note_of(page), encoding="utf-8")
            return note
        return None

    def _now(self) -> datetime:
        """The moment of arrival in the school's own time, by the second as file names say it."""
        return self._given.clock().astimezone(self._given.calendar.zone).replace(microsecond=0)


@hookimpl
def offer_adapter() -> AdapterOffer[Options]:
    """RM Integris, by its CSV exports."""
    return AdapterOffer(name="integris-csv", options=Options, open=IntegrisCsv)
