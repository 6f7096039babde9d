"""A connection looked at step by step: each list, the codes, the calendar, the right to write; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mbls_adapter_rest.options import CODES
from mbls_adapter_rest.options_rows import Listing
from mbls_adapter_rest.paths import OUTER, places_in
from mbls_adapter_rest.selecting import finder
from mbls_adapter_rest.shapes import ORDER
from mbls_adapter_rest.spans import days_whole
from mbls_sync.api import AuthRejected, HealthReport, MisError, Page, Probe, Rejected, Resource, Unreachable

if TYPE_CHECKING:
    from mbls_adapter_rest.asking import Fetched
    from mbls_adapter_rest.reader import RestReader

MOST_NAMES = 20
CALENDAR = "calendar"
A_WEEK = 5


def probed(source: RestReader) -> Iterator[Probe]:
    """Each step with what was seen. One that the rest depends on ends it."""
    source.tables.forget()
    for name in source.options.tables:
        try:
            yield Probe(HealthReport(f"table {name}", True, f"{len(source.tables[name])} rows"))
        except MisError as error:
            yield _failed(f"table {name}", error)
            if isinstance(error, (AuthRejected, Unreachable)):
                return
    for resource in (r for r in ORDER if r in source.options.resources):
        probe = _list(source, resource)
        yield probe
        if isinstance(probe.error, (AuthRejected, Unreachable)):
            return
        if resource is Resource.PUPILS:
            # One page taught some of them; whom the other lists name may stand on another.
            source.ids.forget()
    yield from _codes(source)
    yield from _calendar(source)
    yield from _writing(source)


def _list(source: RestReader, resource: Resource) -> Probe:
    part, name = source.options.resources[resource], str(resource)
    document: Any = None
    try:
        parents = source.parents(part)
        spans = next(iter(_stretch(source, resource, parents[-1:])), {})
        fetched = next(iter(source.asker(name, part).pages(spans)))
        document = fetched.document
        built = source.builder(resource).build(fetched.rows, 1, name)
    except MisError as error:
        return _failed(name, error)
    if not fetched.rows:
        return _nothing(name, part, document)
    return _looked_at(
        name, fetched, Page(resource, name, name, "", marks=built.marks, items=built.items, bad=built.bad)
    )


def _nothing(name: str, listing: Listing, document: Any) -> Probe:
    """What is there where no row is, so that whoever wrote the settings sees what to write instead."""
    says, mend = f"the answer holds no row; {_names_of(document)}", "correct select or the span asked for"
    outer = finder(listing.select)(document) if listing.each else None
    if isinstance(outer, list) and outer:
        says = f"{len(outer)} rows stand at select, and none has a list at each = {listing.each!r}"
        mend = f"name what holds it: {_names(outer[0])}"
    return Probe(HealthReport(name, True, says, f"if there should be rows, {mend}"))


def _looked_at(name: str, fetched: Fetched, page: Page) -> Probe:
    """What became of the rows of a first page, and what is doubtful about its being the last."""
    read = len(page.marks) or len(page.items)
    says = f"one page: {len(fetched.rows)} rows, {read} read, {len(page.bad)} not"
    if not page.bad:
        return Probe(HealthReport(name, True, says, "; ".join(fetched.warnings)), page)
    row = fetched.rows[page.bad[0].line - 1]
    around = row.get(OUTER) if isinstance(row, dict) else None
    beside = "" if around is None else f", and of the row around it ^.{_names(around).replace(', ', ', ^.')}"
    mend = f"row {page.bad[0].line}: {page.bad[0].reason}. Its fields are {_names(row)}{beside}"
    return Probe(HealthReport(name, bool(read), says, mend), page)


def _stretch(source: RestReader, resource: Resource, parents: Any) -> Iterator[dict[str, Any]]:
    """The last week of a list that is asked for by time: short, and sure to hold something in term."""
    spans = source.options.resources[resource].incremental
    today = source.given.clock().astimezone(source.given.calendar.zone).date()
    for parent in parents:
        values: dict[str, Any] = {"parent": parent} if parent else {}
        if spans is not None:
            past = [day for day in source.given.calendar.school_days if day <= today][-A_WEEK:]
            values |= days_whole(past[0] if past else today, today, spans, source.given.calendar.zone)
        yield values


def _codes(source: RestReader) -> Iterator[Probe]:
    if CODES not in source.options.tables:
        return
    try:
        letters = sorted(set(source.tables[CODES].values()))
    except MisError:
        return  # said where the tables were read
    yield Probe(HealthReport("code map", True, f"the MIS knows {len(letters)} codes: {' '.join(letters)}"))


def _calendar(source: RestReader) -> Iterator[Probe]:
    if CALENDAR not in source.options.tables:
        return
    try:
        theirs = {key[:10] for key in source.tables[CALENDAR]}
    except MisError:
        return  # said where the tables were read
    ours = {day.isoformat() for day in source.given.calendar.school_days}
    within = {day for day in ours if min(theirs) <= day <= max(theirs)}
    odd = sorted((theirs - ours) | (within - theirs))
    says = f"{len(theirs)} school days in the MIS" + (f", {len(odd)} other than ours, such as {odd[0]}" if odd else "")
    mend = "correct config/calendar, or the MIS's own calendar" if odd else ""
    yield Probe(HealthReport(CALENDAR, not odd, says, mend))


def _writing(source: Any) -> Iterator[Probe]:
    write = source.options.write
    if write is None:
        says = "none is configured: marks to be changed come out as a keying sheet"
        yield Probe(HealthReport("writing", True, says))
    elif not write.permission:
        says = "the MIS is not asked: there is no write.permission, so that the right shows at the first write only"
        yield Probe(HealthReport("writing", True, says, "ask the vendor whether marks may be written by this client"))
    else:
        try:
            source.ask_permission()
            yield Probe(HealthReport("writing", True, "the MIS says that marks may be written; none was"))
        except MisError as error:
            yield _failed("writing", error)


def _failed(name: str, error: MisError) -> Probe:
    kind, mend = name, "compare with the vendor's manual" if isinstance(error, Rejected) else ""
    if isinstance(error, (AuthRejected, Unreachable)):
        kind = "credentials" if isinstance(error, AuthRejected) else name
        mend = "nothing more was looked at"
    return Probe(HealthReport(kind, False, str(error), mend), error=error)


def _names_of(document: Any) -> str:
    if isinstance(document, dict):
        return f"its names are {_names(document)}"
    return f"it is a list of {len(document)}" if isinstance(document, list) else "it is empty"


def _names(row: Any) -> str:
    """The names in a row, never what they hold."""
    if not isinstance(row, dict):
        return "none: the row is one value, so that its path is a full stop"
    return ", ".join(places_in(row, MOST_NAMES)) or "none"
