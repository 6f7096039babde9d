"""Stores one page: its rows, what was seen in the ledger, and its cursor, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from mbls_sync.contracts import BadRow, Page, Resource
from mbls_sync.intake.compare import Compared, compare
from mbls_sync.intake.strangers import TooMany, by_roll, by_roll_or_marks, why_strange
from mbls_sync.intake.tally import PageTally
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.policy.codebook import CodeBook
from mbls_sync.store import cursors, first_load, inputs, quarantine, registers
from mbls_sync.store.database import Store, Tx


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one page, and the rows of it that went to quarantine."""

    tally: PageTally
    bad: tuple[BadRow, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Intake:
    """Everything a page is stored with. `accept_held` lets through what would be held for a person."""

    store: Store
    codes: CodeBook
    calendar: SchoolCalendar
    now: datetime
    max_shrink: Decimal
    strangers: TooMany
    accept_held: bool
    guard: Callable[[Tx], None] | None = None

    def take(self, page: Page, stream: str) -> Taken:
        """Store one page; `stream` is what its cursor is kept under."""
        if page.unchanged:
            self._keep_cursor(page, stream)
            return Taken(PageTally(page.source, page.resource, known_before=True), warnings=tuple(page.warnings))
        with self.store.begin() as tx:
            if self.guard is not None:
                self.guard(tx)
            # A page that came earlier, in a rebuild, was observed then; no page is from the future.
            observed_at = self.now if page.received_at is None else min(page.received_at, self.now)
            return self._stored(tx, page, stream, observed_at)

    def _keep_cursor(self, page: Page, stream: str) -> None:
        """A source may know a page again under a new name; it must know it by that name from now on."""
        with self.store.read() as tx:
            if page.cursor == cursors.load(tx).get(stream):
                return
        with self.store.begin() as tx:
            if self.guard is not None:
                self.guard(tx)
            cursors.save(tx, stream, page.cursor)

    def _stored(self, tx: Tx, page: Page, stream: str, observed_at: datetime) -> Taken:
        loading = first_load.begin(tx)
        if page.unreadable:
            taken = _unreadable(page)
        elif page.resource is Resource.MARKS:
            taken = self._marks(tx, page, stream, observed_at, loading)
        else:
            taken = self._items(tx, page, stream, observed_at, loading)
        if not taken.tally.held_id:
            quarantine.resolve(tx, page.source, observed_at)
            quarantine.add(tx, taken.bad, observed_at)
            cursors.save(tx, stream, (page.retry_cursor if taken.bad else "") or page.cursor)
        return taken

    def _items(self, tx: Tx, page: Page, stream: str, observed_at: datetime, loading: bool) -> Taken:
        if page.resource is Resource.PUPILS and not loading:
            came = [item.id for item in page.items if isinstance(item, Pupil)]
            why = why_strange(came, by_roll(tx, self._today), self.strangers)
            if hold := self._hold(tx, page, stream, why, observed_at):
                return Taken(_held_tally(page, hold, why), warnings=tuple(page.warnings))
        new, unchanged = inputs.append(tx, page.items, observed_at, page.source, self.calendar.zone)
        tally = PageTally(
            page.source, page.resource, items_new=new, items_unchanged=unchanged, rows_quarantined=len(page.bad)
        )
        return Taken(tally, tuple(page.bad), tuple(page.warnings))

    def _marks(self, tx: Tx, page: Page, stream: str, observed_at: datetime, loading: bool) -> Taken:
        encoding = registers.grow_encoding(tx, self.codes.pairs())
        years = {AcademicYear.of(day) for day in {row.day for row in page.marks}}
        held = {year: registers.load(tx, year) for year in sorted(years)}
        found = compare(
            page.source,
            page.marks,
            held,
            lambda year: registers.details(tx, year),
            encoding,
            self.codes,
            self.calendar,
        )
        warnings = (*page.warnings, *found.warnings)
        why = self._why_held(found) or ("" if loading else self._why_strange(tx, page, held))
        if hold := self._hold(tx, page, stream, why, observed_at):
            return Taken(_held_tally(page, hold, why), warnings=warnings)
        registers.apply(tx, found.changes, observed_at, page.source, first_load=loading)
        return Taken(_tally(page, found), (*page.bad, *found.bad), warnings)

    def _why_strange(self, tx: Tx, page: Page, held: Mapping[AcademicYear, RegisterPages]) -> str:
        came = {row.pupil for row in page.marks}
        # Nearly every page is about somebody with a mark of the same year, and then nothing more is read.
        if not came or any(not came.isdisjoint(pages.pages) for pages in held.values()):
            return ""
        return why_strange(came, by_roll_or_marks(tx, self._today), self.strangers)

    @property
    def _today(self) -> date:
        return self.now.astimezone(self.calendar.zone).date()

    def _hold(self, tx: Tx, page: Page, stream: str, why: str, observed_at: datetime) -> str:
        """The id of the hold under which nothing of the page is stored; empty where it is stored."""
        content = page.content or page.cursor
        if not why or self.accept_held or quarantine.is_released(tx, stream, content):
            return ""
        return quarantine.hold(tx, stream, page.source, content, why, observed_at)

    def _why_held(self, found: Compared) -> str:
        """Why a person must look before this is stored; empty where nobody must."""
        if not found.cleared or 100 * found.cleared <= self.max_shrink * found.held:
            return ""
        return (
            f"it would take away {found.cleared} of the {found.held} marks that are held for its pupils and dates, "
            f"more than {self.max_shrink} %. That is what a broken export looks like; if it is right, let it through"
        )


def _unreadable(page: Page) -> Taken:
    bad = BadRow(page.source, 0, page.unreadable)
    tally = PageTally(page.source, page.resource, rows_quarantined=1, unreadable=page.unreadable)
    return Taken(tally, (bad,), tuple(page.warnings))


def _came(page: Page) -> int:
    return len(page.marks) + sum(row.marks for row in page.bad)


def _held_tally(page: Page, hold: str, why: str) -> PageTally:
    came = _came(page)
    return PageTally(page.source, page.resource, marks_in=came, held=came, held_id=hold, held_because=why)


def _tally(page: Page, found: Compared) -> PageTally:
    return PageTally(
        page.source,
        page.resource,
        marks_in=_came(page),
        stored=found.stored,
        unchanged=found.unchanged,
        quarantined=sum(row.marks for row in (*page.bad, *found.bad)),
        duplicates=found.duplicates,
        rows_quarantined=len(page.bad) + len(found.bad),
    )
