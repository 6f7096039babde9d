"""Says what a plugin's function is: a rule, a return, a packet or a sender, and which section made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from mbls_sync.contracts import HealthReport
from mbls_sync.hookspecs import hookimpl
from mbls_sync.model.sendings import Channel, Sighting

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


FindsFile = Callable[[str, str, Channel], Sighting]
"""Given a file's name, its SHA-256 and the channel, what stands at the receiver's. Changes nothing."""

ProbesChannel = Callable[[Channel], Iterable[HealthReport]]
"""Looks at all that a channel needs (host key, login, folder, TLS) and sends nothing."""


@dataclass(frozen=True, slots=True)
class SenderInfo:
    """What a sender is: its kind in the settings, its options (unknown keys refused), and what else it can do.

    `serves` are the ways in which an LA's profile may say that a paper is taken; without one it serves any, since a
    person carries the file further.
    """

    kind: str
    title: str
    options: type[BaseModel]
    find: FindsFile
    probe: ProbesChannel
    serves: tuple[str, ...] = ()


Declared = RuleInfo | ReturnInfo | PacketInfo | SenderInfo


def rule(*, id: str, cites: str, title: str) -> Callable[[F], F]:
    """Declare a judge. The function's name says which hook it implements."""
    return _declare(RuleInfo(id, cites, title))


def la_return(*, id: str, cites: str, title: str) -> Callable[[F], F]:
    """Declare a `write_return`."""
    return _declare(ReturnInfo(id, cites, title))


def packet(*, kind: str, cites: str, title: str) -> Callable[[F], F]:
    """Declare a `build_packet`."""
    return _declare(PacketInfo(kind, cites, title))


def sender(
    *,
    kind: str,
    title: str,
    options: type[BaseModel],
    find: FindsFile,
    probe: ProbesChannel,
    serves: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Declare a `send_file`."""
    return _declare(SenderInfo(kind, title, options, find, probe, serves))


def declared_by(function: Callable[..., Any]) -> Declared | None:
    """The declaration a function carries, if any."""
    found: Declared | None = getattr(function, DECLARED, None)
    return found


def _declare(info: Declared) -> Callable[[F], F]:
    def mark(function: F) -> F:
        setattr(function, DECLARED, info)
        return hookimpl(function)

    return mark
