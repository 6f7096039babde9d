"""The rows of a body: selected, gone into, and those left out that the settings leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mbls_adapter_rest.options_rows import Filter, Listing
from mbls_adapter_rest.paths import OUTER, PARENT, getter, places_in
from mbls_adapter_rest.selecting import DOTTED, finder
from mbls_adapter_rest.twice import SaidTwice
from mbls_adapter_rest.values import as_text
from mbls_sync.api import BadPayload

MOST_NAMES = 20


@dataclass(frozen=True)
class Selected:
    """The rows that are taken, and how many stood in the body before any was left out: a page is counted by these."""

    rows: list[Any]
    count: int


Select = Callable[[Any, str], Selected]
Take = Callable[[Any], "bool | SaidTwice"]


def selector(listing: Listing) -> Select:
    """Gives the rows of a body, each knowing its parent's key where it has one.

    The selector raises BadPayload where no list stands there.
    """
    find, takes = finder(listing.select), [_taker(one) for one in listing.where]
    within = getter(listing.each) if listing.each else None

    first = listing.select.partition(".")[0] if DOTTED.fullmatch(listing.select) else ""

    def select(document: Any, parent: str) -> Selected:
        found = find(document)
        # A dotted path finds nothing in an element that is there and empty; a JMESPath only where a name is missing.
        is_there = _names(document, first) if first else not listing.select
        if found is None and document is not None and not is_there:
            raise _no_such(document, listing.select)
        rows = _listed(found, listing.select)
        count = len(rows)
        if within is not None:
            rows = list(_within(rows, within))
        if takes:
            rows = list(_taken(rows, takes))
        if parent:
            rows = [_with(row, PARENT, parent) for row in rows]
        return Selected(rows, count)

    return select


def _names(document: Any, name: str) -> bool:
    return isinstance(document, dict) and name in document


def _no_such(document: Any, path: str) -> BadPayload:
    """An answer of another shape, such as a fault, is no empty list: taken for one, its marks would never come."""
    names = ", ".join(places_in(document, MOST_NAMES)) or "none"
    return BadPayload(
        f"nothing stands at select = {path!r}, where the rows should be; the names in the answer are {names}. Correct "
        'select, or write a rule for this answer (then = "empty" where it means that there are none)'
    )


def _listed(found: Any, path: str) -> list[Any]:
    if isinstance(found, list):
        return found
    if isinstance(found, SaidTwice):
        raise BadPayload(f"the answer {found.why}, and its rows stand there; nothing of it was taken. Tell the vendor")
    if found is None or found == "":
        return []
    if isinstance(found, dict) and path:
        # XML writes a list of one as a single element.
        return [found]
    raise BadPayload(
        f"no list of rows stands at select = {path!r}; `mbls-sync connect` shows which names stand there instead"
    )


def _within(rows: list[Any], get: Callable[[Any], Any]) -> Iterator[Any]:
    for row in rows:
        inner = get(row)
        for one in inner if isinstance(inner, list) else [] if inner is None else [inner]:
            yield _with(one, OUTER, row)


def _with(row: Any, name: str, around: Any) -> Any:
    """The row with what is around it. One that says a name twice stays what it is, which no reader takes."""
    if isinstance(row, SaidTwice):
        return row
    return {**(row if isinstance(row, dict) else {"": row}), name: around}


def _taken(rows: list[Any], takes: list[Take]) -> Iterator[Any]:
    """The rows that every filter takes. Where a filter's own value is said twice, its row goes on, to quarantine."""
    for row in rows:
        found = [take(row) for take in takes]
        unsure = next((one for one in found if isinstance(one, SaidTwice)), None)
        if unsure is not None:
            yield unsure
        elif all(found):
            yield row


def _taker(given: Filter) -> Take:
    get, any_of, none_of = getter(given.path), frozenset(given.any_of), frozenset(given.none_of)

    def take(row: Any) -> bool | SaidTwice:
        value = get(row)
        if isinstance(value, SaidTwice):
            return value
        if given.present is not None and (value is not None and value != "") != given.present:
            return False
        text = "" if isinstance(value, dict | list) else as_text(value)
        return (not any_of or text in any_of) and text not in none_of

    return take
