"""All that lies on the attendance officer's desk at one moment: what every paper of the day is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Protocol

from mbls_sync.contracts import BadRow
from mbls_sync.figures.history import History
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.codes import Code, CodeStanding, Meaning
from mbls_sync.model.deliveries import Effect, Kind, Mode, State
from mbls_sync.model.families import families
from mbls_sync.model.happenings import Event
from mbls_sync.model.la_profile import LaProfile
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.papers import School
from mbls_sync.model.proposals import DraftLetter
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Session
from mbls_sync.policy.view import Parameter, PolicyAt

TO_DO = (State.PLANNED, State.APPROVED)
"""The states in which a person still has something to do."""


class Codes(Protocol):
    """What a code is called and what it means on a session's own date; the code book fulfils it."""

    def title(self, code: Code, day: date) -> str:
        """The national title of the code on that day."""
        ...

    def meaning(self, code: Code, day: date) -> Meaning:
        """What the code counts as on that day."""
        ...

    def standing(self, code: Code, day: date, is_csa: bool) -> CodeStanding:
        """How the code stands on that day for a pupil who is, or is not, of compulsory school age."""
        ...


@dataclass(frozen=True)
class Desk:
    """The inputs of every paper, as values. The pipeline fills it; nothing here asks the time or the store.

    `now` is aware, in the school's zone; `pulled_at` is when marks last came from the MIS, None where they
    never did. `leavers` are those whom the MIS knows to have left. `effects` are the outbox, open and closed;
    `events` are all that is recorded. `registers_missing` counts today's registers that are due and were not
    taken. `details` says what the MIS gave beside a mark. `registers` are the marks of this academic year and the
    one before, or of every year held where that was asked for. `profile` says how the LA takes its returns,
    `unread` what came from the MIS and could not be taken.
    """

    school: School
    now: datetime
    mode: Mode
    calendar: SchoolCalendar
    parameters: Mapping[str, Parameter]
    codes: Codes
    pulled_at: datetime | None = None
    roll: tuple[Pupil, ...] = ()
    leavers: tuple[Pupil, ...] = ()
    histories: Mapping[PupilId, History] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    events: tuple[Event, ...] = ()
    details: Mapping[tuple[PupilId, Session], MarkDetail] = field(default_factory=dict)
    registers_missing: int = 0
    quarantined: int = 0
    go_live: date | None = None
    registers: Mapping[AcademicYear, RegisterPages] = field(default_factory=dict)
    profile: LaProfile = field(default_factory=LaProfile)
    unread: tuple[BadRow, ...] = ()

    @cached_property
    def pupils(self) -> Mapping[PupilId, Pupil]:
        """Everybody on the roll, by id."""
        return {pupil.id: pupil for pupil in self.roll}

    @cached_property
    def family(self) -> Mapping[PupilId, PupilId]:
        """For each pupil on the roll the first id of their family, which is a guess."""
        return families(self.roll)

    def policy(self, day: date | None = None) -> PolicyAt:
        """The policy on `day`, today where none is given, with nothing read yet."""
        return PolicyAt(self.parameters, day or self.now.date())

    def to_do(self, *kinds: Kind) -> tuple[Effect, ...]:
        """The effects of these kinds that wait for a person, in the order of their keys."""
        found = (effect for effect in self.effects if effect.kind in kinds and effect.state in TO_DO)
        return tuple(sorted(found, key=lambda effect: effect.key))

    @cached_property
    def told_with(self) -> Mapping[str, str]:
        """For each letter that may be one a family, the key of the letter it is told in.

        Those of one template and occasion that would go to the same telephone are one, under the first key.
        """
        first: dict[tuple[str, str, str], str] = {}
        told: dict[str, str] = {}
        for effect in self.to_do(Kind.LETTER):
            letter = effect.proposal
            pupil = self.pupils.get(effect.pupil) if effect.pupil is not None else None
            if isinstance(letter, DraftLetter) and letter.one_a_family and pupil is not None and pupil.numbers:
                home = letter.template, letter.occasion, pupil.numbers[0]
                told[effect.key] = first.setdefault(home, effect.key)
        return told

    @cached_property
    def short_ids(self) -> Mapping[str, str]:
        """For each effect's key the shortest beginning, of eight characters or more, that no other key shares."""
        keys = sorted({effect.key for effect in self.effects})
        return {key: key[: _shared(key, keys, place)] for place, key in enumerate(keys)}


def _shared(key: str, keys: list[str], place: int) -> int:
    """How many characters tell `key` from its neighbours in the sorted `keys`."""
    beside = [keys[near] for near in (place - 1, place + 1) if 0 <= near < len(keys)]
    return max(8, *(1 + _common(key, other) for other in beside)) if beside else 8


def _common(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
