"""The whole school's figures, as `judge_school` is given them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from mbls_sync.figures.groups import GroupFigures, added, by_weekday_of
from mbls_sync.figures.history import History
from mbls_sync.figures.spans import Spans
from mbls_sync.model.attendance import Cohort, PupilFigures
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Period, Session


@dataclass(frozen=True)
class Figures:
    """The figures of everybody who was on roll this academic year, known at one moment.

    `histories` holds one for each pupil on roll on the day asked about. `events` are the school's own, which
    are no pupil's, in order of time; `details` says what the MIS gave beside a mark, such as minutes late.
    `leavers` are the histories of those who have left in this academic year, `former` those who left in the one
    before. `spans` are those of the histories, where they are of all these pupils: what a rule has counted is not
    counted again.
    """

    day: date
    calendar: SchoolCalendar
    pupils: tuple[Pupil, ...]
    histories: Mapping[PupilId, History]
    events: tuple[Event, ...] = ()
    details: Mapping[tuple[PupilId, Session], MarkDetail] = field(default_factory=dict)
    leavers: Mapping[PupilId, History] = field(default_factory=dict)
    spans: Spans | None = field(default=None, repr=False, compare=False)
    former: tuple[Pupil, ...] = ()

    def over(self, first: date, last: date, cohort: Cohort = Cohort.ALL_ROLL) -> Mapping[PupilId, PupilFigures]:
        """Each pupil's figures from `first` to `last`, both inclusive; pupils without a possible session too.

        Each counts up to their own phase's latest opened register, a leaver up to the school's. Nobody's
        where nobody is on roll.
        """
        if not self.histories:
            return {}
        found: dict[PupilId, PupilFigures] = {}
        for until, pupils in self._by_until.items():
            counted = self._counted.everyone(first, min(Session(last, Period.PM), until), cohort)
            found.update((pupil.id, counted[pupil.id]) for pupil in pupils)
        return {id: found[id] for id in sorted(found)}

    def half_days(
        self, groups: Mapping[str, Collection[PupilId]], first: date, last: date
    ) -> Mapping[str, tuple[GroupFigures, ...]]:
        """The sums of each group in the ten half-days of the week, Monday AM to Friday PM; none where nobody is."""
        wanted = {name: frozenset(ids) for name, ids in groups.items()}
        parts = [
            by_weekday_of(wanted, pupils, self._registers, self.calendar, first, min(Session(last, Period.PM), until))
            for until, pupils in self._by_until.items()
        ]
        return {name: tuple(added(same) for same in zip(*(p[name] for p in parts), strict=True)) for name in wanted}

    @property
    def _registers(self) -> tuple[RegisterPages, ...]:
        return tuple(next(iter(self.histories.values())).registers.values()) if self.histories else ()

    @cached_property
    def _counted(self) -> Spans:
        some = next(iter(self.histories.values()))
        return self.spans or Spans(self.pupils, some.registers, self.calendar, some.measures)

    @cached_property
    def _by_until(self) -> Mapping[Session, list[Pupil]]:
        """The pupils by the session up to which each counts."""
        if not self.histories:
            return {}
        latest = max(history.until for history in self.histories.values())
        found: dict[Session, list[Pupil]] = {}
        for pupil in self.pupils:
            history = self.histories.get(pupil.id)
            found.setdefault(latest if history is None else history.until, []).append(pupil)
        return found
