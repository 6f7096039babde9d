"""One list of rows asked for page by page, to its end, with what is suspicious about it said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from mbls_adapter_rest.answers import Judging, Read
from mbls_adapter_rest.options import Options
from mbls_adapter_rest.options_rows import Listing, NoPages
from mbls_adapter_rest.paging import Got, Next, Pager, pager_of
from mbls_adapter_rest.paths import OUTER, Get, getter
from mbls_adapter_rest.rows import selector
from mbls_adapter_rest.templates import filled, text_filled
from mbls_adapter_rest.values import BadValue, as_text
from mbls_sync.api import Answer, BadPayload, Http, path_segment

ROUND = frozenset(
    {10, 20, 25, 30, 40, 50, 75, 100, 150, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 50_000, 100_000}
)
"""How many rows a page holds by habit: exactly so many, and no further page, is how a forgotten one looks."""
FEW = 40
PARENT_ALONE = "{parent}"


@dataclass(frozen=True)
class Fetched:
    """One page of rows. `whole` is False where the MIS declares another number of rows than came."""

    rows: list[Any]
    digest: bytes
    last: bool
    document: Any = None
    warnings: tuple[str, ...] = ()
    whole: bool = True


class Asker:
    """Asks for one list. `values` of a call are what `{start}`, `{end}` and `{parent}` stand for."""

    def __init__(self, name: str, listing: Listing, options: Options, http: Http, judging: Judging) -> None:
        self.name, self.listing = name, listing
        self._options, self._http, self._judging = options, http, judging
        self._select = selector(listing)
        self._pager = listing.pager or options.pager or NoPages(type="none")
        self._total: Get | None = getter(listing.total) if listing.total else None
        self._accept = {"xml": {"Accept": "application/xml"}, "csv": {"Accept": "text/csv"}}.get(listing.format, {})

    def pages(self, values: Mapping[str, Any] | None = None) -> Iterator[Fetched]:
        """Every page, each once. Raises MisError; BadPayload where a page comes again or there is no end to them."""
        given = dict(values or {})
        pager, read = pager_of(self._pager), Read()
        seen: set[bytes] = set()
        came, number, after = 0, 0, None
        following: Next | None = pager.first()
        while following is not None:
            number += 1
            if number > self.listing.max_pages:
                raise BadPayload(
                    f"{self.name} has more than {self.listing.max_pages} pages and was stopped; what came before is "
                    "stored. Look at its pager, or raise max_pages if it is right"
                )
            after = self._one(following, given, read, after)
            found = self._select(None if read.empty else read.document, str(given.get("parent", "")))
            digest = blake2b(after.body, digest_size=8).digest()
            if found.count and digest in seen:
                raise BadPayload(
                    f"{self.name}: page {number} is the same as one before, to the byte: its pager turns no page, so "
                    "that its list would never end. Look at the pager's param, then ask the vendor"
                )
            seen.add(digest)
            came += found.count
            following = self._following(pager, Got(after, read.document, found.count))
            warnings, whole = self._doubts(pager, number, came, read.document) if following is None else ((), True)
            rows = [self._row(row, after) for row in found.rows] if self.listing.follow else found.rows
            yield Fetched(rows, digest, following is None, read.document, warnings, whole)

    def _following(self, pager: Pager, got: Got) -> Next | None:
        try:
            return pager.next(got)
        except BadValue as error:
            raise BadPayload(f"{self.name}: where its pager looks for the next page, the answer {error}") from None

    def _one(self, following: Next, given: Mapping[str, Any], read: Read, after: Answer | None) -> Answer:
        listing = self.listing
        judge, headers = self._judging.judge(read, listing.format, listing.delimiter), self._accept | listing.headers
        if following.link and after is not None:
            return self._http.follow(following.link, after, headers=headers, judge=judge)
        values = {**given, **following.values}
        if listing.path == PARENT_ALONE:
            # The parent's key is itself an address of the MIS, held to its origin as any link is.
            home = Answer(200, {}, b"", self._options.base_url)
            return self._http.follow(str(values["parent"]), home, headers=headers, judge=judge)
        path = text_filled(listing.path, {name: path_segment(str(value)) for name, value in values.items()})
        query = {name: text_filled(text, values) for name, text in listing.params.items()} | self._spanned(values)
        query |= following.params
        body = None if listing.body is None else filled(listing.body, values)
        return self._http.ask(path, query, method=listing.method, body=body, headers=headers, judge=judge)

    def _row(self, row: Any, after: Answer) -> Any:
        """The row that a link in a row leads to; what the link's own row held besides is kept around it."""
        listing, read = self.listing, Read()
        try:
            link = as_text(getter(listing.follow)(row))
        except BadValue as error:
            raise BadPayload(f"{self.name}: a row at follow = {listing.follow!r} {error}") from None
        if not link:
            raise BadPayload(f"{self.name}: a row has no address at follow = {listing.follow!r}")
        judge = self._judging.judge(read, listing.format, listing.delimiter)
        self._http.follow(link, after, headers=self._accept | listing.headers, judge=judge)
        found = getter(listing.follow_select)(read.document) if listing.follow_select else read.document
        return {**found, OUTER: row} if isinstance(found, dict) else {"": found, OUTER: row}

    def _spanned(self, values: Mapping[str, Any]) -> dict[str, str]:
        spans = self.listing.incremental
        if spans is None or "start" not in values:
            return {}
        named = {spans.start_param: str(values["start"]), spans.end_param: str(values["end"])}
        return {name: value for name, value in named.items() if name}

    def _doubts(self, pager: Pager, pages: int, came: int, document: Any) -> tuple[tuple[str, ...], bool]:
        try:
            declared = as_text(self._total(document)) if self._total is not None else ""
        except BadValue as error:
            raise BadPayload(f"{self.name}: at total = {self.listing.total!r} the answer {error}") from None
        if declared.isdigit():
            if int(declared) == came:
                return (), True
            return (
                (
                    f"{self.name}: the MIS says that there are {declared} rows, and {came} came; the next pull asks "
                    "for them again. If it stays so, look at the pager",
                ),
                False,
            )
        # Where each row is itself a list, ten and twenty of them are a fortnight's registers.
        few = FEW if self.listing.each else 0
        full = came in ROUND and came > few if pager.size is None else came == pager.size
        if pages == 1 and full and not pager.ends_by_itself:
            return (
                (
                    f"{self.name}: exactly {came} rows came, in one page. A round number is how a forgotten page "
                    "looks: see in the MIS whether there are more, and give the list its pager",
                ),
                True,
            )
        return (), True
