"""What a manifest states: each dated value of the policy that was read, how the lint found the paper, and its files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from mbls_sync.delivery.files import sha256
from mbls_sync.model.decisions import Because, Reading
from mbls_sync.model.lint import Linted


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


CHECKLIST = ".checklist.html"
"""How the name of a paper's checklist ends. It is the school's own and goes to nobody."""


def is_kept(name: str) -> bool:
    """Whether a file stays at school though it lies beside what leaves it."""
    return name.endswith(CHECKLIST)


def lint_stated(found: Linted) -> dict[str, str | int]:
    """How the lint found a paper, as its manifest states it."""
    return {
        "standing": found.standing.value,
        "stops": len(found.stopping),
        "advises": len(found.findings) - len(found.stopping),
    }


def sealed(name: str, data: bytes) -> dict[str, str | int]:
    """A file as a manifest states it."""
    return {"name": name, "bytes": len(data), "sha256": sha256(data)}
