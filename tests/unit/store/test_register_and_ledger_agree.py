"""Whatever is pulled in whatever order: the ledger proves the register, and every past moment reads as it did then."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from mbls_sync.model.codes import Code
from mbls_sync.store import ledger, registers
from mbls_sync.store.database import Store, open_store

NUMBERS = itertools.count()
START = datetime(2026, 9, 21, 12, tzinfo=UTC)
"""After every session below, so that what is known is a matter of when it was seen alone."""

PUPILS = ("A000000000001", "A000000000002", "A000000000003")
SESSIONS = tuple(f"2026-09-{day:02d} {period}" for day in (7, 8, 11, 14) for period in ("AM", "PM"))
MARKS = st.dictionaries(st.sampled_from(SESSIONS), st.sampled_from(["/", "L", "N", "I", "X", "#", ""]), min_size=1)

Marks = dict[tuple[str, str], Code]


class Pulls(RuleBasedStateMachine):
    """Pulls and amendments against a plain dictionary of what was known when."""

    url: str
    make_desk: Callable[[Store], Any]

    def __init__(self) -> None:
        super().__init__()
        # A school of its own for each run: emptying a database would cost more than the run.
        self.store = open_store(self.url, f"school {next(NUMBERS)}")
        self.desk = self.make_desk(self.store)
        self.now = START
        self.held: Marks = {}
        self.first_loads: Marks = {}
        self.loaded_at: dict[str, datetime] = {}
        self.seen: list[tuple[datetime, Marks]] = []
        self.changes = 0

    def teardown(self) -> None:
        self.store.close()

    @rule(pupil=st.sampled_from(PUPILS), marks=MARKS, minutes=st.integers(0, 90))
    def pull(self, pupil: str, marks: dict[str, Code], minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        if any(self.held.get((pupil, session), "") != code for session, code in marks.items()):
            self._remember(pupil, marks)
        self.desk.see(pupil, marks, self.now)

    def _remember(self, pupil: str, marks: dict[str, Code]) -> None:
        # A first load may come in several pages of one pull: all of them were seen at one moment.
        if self.loaded_at.setdefault(pupil, self.now) == self.now:
            self.first_loads |= {(pupil, session): code for session, code in marks.items()}
        for session, code in marks.items():
            was = self.held.get((pupil, session), "")
            self.changes += bool(was) and was != code
            self.held[pupil, session] = code
        self.seen.append((self.now, dict(self.held)))

    @rule()
    def fail_half_way(self) -> None:
        try:
            with self.store.begin() as tx:
                tx.connection.exec_driver_sql("DELETE FROM page")
                raise InterruptedError
        except InterruptedError:
            pass

    @invariant()
    def the_register_holds_what_the_mis_holds(self) -> None:
        held = {key: code for key, code in self.held.items() if code}
        assert self._marks(None) == held

    @invariant()
    def the_ledger_proves_the_register(self) -> None:
        with self.store.read() as tx:
            assert ledger.verify(tx).problems == ()

    @invariant()
    def every_change_has_its_amendment(self) -> None:
        with self.store.read() as tx:
            assert len(registers.amendments(tx)) == self.changes

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        at, _ = data.draw(st.sampled_from(self.seen))
        known = [marks for when, marks in self.seen if when <= at][-1]
        # What came with a pupil's first load is known always, until something else was seen.
        expected = self.first_loads | known
        assert self._marks(at) == {key: code for key, code in expected.items() if code}

    def _marks(self, at: datetime | None) -> Marks:
        with self.store.read() as tx:
            found = [registers.load(tx, year, at) for year in registers.years(tx)]
        return {
            (pupil, str(pages.grid.session(slot))): pages.encoding.code(byte)
            for pages in found
            for pupil, page in pages.pages.items()
            for slot, byte in enumerate(page)
            if byte
        }


def test_register_and_ledger_agree_whatever_is_pulled(database_url: str, make_desk: Callable[[Store], Any]) -> None:
    machine = type("PullsHere", (Pulls,), {"url": database_url, "make_desk": staticmethod(make_desk)})
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=12, deadline=None))
