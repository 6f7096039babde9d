"""Drives one adapter: each page is compared and stored with its cursor in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from mbls_sync.contracts import Adapter, Page, Resource, Tidies
from mbls_sync.errors import BadPayload, ConfigurationError
from mbls_sync.intake.numbers import with_known_numbers
from mbls_sync.intake.page import Intake
from mbls_sync.intake.strangers import NEVER, TooMany
from mbls_sync.intake.tally import PullReport
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.pupils import Pupil
from mbls_sync.policy.codebook import CodeBook
from mbls_sync.store import cursors, inputs
from mbls_sync.store.database import Store, Tx

MOST_PAGES = 100_000
"""A pager that forgets its cursor must not turn for ever."""


def pull_source(
    store: Store,
    adapter: Adapter,
    *,
    codes: CodeBook,
    calendar: SchoolCalendar,
    now: datetime,
    max_shrink: Decimal,
    strangers: TooMany = NEVER,
    accept_held: bool = False,
    name: str = "",
    resources: Collection[Resource] = (),
    guard: Callable[[Tx], None] | None = None,
    most_pages: int = MOST_PAGES,
) -> PullReport:
    """Take every page the adapter has, and say what became of each row.

    Only when a page is committed is the adapter told, so that a death at any moment loses nothing and counts
    nothing twice. A page that would clear more than `max_shrink` percent of the marks it speaks of is held:
    nothing of it is stored until a person lets it through (`accept_held`, or its hold released). So is one of whose
    pupils nobody is known, where they are too many, as `strangers` says, for new starters.

    `name` keeps the cursors of several sources apart; of `resources` (none: all) only these are taken.
    `guard` is called first in every transaction, to refuse a writer that has lost its lease. Raises MisError
    where the source cannot be read, and BadPayload where it gives more than `most_pages` pages.
    """
    intake = Intake(store, codes, calendar, now, max_shrink, strangers, accept_held, guard)
    prefix = f"{name}:" if name else ""
    wanted = frozenset(resources) or frozenset(Resource)
    reports: list[PullReport] = []
    for number, page in enumerate(adapter.pull(_cursors(store, prefix))):
        if number >= most_pages:
            raise BadPayload(
                f"the source {name or 'of marks'} gave more than {most_pages} pages and was stopped, because a source "
                "that forgets where it was would never end; what came before is stored"
            )
        if page.resource in wanted:
            reports.append(_take(intake, adapter, page, prefix + page.stream))
        else:
            reports.append(PullReport(warnings=(_not_wanted(page),)))
    return _joined(reports)


def owners(offered: Mapping[str, Collection[Resource]]) -> dict[str, frozenset[Resource]]:
    """Which resources are taken from which source: each from the first that names it.

    A source that names none gives all that no other one names. Raises ConfigurationError where two do.
    """
    named = {resource for resources in offered.values() for resource in resources}
    open_ended = [name for name, resources in offered.items() if not resources]
    if len(open_ended) > 1:
        raise ConfigurationError(
            f"the sources {', '.join(open_ended)} all give everything, so which one counts would be a guess; list the "
            "`resources` of all but one"
        )
    given: dict[str, frozenset[Resource]] = {}
    taken: set[Resource] = set()
    for name, resources in offered.items():
        mine = frozenset(resources) - taken if resources else frozenset(Resource) - named
        taken |= mine
        given[name] = mine
    return given


def _take(intake: Intake, adapter: Adapter, page: Page, stream: str) -> PullReport:
    page = with_known_numbers(page, lambda: _roll(intake.store))
    taken = intake.take(page, stream)
    if isinstance(adapter, Tidies) and not taken.tally.held_id:
        # All that went to quarantine, whoever found it, so that the note beside the source is whole.
        adapter.committed(replace(page, marks=(), items=(), bad=taken.bad))
    return PullReport((taken.tally,), tuple(_of(page, warning) for warning in taken.warnings), taken.bad)


def _cursors(store: Store, prefix: str) -> dict[str, str]:
    with store.read() as tx:
        stored = cursors.load(tx)
    return {stream.removeprefix(prefix): cursor for stream, cursor in stored.items() if stream.startswith(prefix)}


def _roll(store: Store) -> tuple[Pupil, ...]:
    with store.read() as tx:
        return inputs.roll(tx)


def _of(page: Page, warning: str) -> str:
    return warning if warning.startswith(f"{page.source}: ") else f"{page.source}: {warning}"


def _not_wanted(page: Page) -> str:
    return f"{page.source} holds {page.resource}, which the settings take from another source; it is left where it lies"


def _joined(reports: Sequence[PullReport]) -> PullReport:
    return PullReport(
        tuple(page for report in reports for page in report.pages),
        tuple(warning for report in reports for warning in report.warnings),
        tuple(row for report in reports for row in report.quarantined),
    )
