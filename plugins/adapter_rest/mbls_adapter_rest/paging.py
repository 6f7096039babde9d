"""From one page to the next, and to an end: by number, offset, token or link; each walk with a pager of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mbls_adapter_rest.options_rows import CursorPages, LinkPages, NoPages, NumberPages
from mbls_adapter_rest.paths import getter
from mbls_adapter_rest.values import as_text
from mbls_sync.api import Answer, BadPayload

LINK = re.compile(r"<([^>]*)>([^<]*)")
REL_NEXT = re.compile(r';\s*rel\s*=\s*"?([^";,]*\s)?next[\s";,]', re.IGNORECASE)

AnyPager = NoPages | NumberPages | CursorPages | LinkPages


@dataclass(frozen=True)
class Next:
    """What the next request needs: a link to follow, or parameters, and values for the templates."""

    link: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Got:
    """What one page was: its answer, its document, and how many rows stood in it."""

    answer: Answer
    document: Any
    count: int


def pager_of(given: AnyPager) -> Pager:
    """A fresh pager: what one walk has seen never spoils another."""
    match given:
        case NumberPages():
            return ByNumber(given)
        case CursorPages():
            return ByToken(given)
        case LinkPages():
            return ByLink(given)
        case NoPages():
            return Pager()


class Pager:
    """One page holds all."""

    size: int | None = None

    def first(self) -> Next:
        """What the first request needs."""
        return Next()

    def next(self, got: Got) -> Next | None:  # noqa: ARG002 - what every pager is asked
        """What the request after this page needs; None at the end. Raises BadPayload where it would turn for ever."""
        return None

    @property
    def ends_by_itself(self) -> bool:
        """Whether the end was seen, so that a full last page is no sign of rows left behind."""
        return False


class ByNumber(Pager):
    """Pages or rows, counted."""

    def __init__(self, given: NumberPages) -> None:
        self._given, self.size = given, given.size
        start = 1 if given.type == "page" else 0
        self._first = start if given.first is None else given.first
        self._number = self._first
        self._more, self._pages = getter(given.more or "."), getter(given.pages or ".")

    def first(self) -> Next:
        """The first of them."""
        return self._here()

    def next(self, got: Got) -> Next | None:
        """The next one, until the body or an empty page says that there is none."""
        step = 1 if self._given.type == "page" else got.count
        if self._is_last(got) or step == 0:
            return None
        self._number += step
        return self._here()

    @property
    def ends_by_itself(self) -> bool:
        """Always."""
        return True

    def _is_last(self, got: Got) -> bool:
        given = self._given
        if given.pages:
            said = as_text(self._pages(got.document))
            if not said.isdigit():
                raise BadPayload(f"the answer names no number of pages at {given.pages!r}, so its end is not known")
            return self._number - self._first + 1 >= int(said)
        if given.more:
            return as_text(self._more(got.document)).casefold() not in ("true", "1", "yes", "y")
        if given.stop == "short":
            return got.count < (given.size or 1)
        return got.count == 0

    def _here(self) -> Next:
        given = self._given
        params = {given.param: str(self._number)} if given.param else {}
        return Next(params=params | _sized(given.size_param, given.size), values={given.type: self._number})


class ByToken(Pager):
    """A token in the body or in a header."""

    def __init__(self, given: CursorPages) -> None:
        self._given, self.size, self._find = given, given.size, getter(given.path)
        self._seen: set[str] = set()

    def first(self) -> Next:
        """The first of them."""
        return Next(params=_sized(self._given.size_param, self._given.size), values={"cursor": ""})

    def _token(self, got: Got) -> str:
        header = self._given.header.lower()
        return got.answer.headers.get(header, "").strip() if header else as_text(self._find(got.document))

    def next(self, got: Got) -> Next | None:
        """The page of the next token, until there is none."""
        token = self._token(got)
        if token in ("", "false"):
            return None
        _refuse_again(token, self._seen)
        params = {self._given.param: token} if self._given.param else {}
        return Next(params=params | _sized(self._given.size_param, self._given.size), values={"cursor": token})


class ByLink(Pager):
    """An address in the body or in the Link header."""

    def __init__(self, given: LinkPages) -> None:
        self._given, self.size = given, given.size
        self._find: Callable[[Got], str] = _header_link if given.type == "link_header" else _body_link(given.path)
        self._seen: set[str] = set()

    def first(self) -> Next:
        """The first of them."""
        return Next(params=_sized(self._given.size_param, self._given.size))

    def next(self, got: Got) -> Next | None:
        """The page that the link names, until there is none."""
        link = self._find(got)
        if not link:
            return None
        _refuse_again(link, self._seen)
        return Next(link=link)


def _body_link(path: str) -> Callable[[Got], str]:
    find = getter(path)

    def get(got: Got) -> str:
        said = as_text(find(got.document))
        return "" if said == "false" else said

    return get


def _header_link(got: Got) -> str:
    found = LINK.findall(got.answer.headers.get("link", ""))
    return next((url for url, about in found if REL_NEXT.search(f"{about};")), "")


def _sized(param: str, size: int | None) -> dict[str, str]:
    return {param: str(size)} if param else {}


def _refuse_again(token: str, seen: set[str]) -> None:
    if token in seen:
        raise BadPayload(
            "the MIS names the same next page again, so that its list would never end; what came before is stored. "
            "Look at the path of the pager, then ask the vendor"
        )
    seen.add(token)
