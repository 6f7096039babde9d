"""What one pass is given and what it reports, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from mbls_sync.clock import Clock
from mbls_sync.contracts import Adapter, Resource
from mbls_sync.delivery.dispatch import Folders
from mbls_sync.delivery.sending import Way
from mbls_sync.engine.reconcile import Change, What
from mbls_sync.intake.tally import PullReport
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.decisions import Judged
from mbls_sync.model.deliveries import Effect, Mode
from mbls_sync.model.la_profile import LaProfile
from mbls_sync.model.outages import Outage
from mbls_sync.model.papers import School
from mbls_sync.policy.benchmarks import Benchmark
from mbls_sync.policy.codebook import CodeBook
from mbls_sync.policy.view import Parameter, PolicyAt
from mbls_sync.registry.manager import Registry
from mbls_sync.store.database import Store

PULL, JUDGE, DELIVER = "pull", "judge", "deliver"
EVERYTHING = frozenset({PULL, JUDGE, DELIVER})


@dataclass(frozen=True, slots=True)
class Source:
    """One source of the settings, opened. `resources` empty: all that no other source names."""

    name: str
    adapter: Adapter
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True)
class PassInputs:
    """All that a pass is given.

    `clock` gives aware moments; the pass reads it once for `now` and again for each step of a delivery.
    `out` takes every paper, `templates` is config/letters, `shared` the school's drive, `task_list` a
    further folder for the list. `fence` is the number of the writer's lease, 0 where none is held. `do`
    chooses the steps: `plan` leaves out `deliver`, `apply` leaves out `pull`. `at` asks what would have been
    called for at a past moment, out of what was known then, or with `hindsight` out of what is known now;
    such a pass stores nothing and delivers nothing. `accept_held` lets held pulls through. `patient` leaves a source
    alone for a while that did not answer, as the daemon does; a person who runs a command always asks.
    `ways` are the channels by which files leave; `outgoing` keeps the bytes that are being sent.
    `benchmarks` are the published figures that analysis packs compare the school with.
    `profile` says how the school's LA takes its returns; its values stand in `parameters` already.
    """

    store: Store
    registry: Registry
    sources: tuple[Source, ...]
    school: School
    calendar: SchoolCalendar
    parameters: Mapping[str, Parameter]
    codebook: CodeBook
    clock: Clock
    folders: Folders
    mode: Mode = Mode.SHADOW
    go_live: date | None = None
    fence: int = 0
    do: frozenset[str] = EVERYTHING
    at: datetime | None = None
    hindsight: bool = False
    accept_held: bool = False
    patient: bool = False
    ways: tuple[Way, ...] = ()
    outgoing: Path = Path()
    benchmarks: tuple[Benchmark, ...] = ()
    profile: LaProfile = field(default_factory=LaProfile)

    def policy(self, moment: datetime) -> PolicyAt:
        """The policy on the school's day of a moment."""
        return PolicyAt(self.parameters, moment.astimezone(self.calendar.zone).date())

    def now(self) -> datetime:
        """The present moment in the school's zone."""
        return self.clock().astimezone(self.calendar.zone)


@dataclass(frozen=True)
class PassReport:
    """What one pass did. `counts` are documented in `COUNTS`; no line of it names a pupil.

    `problems` are in words for a person. `unreachable` says that a source could not be reached, or was left alone
    because of that, and nothing of it was changed. `outages` are those that began or ended in this pass. `judged`
    and `changes` hold pupils' ids: they are for the caller, not the log.
    """

    run: str
    started: datetime
    finished: datetime
    counts: Mapping[str, int]
    problems: tuple[str, ...] = ()
    unreachable: bool = False
    files: tuple[Path, ...] = ()
    judged: Judged | None = None
    changes: tuple[Change, ...] = ()
    effects: tuple[Effect, ...] = ()
    pulled: PullReport = field(default_factory=PullReport)
    outages: tuple[Outage, ...] = ()

    @property
    def changed_nothing(self) -> bool:
        """Whether the pass left everything as it was."""
        return all(change.what is What.KEEP for change in self.changes)

    @property
    def needs_a_person(self) -> bool:
        """Whether a row is quarantined, conflicted or of unknown fate, or a paper could not be written."""
        names = ("quarantined", "held", "conflicted", "unknown", "refused", "failures")
        return bool(self.problems) or any(self.counts.get(name, 0) for name in names)


COUNTS = {
    "rows": "marks and other rows that the sources gave",
    "stored": "rows that were new or changed",
    "unchanged": "rows that were as stored",
    "marks_quarantined": "marks that came now and could not be taken",
    "marks_held": "marks that came now and wait for a person",
    "duplicates": "unchanged marks that only repeat one of the same file",
    "quarantined": "rows that could not be read",
    "held": "pulls that wait for a person",
    "decisions": "what the rules ask for now",
    "conflicts": "marks for which rules ask different codes",
    "failures": "times a rule could not judge",
    "open": "effects opened",
    "keep": "effects left as they were",
    "update": "effects whose content changed",
    "verify": "effects that a person did or a mark shows",
    "withdraw": "effects no longer called for",
    "reopen": "effects called for again",
    "conflict": "marks that a person changed",
    "recovered": "marks whose write a stopped process left open",
    "written": "marks sent to the MIS",
    "verified": "marks that the MIS was seen to hold",
    "conflicted": "marks not written because a person had changed them",
    "refused": "marks that the MIS refused",
    "unknown": "marks whose answer was lost",
    "waiting": "marks held back, waiting for a person",
    "papers": "files written",
    "files_sent": "files that reached their receiver",
    "files_unsure": "files of which nobody can tell whether they arrived",
    "files_refused": "files that a channel or its receiver refused",
}
"""Every count of a report, in words."""


@dataclass
class Tally:
    """Gathers a report while the pass runs."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    problems: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unreachable: bool = False
    judged: Judged | None = None
    effects: tuple[Effect, ...] = ()
    pulled: PullReport = field(default_factory=PullReport)
    outages: list[Outage] = field(default_factory=list)

    def add(self, **counts: int) -> None:
        """Add to the counts."""
        for name, count in counts.items():
            self.counts[name] += count

    def report(self, run: str, started: datetime, finished: datetime) -> PassReport:
        """The report as it stands."""
        return PassReport(
            run=run,
            started=started,
            finished=finished,
            counts=dict(self.counts),
            problems=tuple(self.problems),
            unreachable=self.unreachable,
            files=tuple(self.files),
            judged=self.judged,
            changes=tuple(self.changes),
            effects=self.effects,
            pulled=self.pulled,
            outages=tuple(self.outages),
        )
