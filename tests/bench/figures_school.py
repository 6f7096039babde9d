"""What `bench_figures.py` times of the product itself: figures with one object a pupil, and reading a school's year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import figures_engines as engines

from mbls_sync.figures.counts import by_pupil
from mbls_sync.figures.history import History
from mbls_sync.figures.measures import Measures
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import EMPTY_PAGE, RegisterPages
from mbls_sync.store import registers
from mbls_sync.store.database import Store, open_store

YEAR = AcademicYear(2026)
MEASURES = Measures(Decimal(10), Decimal(50), 10)
CALENDAR = engines.a_calendar()
LAST = CALENDAR.sessions(YEAR.first, YEAR.last)[-1]
Best = Callable[[Callable[[], object], int], float]
Budgets = dict[str, tuple[float, float | None]]


def budgets(folder: Path, best: Best) -> Budgets:
    """Seconds of each work, and its budget in seconds where it has one."""
    schools = _schools((folder / "pages.bin").read_bytes())
    rolls = [[Pupil(id=id) for id in school.pages] for school in schools]
    first, roll = schools[0], rolls[0]
    history = History(roll[0], LAST, {YEAR: first}, CALENDAR, _figures(first, roll)[0], MEASURES)
    store = _stored(folder, first)
    found: Budgets = {
        "a school's figures, 400 pupils": (best(lambda: _figures(first, roll), 20), 0.005),
        "a trust's figures, 40,000 pupils": (best(lambda: sum(map(len, map(_figures, schools, rolls))), 3), 0.2),
        "one pupil's figures over a span": (best(lambda: history.counts(YEAR.first, LAST.day), 200), None),
        "a school's year read from the store": (best(lambda: _read(store), 20), None),
    }
    store.close()
    return found


def _schools(joined: bytes) -> list[RegisterPages]:
    pages = [joined[start : start + engines.GRID] for start in range(0, len(joined), engines.GRID)]
    encoding = engines.an_encoding()

    def school(number: int) -> RegisterPages:
        mine = range(number * engines.PUPILS, (number + 1) * engines.PUPILS)
        return RegisterPages(YEAR, encoding, {PupilId(f"P{pupil:05}"): pages[pupil] for pupil in mine})

    return [school(number) for number in range(engines.SCHOOLS)]


def _figures(school: RegisterPages, roll: list[Pupil]) -> tuple[PupilFigures, ...]:
    return by_pupil(school, roll, CALENDAR, first=YEAR.first, last=LAST, measures=MEASURES)


def _stored(folder: Path, school: RegisterPages) -> Store:
    store = open_store(f"sqlite:///{folder / 'bench.sqlite3'}", "bench")
    with store.begin() as tx:
        registers.grow_encoding(tx, school.encoding.pairs.values())
        changes = [registers.PageChange(id, YEAR, EMPTY_PAGE, page) for id, page in school.pages.items()]
        registers.apply(tx, changes, datetime(2027, 7, 20, tzinfo=UTC), "bench")
    return store


def _read(store: Store) -> RegisterPages:
    with store.read() as tx:
        return registers.load(tx, YEAR)
