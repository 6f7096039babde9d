"""A small school on a dummy MIS, with passes made at the moment a test says: the whole pipeline, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from mbls_sync.contracts import Adapter, Item, Resource
from mbls_sync.delivery.dispatch import Folders
from mbls_sync.model.calendar import Closure, SchoolCalendar
from mbls_sync.model.codes import Code
from mbls_sync.model.deliveries import Effect, Mode, State
from mbls_sync.model.proposals import RaiseTask
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Session
from mbls_sync.pipeline.one_pass import run_pass
from mbls_sync.pipeline.parts import PassInputs, PassReport, Source
from mbls_sync.policy.places import shipped_config
from mbls_sync.policy.view import Parameter
from mbls_sync.registry.manager import Registry
from mbls_sync.store import outbox
from mbls_sync.store.database import Store, open_store
from mbls_sync.testing.builders import (
    ZONE,
    a_parameter,
    a_pupil,
    a_school,
    closed,
    the_calendar,
    the_codebook,
    the_parameters,
)
from mbls_sync.testing.fake_mis import FakeMis
from mbls_sync.testing.filling import presence
from mbls_sync.testing.small_rules import SMALL_RULES

NO_CAP: Mapping[str, Parameter] = {
    "write.max_share_of_register": a_parameter("write.max_share_of_register", "percent", Decimal(100))
}
"""A class of eight may have more than a quarter of its register changed."""


@dataclass
class FakeSchool:
    """A school in a folder: its dummy MIS, its store, and the settings of its passes, changed as a test likes."""

    folder: Path
    url: str
    pupils: tuple[Pupil, ...] = ()
    rules: Sequence[Any] = SMALL_RULES
    mode: Mode = Mode.AUTO
    go_live: date | None = None
    made_up: Mapping[str, Parameter] = field(default_factory=lambda: NO_CAP)
    calendar: SchoolCalendar = field(default_factory=the_calendar)
    around: Callable[[FakeMis, Store], Adapter] = lambda mis, store: mis  # noqa: ARG005 - the shape a test may replace

    def __post_init__(self) -> None:
        self.items: dict[Resource, list[Item]] = {Resource.PUPILS: [*self.pupils]}
        self.mis = FakeMis(self.folder / "mis", self.items)
        self.store = open_store(self.url, a_school().id)

    def happened(self, resource: Resource, *items: Item) -> None:
        """Something that the next pull brings: a message, a sign-in, an event."""
        self.items.setdefault(resource, []).extend(items)

    def mark(self, session: Session, codes: Mapping[str, Code]) -> None:
        """People enter marks into the MIS."""
        known = {str(pupil.id): pupil.id for pupil in self.pupils}
        self.mis.set_all({(known[id], session): code for id, code in codes.items()})

    def run(self, when: datetime, **changes: Any) -> PassReport:
        """One pass, its clock standing at `when` (naive: the school's own time)."""
        return run_pass(replace(self.inputs(when), **changes))

    def inputs(self, when: datetime) -> PassInputs:
        """What a pass at `when` is given."""
        moment = when if when.tzinfo else when.replace(tzinfo=ZONE)
        return PassInputs(
            store=self.store,
            registry=Registry(bound=tuple(self.rules)),
            sources=(Source("fake", self.around(self.mis, self.store)),),
            school=a_school(),
            calendar=self.calendar,
            parameters={**the_parameters(), **self.made_up},
            codebook=the_codebook(),
            clock=lambda: moment.astimezone(UTC),
            folders=Folders(self.folder / "out", shipped_config() / "letters"),
            mode=self.mode,
            go_live=self.go_live,
        )

    def effects(self) -> tuple[Effect, ...]:
        """The whole outbox."""
        with self.store.read() as tx:
            return outbox.load(tx)

    def open_tasks(self, kind: str = "") -> list[tuple[str, str]]:
        """Kind and pupil (or occasion) of each task that is open, in order."""
        tasks = [(e.proposal, e) for e in self.effects() if e.state is State.PLANNED]
        found = [(task.kind, str(e.pupil or task.occasion)) for task, e in tasks if isinstance(task, RaiseTask)]
        return sorted(pair for pair in found if not kind or pair[0] == kind)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


def a_fake_school(
    folder: Path, url: str, day: date, *, classes: Mapping[str, int], closures: Iterable[Closure] = (), **fields: Any
) -> FakeSchool:
    """A school of so many pupils a class, all present every session of the four weeks before `day`.

    Pupils are called by class and number: `2T-1`, `2T-2` and so on.
    """
    pupils = tuple(
        a_pupil(f"{name}-{n}", class_name=name) for name, size in classes.items() for n in range(1, size + 1)
    )
    school = FakeSchool(folder, url, pupils, calendar=closed(the_calendar(), tuple(closures)), **fields)
    held = presence(school.calendar, day - timedelta(weeks=4), day - timedelta(days=1))
    school.mis.set_all({(pupil.id, session): code for pupil in pupils for session, code in held.items()})
    return school
