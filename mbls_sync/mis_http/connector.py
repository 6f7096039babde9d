"""Opens HTTP to one configured origin after another, all by the same clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from mbls_sync.mis_http.manners import Auth, Manners, OAuth

if TYPE_CHECKING:
    from mbls_sync.mis_http.client import MisHttp
    from mbls_sync.mis_http.tokens import Tokens


class Connector:
    """What adapters are given as `connect`. `tell` hears of every wait, by event and facts.

    `attempts` is how often a read is tried at most, whatever a source sets: once for whoever waits at a screen. Tokens
    are kept from one opening to the next. `opened` lists the addresses that were opened, each with how it is
    spoken to; no secret is kept there.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        tell: Callable[..., None] | None = None,
        *,
        attempts: int | None = None,
    ) -> None:
        self._clock, self._sleep, self._tell = clock, sleep, tell or _silent
        self._attempts = attempts
        self.opened: list[tuple[str, Manners]] = []
        self._known: dict[object, Tokens] = {}

    def __call__(
        self, origin: str, headers: Mapping[str, str], *, auth: Auth | None = None, manners: Manners | None = None
    ) -> MisHttp:
        """HTTP to `origin`; headers and credentials go there and nowhere else. Raises ConfigurationError."""
        # Its library takes a tenth of a second to import, and a school with a drop folder needs none of it.
        from mbls_sync.mis_http.client import MisHttp  # noqa: PLC0415 - as said

        how = manners or Manners()
        if self._attempts is not None:
            how = replace(how, attempts=min(how.attempts, self._attempts))
        self.opened.append((origin, how))
        if isinstance(auth, OAuth):
            self.opened.append((auth.token_url, how))
        return MisHttp(
            origin, headers, auth, how, clock=self._clock, sleep=self._sleep, tell=self._tell, known=self._known
        )


def _silent(event: str, **_: object) -> None:
    """Nobody listens."""
