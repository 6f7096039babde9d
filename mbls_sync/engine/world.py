"""All that one pass judges by, as values: the same world gives the same decisions, always."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Protocol

from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.codes import Code, CodeStanding, Meaning
from mbls_sync.model.happenings import AmendedMark, Event, LeaveRequest, Message, SignIn
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.papers import School
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import Encoding, RegisterPages
from mbls_sync.model.sessions import Session
from mbls_sync.policy.view import Parameter, PolicyAt


class Codes(Protocol):
    """What the engine asks of the code book."""

    def meaning(self, code: Code, day: date) -> Meaning:
        """What a code counts as on a session's own date."""
        ...

    def standing(self, code: Code, day: date, is_csa: bool) -> CodeStanding:
        """How a code stands for one pupil on one date."""
        ...


@dataclass(frozen=True)
class World:
    """Everything known of one school at `now`, which is aware and in the school's zone.

    Nothing in it is later than `now` except what a calendar and a policy say beforehand. `pulled_at` is
    when marks were last read from the MIS with success. `go_live` None: nothing is inherited. `amended` are
    the marks seen to change lately, by pupil: they say why something is no longer called for.
    """

    school: School
    now: datetime
    calendar: SchoolCalendar
    parameters: Mapping[str, Parameter]
    codebook: Codes
    registers: Mapping[AcademicYear, RegisterPages]
    roll: tuple[Pupil, ...]
    messages: tuple[Message, ...] = ()
    sign_ins: tuple[SignIn, ...] = ()
    requests: tuple[LeaveRequest, ...] = ()
    events: tuple[Event, ...] = ()
    details: Mapping[tuple[PupilId, Session], MarkDetail] = field(default_factory=dict)
    go_live: date | None = None
    pulled_at: datetime | None = None
    amended: Mapping[PupilId, tuple[AmendedMark, ...]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The school's date."""
        return self.now.date()

    @property
    def year(self) -> AcademicYear:
        """The academic year of today."""
        return AcademicYear.of(self.today)

    @cached_property
    def pupils(self) -> Mapping[PupilId, Pupil]:
        """Everybody on the roll or once on it, by id."""
        return {pupil.id: pupil for pupil in self.roll}

    @cached_property
    def on_roll(self) -> tuple[Pupil, ...]:
        """The pupils on roll today, ordered by id."""
        found = (pupil for pupil in self.roll if pupil.on_roll(self.today))
        return tuple(sorted(found, key=lambda pupil: pupil.id))

    @cached_property
    def by_class(self) -> Mapping[str, tuple[Pupil, ...]]:
        """The pupils on roll today by class, classes in order of name."""
        classes: dict[str, list[Pupil]] = {}
        for pupil in self.on_roll:
            classes.setdefault(pupil.class_name, []).append(pupil)
        return {name: tuple(classes[name]) for name in sorted(classes)}

    @property
    def pages(self) -> RegisterPages:
        """The register of this academic year."""
        return self.pages_of(self.year)

    def pages_of(self, year: AcademicYear) -> RegisterPages:
        """The register of one academic year; one without a mark where none is held."""
        found = self.registers.get(year)
        if found is None:
            encoding = next((pages.encoding for pages in self.registers.values()), Encoding())
            return RegisterPages(year, encoding, {})
        return found

    def policy(self, day: date | None = None) -> PolicyAt:
        """The policy on a day, today when none is given."""
        return PolicyAt(self.parameters, day or self.today)

    def code(self, pupil: PupilId, session: Session) -> Code:
        """The code the register holds for a pupil in a session of any known year."""
        pages = self.registers.get(AcademicYear.of(session.day))
        return "" if pages is None else pages.code(pupil, session)
