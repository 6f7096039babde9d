"""What the judges are asked about: which registers, which marks, which pupils, which requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np

from mbls_sync.engine.grids import Blanks, Grid, YearGrids, oddly_coded, taken, year_grids
from mbls_sync.engine.histories import histories
from mbls_sync.engine.moments import last_opened, opened_today
from mbls_sync.engine.world import World
from mbls_sync.figures.history import History
from mbls_sync.figures.school import Figures
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import Code, CodeStanding, Meaning
from mbls_sync.model.happenings import LeaveRequest
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Phase, Pupil
from mbls_sync.model.sessions import Session
from mbls_sync.model.subjects import UNEXPLAINED_CODE, PupilSession, Register

BLANKS = ("registers.blanks_percent", "registers.blanks_count")


@dataclass(frozen=True)
class Subjects:
    """Everything the judges are asked about in one pass, each worked out once, in a fixed order."""

    world: World

    @cached_property
    def grids(self) -> YearGrids:
        """The year as grids."""
        return year_grids(self.world)

    @cached_property
    def histories(self) -> Mapping[PupilId, History]:
        """A history for everybody on the roll of this academic year, leavers included."""
        return histories(self.world)

    @cached_property
    def figures(self) -> Figures:
        """The whole school's figures."""
        everybody = tuple(history.pupil for history in self.histories.values())
        on_roll = {pupil.id: self.histories[pupil.id] for pupil in self.world.on_roll}
        own = tuple(event for event in self.world.events if event.pupil is None)
        today, calendar, details = self.world.today, self.world.calendar, self.world.details
        gone = {pupil.id: self.histories[pupil.id] for pupil in everybody if pupil.left and pupil.left < today}
        spans = next((history.spans for history in self.histories.values()), None)
        return Figures(today, calendar, everybody, on_roll, own, details, gone, spans, self._former)

    @property
    def _former(self) -> tuple[Pupil, ...]:
        """Those who left in the academic year before, ordered by id."""
        before = AcademicYear(self.world.year.start - 1)
        gone = (pupil for pupil in self.world.roll if pupil.left and AcademicYear.of(pupil.left) == before)
        return tuple(sorted(gone, key=lambda pupil: pupil.id))

    @cached_property
    def registers(self) -> tuple[Register, ...]:
        """Today's opened registers, and every earlier one of the year that was not taken."""
        found: list[Register] = []
        for name, rows in self._classes.items():
            phase = self._phase(rows)
            earlier = np.flatnonzero(~self._taken(rows) & self._judged_from & self._until(phase))
            slots = sorted({*self._today[phase], *earlier.tolist()})
            found += [self._register(name, phase, rows, slot) for slot in slots]
        return tuple(register for register in found if register.marks)

    @cached_property
    def sessions(self) -> tuple[PupilSession, ...]:
        """The marks to judge, by pupil and session; none of a register that was not taken.

        Today's, and every earlier one of the year that is unexplained, oddly coded, or has a sign-in on its day.
        """
        grids, wanted, mornings = self.grids, np.zeros_like(self.grids.expected), np.zeros_like(self.grids.expected)
        of_byte = np.zeros(256, dtype=bool)
        of_byte[list(self.world.pages.encoding.bytes_of("", UNEXPLAINED_CODE))] = True
        unexplained = of_byte[grids.marks]
        earlier = (unexplained & grids.expected) | oddly_coded(self.world, grids) | self._signed_in()
        for rows in self._classes.values():
            was_taken = self._taken(rows)
            for row in rows:
                phase = grids.pupils[row].phase
                wanted[row] = earlier[row] & self._until(phase)
                wanted[row, self._today[phase]] |= grids.expected[row, self._today[phase]]
                wanted[row] &= was_taken
            mornings[rows, :] = was_taken
        return tuple(
            self._pupil_session(int(row), int(slot), bool(mornings[row, slot - slot % 2]))
            for row, slot in np.argwhere(wanted)
        )

    @cached_property
    def requests(self) -> tuple[LeaveRequest, ...]:
        """The requests for leave of this academic year and those still ahead, in order of arrival.

        One whose days are past is still answered, and what was taken without leave is still looked at.
        """
        open_ones = (r for r in self.world.requests if r.last >= self.world.year.first and r.pupil in self.histories)
        return tuple(sorted(open_ones, key=lambda request: (request.received_at, request.pupil, request.key)))

    @cached_property
    def _classes(self) -> Mapping[str, tuple[int, ...]]:
        row_of = {pupil.id: row for row, pupil in enumerate(self.grids.pupils)}
        return {name: tuple(row_of[p.id] for p in pupils) for name, pupils in self.world.by_class.items()}

    @cached_property
    def _judged_from(self) -> Grid:
        """From the first session the school holds any mark for: a year pulled from its middle has no earlier gaps."""
        marked = np.flatnonzero((self.grids.marks != 0).any(axis=0) & self.grids.held)
        found = self.grids.held.copy()
        found[: marked[0] if marked.size else found.size] = False
        return found

    @cached_property
    def _today(self) -> Mapping[Phase, list[int]]:
        """The slots of today's opened registers, by phase."""
        return {phase: self._slots(opened_today(self.world, phase)) for phase in Phase}

    @cached_property
    def _until_of(self) -> dict[Phase, Grid]:
        return {}

    def _until(self, phase: Phase) -> Grid:
        """The held slots up to the latest opened session of a phase."""
        if phase not in self._until_of:
            reached = self.grids.held.copy()
            slot = self.grids.grid.slot(last_opened(self.world, phase))
            reached[0 if slot is None else slot + 1 :] = False
            self._until_of[phase] = reached
        return self._until_of[phase]

    def _taken(self, rows: Sequence[int]) -> Grid:
        return taken(self.grids, rows, self._blanks)

    @cached_property
    def _blanks(self) -> Blanks:
        """How much of a taken register may be blank; all of it where the school has not said."""
        policy, (share, count) = self.world.policy(), BLANKS
        if not all(map(policy.is_in_force, BLANKS)):
            return Blanks(Decimal(100), 0)
        return Blanks(policy.percent(share), policy.count(count))

    def _phase(self, rows: Sequence[int]) -> Phase:
        """A class's phase: that of most of its pupils, the younger where two are equal."""
        phases = [self.grids.pupils[row].phase for row in rows]
        return max(Phase, key=phases.count)

    def _slots(self, sessions: Iterable[Session]) -> list[int]:
        return self.grids.grid.slots(sessions)

    def _signed_in(self) -> Grid:
        found = np.zeros_like(self.grids.expected)
        row_of = {pupil.id: row for row, pupil in enumerate(self.grids.pupils)}
        for sign_in in self.world.sign_ins:
            row = row_of.get(sign_in.pupil)
            if row is not None:
                found[row, self._slots(_both(self.world, sign_in.day))] = True
        return found & self.grids.expected

    def _register(self, name: str, phase: Phase, rows: Sequence[int], slot: int) -> Register:
        session = self.grids.grid.session(slot)
        marks = tuple((self.grids.pupils[row].id, *self._pair(row, slot)) for row in rows if self._expects(row, slot))
        excused = tuple(
            pupil.id
            for row in rows
            if not self._expects(row, slot) and (pupil := self.grids.pupils[row]).on_roll(session.day)
        )
        allowed = int(self._blanks.allowed(np.array(len(marks))))
        return Register(name, phase, session, self.world.calendar.zone, marks, excused, allowed)

    def _expects(self, row: int, slot: int) -> bool:
        return bool(self.grids.expected[row, slot])

    def _pair(self, row: int, slot: int) -> tuple[Code, Meaning]:
        byte = int(self.grids.marks[row, slot])
        return self.world.pages.encoding.code(byte), self.world.pages.encoding.meaning(byte)

    def _pupil_session(self, row: int, slot: int, morning_taken: bool) -> PupilSession:
        pupil, session = self.grids.pupils[row], self.grids.grid.session(slot)
        code, meaning = self._pair(row, slot)
        is_csa = pupil.is_compulsory_school_age(session.day)
        return PupilSession(
            pupil=pupil.id,
            session=session,
            code=code,
            meaning=meaning,
            standing=self.world.codebook.standing(code, session.day, is_csa) if code else CodeStanding.VALID,
            zone=self.world.calendar.zone,
            phase=pupil.phase,
            class_name=pupil.class_name,
            expected=self._expects(row, slot),
            register_taken=True,
            detail=self.world.details.get((pupil.id, session)),
            morning_taken=morning_taken or not self.grids.held[slot - slot % 2],
        )


def _both(world: World, day: date) -> tuple[Session, ...]:
    return world.calendar.sessions(day, day)
