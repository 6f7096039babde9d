"""What is still owed, and what is over its term: pure arithmetic of academic years and dated parameters.

The MIS is the register, and the law's term binds it; our own copy is shorter. What an open case, an unsent paper or a
legal hold needs is kept whatever its age.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.sendings import Sending
from mbls_sync.policy.view import Parameter, PolicyAt

KeyT = TypeVar("KeyT")

HOLD, LIFTED = "legal-hold", "legal-hold-lifted"
"""Events by which a person stops what is over its term from being purged, for one pupil or for the school."""

CASE_ENDS = "-closed"
CASE_STEPS = ("letter-sent", "-invited", "-held", "-reviewed", "-referred", CASE_ENDS)
"""How the kinds of events end that move a case to a further stage; the last of them closes it."""

EARLIEST = 2000
"""No entry of an earlier year can stand here."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that still needs the past: since when, why, and about whom, where it is about one pupil."""

    since: date
    why: str
    pupil: PupilId | None = None
    is_hold: bool = False


@dataclass(frozen=True)
class Terms:
    """The terms of retention on one day."""

    today: date
    parameters: Mapping[str, Parameter]

    @property
    def copy_years(self) -> int:
        """How many academic years our copy spans."""
        return PolicyAt(self.parameters, self.today).count("retention.copy_years")

    def entry_years(self, year: AcademicYear) -> int:
        """How long an entry is kept, by the law in force when the year ended."""
        return PolicyAt(self.parameters, min(year.last, self.today)).count("retention.entry_years")

    def copy_from(self, owed: Iterable[Owed]) -> AcademicYear:
        """The first academic year that our copy of the register still holds."""
        kept = AcademicYear(AcademicYear.of(self.today).start - self.copy_years + 1)
        return min([kept, *(AcademicYear.of(one.since) for one in owed)])

    def is_over(self, year: AcademicYear) -> bool:
        """Whether every entry of the year has been kept for its term."""
        return year.last.replace(year=year.last.year + self.entry_years(year)) < self.today

    def entries_from(self) -> AcademicYear:
        """The first academic year whose entries are within their term."""
        last = AcademicYear.of(self.today).start
        over = [year for year in range(EARLIEST, last) if self._is_known(year) and self.is_over(AcademicYear(year))]
        return AcademicYear(max(over) + 1 if over else EARLIEST)

    def _is_known(self, year: int) -> bool:
        return PolicyAt(self.parameters, AcademicYear(year).last).is_in_force("retention.entry_years")


def owed(effects: Iterable[Effect], sendings: Iterable[Sending], events: Iterable[Event]) -> tuple[Owed, ...]:
    """Everything that still needs the past."""
    found = [_of_effect(effect) for effect in effects if _is_owed(effect)]
    found += [Owed(s.opened_at.date(), f"{s.document} has not been sent") for s in sendings if s.state.is_owed]
    return (*found, *_of_events(sorted(events, key=lambda event: event.at)))


def _is_owed(effect: Effect) -> bool:
    return effect.state.is_open and effect.state is not State.INHERITED and effect.kind is not Kind.SHEET_ROW


def _of_effect(effect: Effect) -> Owed:
    return Owed(
        effect.opened_at.date(), f"an open {effect.kind} ({effect.because.rule or effect.key[:8]})", effect.pupil
    )


def _of_events(events: Iterable[Event]) -> list[Owed]:
    """Cases begun and not closed, and legal holds not lifted."""
    cases: dict[PupilId, datetime] = {}
    holds: dict[PupilId | None, datetime] = {}
    for event in events:
        if event.kind in (HOLD, LIFTED):
            holds = _next(holds, event.pupil, event, ends=event.kind == LIFTED)
        elif event.pupil is not None and event.kind.endswith(CASE_STEPS):
            cases = _next(cases, event.pupil, event, ends=event.kind.endswith(CASE_ENDS))
    return [
        *(Owed(at.date(), "an open case", pupil) for pupil, at in cases.items()),
        *(Owed(date(EARLIEST, 9, 1), "a legal hold", pupil, is_hold=True) for pupil in holds),
    ]


def _next(open_ones: dict[KeyT, datetime], key: KeyT, event: Event, *, ends: bool) -> dict[KeyT, datetime]:
    if ends:
        return {known: at for known, at in open_ones.items() if known != key}
    return {key: event.at} | open_ones
