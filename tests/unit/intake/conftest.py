"""A source that gives what a test puts into it, and a store to take it, once on each kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mbls_sync.contracts import BadRow, HealthReport, Item, Page, Resource
from mbls_sync.intake.pull import pull_source
from mbls_sync.intake.tally import PullReport
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import Code
from mbls_sync.model.marks import MarkDetail, MarkRow, PupilId
from mbls_sync.model.sessions import Session
from mbls_sync.store import cursors, ledger, quarantine, registers
from mbls_sync.store.database import Store
from mbls_sync.testing.builders import ZONE, the_calendar, the_codebook

START = datetime(2026, 9, 14, 9, 30, tzinfo=ZONE)


@dataclass
class Source:
    """An adapter over pages that a test made."""

    pages: list[Page] = field(default_factory=list)
    tidied: list[Page] = field(default_factory=list)
    asked_with: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> Sequence[HealthReport]:
        return ()

    def pull(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        self.asked_with = dict(cursors)
        yield from self.pages

    def replay(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        return self.pull(cursors)

    def committed(self, page: Page) -> None:
        self.tidied.append(page)


@dataclass
class Counter:
    """Pulls marks in, five minutes apart. A mark is written `P1 2026-09-07 AM /`; without a code it is a blank."""

    store: Store
    source: Source = field(default_factory=Source)
    now: datetime = START
    numbers: int = 0

    def marks(self, *marks: str, bad: Sequence[BadRow] = (), details: Mapping[int, MarkDetail] | None = None) -> Page:
        """A page of marks; the first stands on line 2."""
        self.numbers += 1
        rows = [_row(text, line, (details or {}).get(line)) for line, text in enumerate(marks, start=2)]
        return Page(Resource.MARKS, "marks/marks.csv", "marks.csv", f"cursor {self.numbers}", marks=rows, bad=bad)

    def items(self, resource: Resource, *items: Item, **fields: Any) -> Page:
        """A page of something else."""
        self.numbers += 1
        name = f"{resource}.csv"
        return Page(resource, f"{resource}/{name}", name, f"cursor {self.numbers}", items=items, **fields)

    def pull(self, *pages: Page, **how: Any) -> PullReport:
        """One pull of these pages."""
        self.source.pages = list(pages)
        self.now += timedelta(minutes=5)
        given = {"codes": the_codebook(), "calendar": the_calendar(), "now": self.now, "max_shrink": Decimal(20)}
        report = pull_source(self.store, self.source, **{**given, **how})
        assert all(page.adds_up for page in report.pages), "marks in = stored + unchanged + quarantined + held"
        return report

    def code(self, pupil: str, session: str) -> Code:
        """What the register holds."""
        at = Session.parse(session)
        with self.store.read() as tx:
            return registers.load(tx, AcademicYear.of(at.day)).code(PupilId(pupil), at)

    def cursors(self) -> dict[str, str]:
        with self.store.read() as tx:
            return cursors.load(tx)

    def quarantined(self) -> list[tuple[int, str]]:
        with self.store.read() as tx:
            return [(held.row.line, held.row.reason) for held in quarantine.open_rows(tx)]

    def ledger_is_whole(self) -> bool:
        with self.store.read() as tx:
            return ledger.verify(tx).ok


@pytest.fixture
def counter(store: Store) -> Counter:
    """A counter over an empty store."""
    return Counter(store)


@pytest.fixture
def week() -> Callable[[str, str], list[str]]:
    """Ten marks of one pupil in the week of 7 September 2026."""

    def marks(pupil: str, code: str) -> list[str]:
        days = [date(2026, 9, 7) + timedelta(days=n) for n in range(5)]
        return [f"{pupil} {day} {period} {code}" for day in days for period in ("AM", "PM")]

    return marks


def _row(text: str, line: int, detail: MarkDetail | None) -> MarkRow:
    pupil, day, period, *code = text.split(" ")
    session = Session.parse(f"{day} {period}")
    return MarkRow(PupilId(pupil), session.day, session.period, code[0] if code else "", line, detail)
