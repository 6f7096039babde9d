"""How one MIS is spoken to: credentials, timeouts, caps, pace and trust; values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Manners:
    """Seconds, bytes and counts of one origin's HTTP. Every default is a polite one.

    `connect_timeout` and `read_timeout` bound one wait for the network each, `deadline` bounds one whole exchange,
    however steadily it drips. `most_bytes` caps a body as it arrives and as it is inflated. A read is tried up to
    `attempts` times; a Retry-After above `longest_wait` is not slept but raised. `per_second` of 0 sets no pace; up to
    `burst` requests may go at once. `ca` is a file of certificates, or a folder of them, trusted beside the public
    ones. `proxy` is used only where it is set here: no variable of the environment is read.
    """

    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    deadline: float = 180.0
    most_bytes: int = 64 * MEGABYTE
    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 60.0
    per_second: float = 0.0
    burst: int = 1
    ca: Path | None = None
    proxy: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Basic:
    """A user and a password, by HTTP Basic."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Bearer:
    """A token that does not change."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class OAuth:
    """OAuth 2: client credentials or, where `refresh_token` is given, that grant. `headers` go to `token_url` only.

    `params` are sent beside the grant, such as an audience.

    A server may hand out a new refresh token with each access token and forget the old one; `keep_in` is the file,
    readable by this user only, that the newest is kept in and read from first.
    """

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    scope: str = ""
    secret_in_body: bool = True
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    keep_in: Path | None = None
    params: Mapping[str, str] = field(default_factory=dict)


Auth = Basic | Bearer | OAuth
"""How a request shows who asks. An API key is a header, or several, given to `connect`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an MIS answered: the status, headers by lower-case name, and the whole body, inflated."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    url: str = field(default="", repr=False)
