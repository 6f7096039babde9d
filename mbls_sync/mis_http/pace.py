"""When the next request may go: the school's own pace, and what the MIS asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mbls_sync.mis_http.manners import Manners


class Pace:
    """A bucket of `burst` requests that fills at `per_second`; waits before a request that would overdraw it."""

    def __init__(self, manners: Manners, tick: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._rate, self._most = manners.per_second, float(max(manners.burst, 1))
        self._tick, self._sleep = tick, sleep
        self._left, self._at = self._most, tick()

    def wait(self) -> None:
        """Return when one more request keeps to the pace."""
        if not self._rate:
            return
        now = self._tick()
        self._left = min(self._most, self._left + max(now - self._at, 0) * self._rate)
        self._at = now
        self._left -= 1
        if self._left < 0:
            self._sleep(-self._left / self._rate)


def seconds_to_wait(header: str, now: datetime) -> float | None:
    """What a Retry-After asks for, in seconds from `now`; None where it says nothing that can be read.

    It is a number of seconds or an HTTP date. A moment that has passed is 0.
    """
    said = header.strip()
    if re.fullmatch(r"-?\d{1,12}(\.\d+)?", said):
        return max(float(said), 0.0)
    try:
        moment = parsedate_to_datetime(said)
    except (TypeError, ValueError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
