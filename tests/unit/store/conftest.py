"""A desk at which tests see marks come in, one pull at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import Code, Meaning
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.registers import EMPTY_PAGE, PageGrid
from mbls_sync.model.sessions import Session
from mbls_sync.store import ledger, registers
from mbls_sync.store.database import Store
from mbls_sync.store.registers import PageChange

CODES = {
    "/": Meaning.PRESENT,
    "L": Meaning.PRESENT,
    "B": Meaning.APPROVED,
    "I": Meaning.AUTHORISED,
    "N": Meaning.UNAUTHORISED,
    "U": Meaning.UNAUTHORISED,
    "X": Meaning.NOT_POSSIBLE,
    "#": Meaning.NOT_COLLECTED,
}


@dataclass
class Desk:
    """Stores what a pull would bring. Sessions are written `2026-09-07 AM`."""

    store: Store
    details: dict[str, MarkDetail] = field(default_factory=dict)

    def see(
        self,
        pupil: str,
        marks: Mapping[str, Code],
        at: datetime,
        details: Mapping[str, MarkDetail] | None = None,
    ) -> None:
        """One pull that shows these marks of one pupil; an empty code shows that there is none."""
        year = AcademicYear.of(Session.parse(next(iter([*marks, *(details or {})]))).day)
        grid = PageGrid(year)
        with self.store.begin() as tx:
            known = registers.grow_encoding(tx, CODES.items())
            before = registers.load(tx, year).page(PupilId(pupil))
            after = bytearray(before)
            for session, code in marks.items():
                after[_slot(grid, session)] = known.byte(code, CODES[code]) if code else 0
            told = {_slot(grid, session): detail for session, detail in (details or {}).items()}
            change = PageChange(PupilId(pupil), year, before, bytes(after), told)
            registers.apply(tx, [change], at, "marks.csv")

    def code(self, pupil: str, session: str, at: datetime | None = None) -> Code:
        """The code of a session, as now or as known at `at`."""
        wanted = Session.parse(session)
        with self.store.read() as tx:
            return registers.load(tx, AcademicYear.of(wanted.day), at).code(PupilId(pupil), wanted)

    def pages(self, at: datetime | None = None, year: int = 2026) -> dict[PupilId, bytes]:
        """Every page of a year that holds a mark."""
        with self.store.read() as tx:
            pages = registers.load(tx, AcademicYear(year), at).pages
        return {pupil: page for pupil, page in pages.items() if page != EMPTY_PAGE}

    def problems(self) -> tuple[str, ...]:
        """What the proof of the ledger says."""
        with self.store.read() as tx:
            return ledger.verify(tx).problems


def _slot(grid: PageGrid, session: str) -> int:
    slot = grid.slot(Session.parse(session))
    assert slot is not None
    return slot


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk over an empty store."""
    return Desk(store)


@pytest.fixture
def make_desk() -> Callable[[Store], Desk]:
    """Makes a desk over a store of the test's own."""
    return Desk


@pytest.fixture
def moment() -> Callable[..., datetime]:
    """A moment of September 2026: day, hour, minute."""

    def make(day: int, hour: int = 0, minute: int = 0) -> datetime:
        return datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=day - 1, hours=hour, minutes=minute)

    return make
