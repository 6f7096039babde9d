"""An outage: a source that does not answer, from when it was first seen until it answers again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Outage:
    """One source that was asked and did not answer. `says` is what it failed with, without names."""

    source: str
    since: datetime
    says: str = ""
    ended: bool = False
