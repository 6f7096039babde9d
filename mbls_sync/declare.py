"""Says what a plugin's function is: a rule, a return or a packet, and which section made it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from mbls_sync.hookspecs import hookimpl

F = TypeVar("F", bound=Callable[..., Any])

DECLARED = "__mbls_declared__"
"""The attribute under which a function carries its declaration."""


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a judge is: its catalogue id, the section it serves, and its duty in a few words."""

    id: str
    cites: str
    title: str


@dataclass(frozen=True, slots=True)
class ReturnInfo:
    """What a writer of a return is."""

    id: str
    cites: str
    title: str


@dataclass(frozen=True, slots=True)
class PacketInfo:
    """What a builder of a packet is; `kind` is what a referral names."""

    kind: str
    cites: str
    title: str


Declared = RuleInfo | ReturnInfo | PacketInfo


def rule(*, id: str, cites: str, title: str) -> Callable[[F], F]:
    """Declare a judge. The function's name says which hook it implements."""
    return _declare(RuleInfo(id, cites, title))


def la_return(*, id: str, cites: str, title: str) -> Callable[[F], F]:
    """Declare a `write_return`."""
    return _declare(ReturnInfo(id, cites, title))


def packet(*, kind: str, cites: str, title: str) -> Callable[[F], F]:
    """Declare a `build_packet`."""
    return _declare(PacketInfo(kind, cites, title))


def declared_by(function: Callable[..., Any]) -> Declared | None:
    """The declaration a function carries, if any."""
    found: Declared | None = getattr(function, DECLARED, None)
    return found


def _declare(info: Declared) -> Callable[[F], F]:
    def mark(function: F) -> F:
        setattr(function, DECLARED, info)
        return hookimpl(function)

    return mark
