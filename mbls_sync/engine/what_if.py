"""What would have to be otherwise for something not to be asked for: each answer is tried, not guessed.

The rule that asked is asked again in a world that differs in one thing: one mark, a message from home, a recorded
step, one value of the policy. Only what makes it fall silent is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from mbls_sync.engine.apply import Rule, Rules, judge
from mbls_sync.engine.world import World
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import NO_MARK, Code, Meaning
from mbls_sync.model.decisions import Decision, Reading, Value
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.happenings import Event, Message
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import (
    AddToSheet,
    DraftLetter,
    IncludeInReturn,
    OpenReferral,
    Proposal,
    RaiseTask,
    recorded_as,
)
from mbls_sync.model.registers import POSSIBLE, UNAUTHORISED, Encoding, PageGrid, RegisterPages
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.view import Parameter

PRESENT = {Period.AM: "/", Period.PM: "\\"}
ILL = "I"
"""The codes a mark is tried as: the pupil was there, or home had said that the pupil is ill."""

STEPS_TRIED = 12
"""How far a value is moved either way before it is given up: beyond that it would be another policy."""


@dataclass(frozen=True)
class WhatIf:
    """Asks one rule about one thing again, in worlds that differ from `world` in one thing each.

    `asked_now` are the keys of all that the rule asks for in `world` itself.
    """

    world: World
    rules: Rules
    effect: Effect
    asked_now: frozenset[str] = frozenset()

    def is_asked(self, world: World) -> bool:
        """Whether the rule asks for it in this world: for it, or for the same under an occasion that is new.

        Where two spells of illness are a concern and not three, the card has another occasion, and stands as before.
        """
        return any(
            decision.key == self.effect.key or (decision.key not in self.asked_now and self._is_alike(decision))
            for decision in self._decisions(world)
        )

    def answers(self) -> tuple[str, ...]:
        """In words, each thing that would have to be otherwise, nearest first; nothing where it is not asked for."""
        for one in (replace(self, world=self._class_of_the_pupil()), self):
            asked = frozenset(decision.key for decision in one._decisions(one.world))
            if self.effect.key in asked:
                return tuple(replace(one, asked_now=asked)._answers())
        return ()

    def _decisions(self, world: World) -> Sequence[Decision]:
        def mine(hook: str) -> list[Rule]:
            return [rule for rule in self.rules(hook) if rule.info.id == self.effect.because.rule]

        return judge(world, mine, lambda _: "a pupil").judged.decisions

    def _is_alike(self, decision: Decision) -> bool:
        return decision.pupil == self.effect.pupil and _kind_of(decision.proposal) == _kind_of(self.effect.proposal)

    def _class_of_the_pupil(self) -> World:
        """The world with only the pupil's class on roll: a rule about a pupil asks nothing of other classes."""
        pupil = self.world.pupils.get(self.effect.pupil) if self.effect.pupil else None
        if pupil is None:
            return self.world
        return replace(self.world, roll=tuple(p for p in self.world.roll if p.class_name == pupil.class_name))

    def _answers(self) -> Iterator[str]:
        for answer in (self._marks, self._sessions, self._message, self._step, self._values):
            yield from answer()

    def _marks(self) -> Iterator[str]:
        pupil = self.effect.pupil
        if pupil is None:
            return
        for session, code in self.effect.because.marks:
            silent = [
                wanted
                for wanted in (PRESENT[session.period], ILL)
                if wanted != code and not self.is_asked(with_mark(self.world, pupil, session, wanted))
            ]
            if silent:
                yield f"the mark of {session} were {' or '.join(silent)}, not {code or 'blank'}"

    def _sessions(self) -> Iterator[str]:
        """How many sessions less would do, where it is about figures and not about one mark."""
        pupil = self.effect.pupil
        if pupil is None or self.effect.because.marks:
            return
        for what, wanted in (("missed", POSSIBLE), ("missed without authorisation", UNAUTHORISED)):
            missed = missed_by(self.world, pupil, wanted)
            count = fewest(len(missed), partial(self._is_enough, pupil, missed))
            if count:
                yield f"{_so_many(count)} fewer had been {what} (tried with the latest, back to {missed[count - 1]})"
                return

    def _is_enough(self, pupil: PupilId, missed: Sequence[Session], count: int) -> bool:
        attended = {session: PRESENT[session.period] for session in missed[:count]}
        return not self.is_asked(_with_marks(self.world, pupil, attended))

    def _message(self) -> Iterator[str]:
        pupil, marks = self.effect.pupil, self.effect.because.marks
        if pupil is None or not marks:
            return
        day = marks[-1][0].day
        early = datetime.combine(day, time.min, tzinfo=self.world.calendar.zone)
        message = Message(pupil, early, "parent", "ill", self.world.today + timedelta(days=1))
        if not self.is_asked(replace(self.world, messages=(*self.world.messages, message))):
            yield f"a message from home had explained {day:%d %B %Y}"

    def _step(self) -> Iterator[str]:
        kind = recorded_as(self.effect.proposal)
        if not kind:
            return
        step = Event(self.world.now, kind, self.effect.pupil)
        if not self.is_asked(replace(self.world, events=(*self.world.events, step))):
            yield f"the step {kind} were recorded"

    def _values(self) -> Iterator[str]:
        for reading in self.effect.because.readings:
            for other in nearest(reading.value):
                if not self.is_asked(with_value(self.world, reading, other)):
                    yield f"{reading.parameter} were {_told(other)}, not {_told(reading.value)} ({reading.cites})"
                    break


def with_mark(world: World, pupil: PupilId, session: Session, code: Code) -> World:
    """The world with one mark as another code."""
    return _with_marks(world, pupil, {session: code})


def with_value(world: World, reading: Reading, value: Value) -> World:
    """The world under a policy in which one dated value is another."""
    known = world.parameters[reading.parameter]
    values = tuple(replace(one, value=value) if one.since == reading.since else one for one in known.values)
    changed: Mapping[str, Parameter] = {**world.parameters, reading.parameter: replace(known, values=values)}
    return replace(world, parameters=changed)


def nearest(value: Value) -> Iterator[Value]:
    """Other values of the same kind, the nearest first; a text or a table has none."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (n for step in range(1, STEPS_TRIED + 1) for n in (value - step, value + step) if n >= 0)
    elif isinstance(value, Decimal):
        yield from (
            n for step in range(1, STEPS_TRIED + 1) for n in (value - step, value + step) if 0 <= n <= Decimal(100)
        )
    elif isinstance(value, time):
        minutes = value.hour * 60 + value.minute
        moved = (n for step in range(1, STEPS_TRIED + 1) for n in (minutes - 15 * step, minutes + 15 * step))
        yield from (time(n // 60, n % 60) for n in moved if 0 <= n < 24 * 60)


def fewest(most: int, enough: Callable[[int], bool]) -> int | None:
    """The smallest number up to `most` that is enough, where more is never less; None where none is."""
    if not most or not enough(most):
        return None
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


def missed_by(world: World, pupil: PupilId, flag: int = POSSIBLE) -> Sequence[Session]:
    """The sessions of this year that the pupil missed, the latest first; with UNAUTHORISED only those without leave."""
    pages = world.pages
    page = pages.page(pupil)
    slots = [
        slot
        for slot, byte in enumerate(page)
        if byte & flag and byte & POSSIBLE and not pages.encoding.meaning(byte).is_attended
    ]
    return [session for slot in reversed(slots) if (session := pages.grid.session(slot)).day <= world.today]


def _with_marks(world: World, pupil: PupilId, marks: Mapping[Session, Code]) -> World:
    registers = dict(world.registers)
    for year in {AcademicYear.of(session.day) for session in marks}:
        mine = {session: code for session, code in marks.items() if AcademicYear.of(session.day) == year}
        registers[year] = _page_with(world, registers.get(year) or world.pages_of(year), pupil, mine)
    return replace(world, registers=registers)


def _page_with(world: World, pages: RegisterPages, pupil: PupilId, marks: Mapping[Session, Code]) -> RegisterPages:
    pairs = [(code, _meaning(world, code, session.day)) for session, code in marks.items()]
    encoding: Encoding = pages.encoding.grown(pairs)
    page = bytearray(pages.page(pupil))
    for (session, code), (_, meaning) in zip(marks.items(), pairs, strict=True):
        slot = PageGrid(pages.year).slot(session)
        if slot is not None:
            page[slot] = encoding.byte(code, meaning)
    return RegisterPages(pages.year, encoding, {**pages.pages, pupil: bytes(page)})


def _meaning(world: World, code: Code, day: date) -> Meaning:
    return Meaning.NO_MARK if code == NO_MARK else world.codebook.meaning(code, day)


def _kind_of(proposal: Proposal) -> tuple[str, str]:
    match proposal:
        case RaiseTask(kind=kind) | OpenReferral(kind=kind) | DraftLetter(template=kind):
            return type(proposal).__name__, kind
        case IncludeInReturn(name=name, period=period):
            return "a line of a return", f"{name} {period}"
        case AddToSheet(sheet=sheet, key=key):
            return "a row of a sheet", f"{sheet} {key}"
    return "a mark", str(proposal.subject.session)


def _so_many(count: int) -> str:
    return f"{count} session{'' if count == 1 else 's'}"


def _told(value: Value) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case time():
            return f"{value:%H:%M}"
    return str(value)
