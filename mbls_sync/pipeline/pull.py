"""Pulls every source into the store; one that cannot be reached is a problem in the report, not the end."""

from __future__ import annotations

from datetime import datetime

from mbls_sync.contracts import Resource
from mbls_sync.errors import MisError
from mbls_sync.intake.pull import owners, pull_source
from mbls_sync.intake.strangers import TooMany
from mbls_sync.intake.tally import PullReport
from mbls_sync.pipeline.outages import note_answer, note_failure, worth_asking
from mbls_sync.pipeline.parts import PassInputs, Source, Tally
from mbls_sync.pipeline.world import PULLED_AT
from mbls_sync.store import first_load, leases, meta
from mbls_sync.store.transaction import Tx


def pull_all(given: PassInputs, now: datetime, tally: Tally) -> None:
    """Take what every source has. Rows, ledger and cursor of one page are one transaction."""
    owned = owners({source.name: source.resources for source in given.sources})
    for source in given.sources:
        if not worth_asking(given, source.name, now):
            tally.unreachable = True
            continue
        try:
            report = _pull(given, source, owned[source.name], now)
        except MisError as error:
            note_failure(given, source.name, error, tally)
            continue
        note_answer(given, source.name, tally)
        tally.pulled += report
        tally.problems += [f"{page.source}: {page.unreadable}" for page in report.unreadable]
        if Resource.MARKS in owned[source.name]:
            with given.store.begin() as tx:
                meta.put(tx, PULLED_AT, now.isoformat())
                first_load.end(tx)
    _count(tally.pulled, tally)


def _pull(given: PassInputs, source: Source, owned: frozenset[Resource], now: datetime) -> PullReport:
    def guard(tx: Tx) -> None:
        if given.fence:
            leases.check(tx, given.fence)

    policy = given.policy(now)
    return pull_source(
        given.store,
        source.adapter,
        codes=given.codebook,
        calendar=given.calendar,
        now=now,
        max_shrink=policy.percent("intake.max_shrink_percent"),
        strangers=TooMany(policy.percent("intake.strangers_percent"), policy.count("intake.strangers_least")),
        accept_held=given.accept_held,
        name=source.name,
        resources=owned,
        guard=guard,
    )


def _count(report: PullReport, tally: Tally) -> None:
    """Every row and every mark that came is in just one of stored, unchanged, marks_quarantined and marks_held."""
    pages = report.pages
    tally.add(
        rows=report.marks_in + sum(page.items_new + page.items_unchanged for page in pages),
        stored=report.changes,
        unchanged=report.unchanged + sum(page.items_unchanged for page in pages),
        marks_quarantined=report.marks_quarantined,
        marks_held=sum(page.held for page in pages),
        duplicates=sum(page.duplicates for page in pages),
    )
