"""Pulls every source: rows, ledger and cursor of one page in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mbls_sync.contracts import Page, Resource, Tidies
from mbls_sync.errors import MisError, Unreachable
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.marks import MarkRow, PupilId
from mbls_sync.model.registers import EMPTY_PAGE, PageGrid
from mbls_sync.model.sessions import Session
from mbls_sync.pipeline_parts import PassInputs, Source, Tally
from mbls_sync.pipeline_world import PULLED_AT
from mbls_sync.store import cursors, inputs, leases, meta, quarantine, registers
from mbls_sync.store.transaction import Tx


def pull_all(given: PassInputs, now: datetime, tally: Tally) -> None:
    for source in given.sources:
        try:
            _pull(given, source, now, tally)
        except MisError as error:
            tally.problems.append(f"{source.name}: {error}")
            tally.unreachable |= isinstance(error, Unreachable)


def _pull(given: PassInputs, source: Source, now: datetime, tally: Tally) -> None:
    with given.store.read() as tx:
        known = cursors.load(tx)
    for page in source.adapter.pull(known):
        if source.resources and page.resource not in source.resources:
            continue
        with given.store.begin() as tx:
            _store(tx, given, page, now)
        tally.add(rows=len(page.marks) + len(page.items))
        if isinstance(source.adapter, Tidies):
            source.adapter.committed(page)
    if source.has_marks:
        with given.store.begin() as tx:
            meta.put(tx, PULLED_AT, now.isoformat())


def _store(tx: Tx, given: PassInputs, page: Page, now: datetime) -> None:
    if given.fence:
        leases.check(tx, given.fence)
    if page.resource is Resource.MARKS:
        registers.apply(tx, _changes(tx, given, page.marks), now, page.source)
    else:
        inputs.append(tx, page.items, now, page.source)
    quarantine.add(tx, page.bad, now)
    cursors.save(tx, page.stream, page.cursor)


def _changes(tx: Tx, given: PassInputs, rows: Sequence[MarkRow]) -> list[registers.PageChange]:
    encoding = registers.grow_encoding(tx, given.codebook.pairs())
    by_page: dict[tuple[PupilId, AcademicYear], list[MarkRow]] = {}
    for row in rows:
        by_page.setdefault((row.pupil, AcademicYear.of(row.day)), []).append(row)
    held = {year: registers.load(tx, year) for year in {year for _, year in by_page}}
    found = []
    for (pupil, year), mine in by_page.items():
        before = held[year].pages.get(pupil, EMPTY_PAGE)
        after = bytearray(before)
        for row in mine:
            slot = PageGrid(year).slot(Session(row.day, row.period))
            if slot is not None:
                after[slot] = encoding.byte(row.code, given.codebook.meaning(row.code, row.day))
        if bytes(after) != before:
            found.append(registers.PageChange(pupil, year, before, bytes(after)))
    return found
