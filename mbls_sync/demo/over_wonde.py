"""The synthetic school as Wonde holds it; what Wonde does not hold stays in the drop folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mbls_sync.demo.absence import Marks
from mbls_sync.demo.exports import write_beside
from mbls_sync.demo.people import Family
from mbls_sync.model.codes import Code
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Session

SOURCES = """\
[sources.integris]
adapter = "integris-csv"
resources = ["messages", "sign_ins", "leave_requests", "events", "patterns", "flags"]

[sources.integris.options]
folder = "inbox"
settle_seconds = 0

[sources.mis]
adapter = "wonde"
resources = ["marks", "pupils", "contacts"]

[sources.mis.options]
school = "{school}"
token = "{token}"
base_url = "{url}"
since = 2025-09-01
per_page = 5000
"""


class Holds(Protocol):
    """Wonde: who is on roll, and marks as they stand."""

    @property
    def enrol(self) -> Callable[[Sequence[Pupil]], None]:
        """Put everybody on roll."""
        ...

    @property
    def fill(self) -> Callable[[Mapping[tuple[PupilId, Session], Code]], None]:
        """Put marks in, a blank too."""
        ...


@dataclass(frozen=True)
class OverWonde:
    """Puts the school's people and marks into the Wonde at `url`."""

    wonde: Holds
    url: str
    school: str
    token: str

    @property
    def sources(self) -> str:
        """The sources of the settings."""
        return SOURCES.format(url=self.url, school=self.school, token=self.token)

    def people(self, inbox: Path, households: Sequence[Family]) -> None:
        """Everybody on roll and whom to call; flags and patterns as files."""
        self.wonde.enrol([pupil for household in households for pupil in household.pupils])
        write_beside(inbox, households)

    def marks(self, inbox: Path, name: str, marks: Mapping[PupilId, Marks]) -> None:  # noqa: ARG002 - what every MIS is given
        """Marks as they stand at one moment."""
        self.wonde.fill({(who, session): code for who, line in marks.items() for session, code in line.items()})
