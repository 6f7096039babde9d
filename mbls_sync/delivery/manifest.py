"""What a manifest states about the policy: each dated value that was read, and what put it there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from mbls_sync.model.decisions import Because, Reading


class StatedReading(TypedDict):
    """One value of the policy as a manifest states it."""

    parameter: str
    value: str
    since: str
    cites: str


def readings_of(reasons: Iterable[Because], more: Iterable[Reading] = ()) -> list[StatedReading]:
    """Every reading once, by parameter and date."""
    found = {(r.parameter, r.since): r for because in reasons for r in because.readings}
    found |= {(reading.parameter, reading.since): reading for reading in more}
    return [
        {"parameter": name, "value": str(reading.value), "since": since.isoformat(), "cites": reading.cites}
        for (name, since), reading in sorted(found.items())
    ]
