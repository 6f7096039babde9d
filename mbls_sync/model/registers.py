"""The register as one compact page a pupil and academic year: one byte a session.

The grid is fixed by the date, not by the calendar, so that moving an INSET day moves no mark: 54 weeks
from the Monday on or before 1 August, ten slots a week. The byte carries what arithmetic asks first in
its high bits, so that counting never looks a code up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache

from mbls_sync.model.calendar import AcademicYear, monday
from mbls_sync.model.codes import NO_MARK, Code, Meaning
from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Period, Session

WEEKS = 54
SLOTS = WEEKS * 10
"""Bytes of a page."""

ATTENDED = 0x80
POSSIBLE = 0x40
UNAUTHORISED = 0x20
APPROVED = 0x10
"""Flag bits of a mark byte. `APPROVED` says approved educational activity only where `ATTENDED` is set."""

EMPTY_PAGE = bytes(SLOTS)
"""A page without a mark: byte 0 is no mark."""


@dataclass(frozen=True, slots=True)
class PageGrid:
    """Where each session of one academic year stands in a page."""

    year: AcademicYear

    @property
    def origin(self) -> date:
        """The Monday of slot 0."""
        return _origin(self.year.start)

    def slot(self, session: Session) -> int | None:
        """The slot of a session; None at a weekend or in another academic year."""
        if AcademicYear.of(session.day).start != self.year.start:
            return None
        weeks, weekday = divmod(session.day.toordinal() - _origin(self.year.start).toordinal(), 7)
        return None if weekday > 4 else weeks * 10 + weekday * 2 + (session.period is Period.PM)

    def session(self, slot: int) -> Session:
        """The session of a slot."""
        return _sessions(self.year.start)[slot]

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The session of each slot, in order."""
        return _sessions(self.year.start)

    def slots(self, sessions: Iterable[Session]) -> list[int]:
        """The slots of those sessions that this year's page holds, in order."""
        found = (self.slot(session) for session in sessions)
        return [slot for slot in found if slot is not None]


@lru_cache(maxsize=256)
def _origin(start: int) -> date:
    return monday(AcademicYear(start).first)


@lru_cache(maxsize=64)
def _sessions(start: int) -> tuple[Session, ...]:
    """The session of each slot: the same few hundred are asked for again and again."""
    days = (_origin(start) + timedelta(days=week * 7 + weekday) for week in range(WEEKS) for weekday in range(5))
    return tuple(Session(day, period) for day in days for period in Period)


_BASE = {
    Meaning.PRESENT: ATTENDED | POSSIBLE,
    Meaning.APPROVED: ATTENDED | POSSIBLE | APPROVED,
    Meaning.AUTHORISED: POSSIBLE,
    Meaning.UNAUTHORISED: POSSIBLE | UNAUTHORISED,
    Meaning.NOT_POSSIBLE: 0x00,
    Meaning.NOT_COLLECTED: 0x10,
}
_ROOM = {
    Meaning.PRESENT: 16,
    Meaning.APPROVED: 16,
    Meaning.AUTHORISED: 32,
    Meaning.UNAUTHORISED: 32,
    Meaning.NOT_POSSIBLE: 16,
    Meaning.NOT_COLLECTED: 16,
}


@dataclass(frozen=True)
class Encoding:
    """Which byte stands for which code with which meaning. Only ever grows: stored pages stay readable.

    Byte 0 is no mark. A code whose meaning changes by date has one byte for each meaning.
    """

    pairs: Mapping[int, tuple[Code, Meaning]] = field(default_factory=dict)

    @cached_property
    def _bytes(self) -> dict[tuple[Code, Meaning], int]:
        return {pair: byte for byte, pair in self.pairs.items()}

    def grown(self, wanted: Iterable[tuple[Code, Meaning]]) -> Encoding:
        """This encoding with a byte for each of `wanted` too. Raises OverflowError when a meaning is full."""
        pairs = dict(self.pairs)
        known = set(pairs.values())
        for code, meaning in wanted:
            if code == NO_MARK or (code, meaning) in known:
                continue
            base = _BASE[meaning]
            # Byte 0 is taken by "no mark", so ids of "not a possible attendance" start at 1.
            free = (b for b in range(base or 1, base + _ROOM[meaning]) if b not in pairs)
            byte = next(free, None)
            if byte is None:
                raise OverflowError(f"no byte is left for a code that means {meaning}")
            pairs[byte] = (code, meaning)
            known.add((code, meaning))
        return Encoding(pairs)

    def byte(self, code: Code, meaning: Meaning) -> int:
        """The byte of a code with a meaning. Raises KeyError where the encoding does not hold it."""
        return 0 if code == NO_MARK else self._bytes[code, meaning]

    def code(self, byte: int) -> Code:
        """The code of a byte."""
        return self.pairs[byte][0] if byte else NO_MARK

    def meaning(self, byte: int) -> Meaning:
        """The meaning of a byte."""
        return self.pairs[byte][1] if byte else Meaning.NO_MARK

    def bytes_of(self, *codes: Code) -> bytes:
        """Every byte that stands for one of `codes`, whatever its meaning, ascending."""
        if codes not in self._found:
            wanted = set(codes)
            found = [byte for byte, (code, _) in self.pairs.items() if code in wanted]
            self._found[codes] = bytes(sorted([*found, 0] if NO_MARK in wanted else found))
        return self._found[codes]

    @cached_property
    def _found(self) -> dict[tuple[Code, ...], bytes]:
        return {}


@dataclass(frozen=True)
class RegisterPages:
    """Every pupil's page of one academic year, as known at one moment."""

    year: AcademicYear
    encoding: Encoding
    pages: Mapping[PupilId, bytes]

    @cached_property
    def grid(self) -> PageGrid:
        """Where sessions stand in these pages."""
        return PageGrid(self.year)

    def page(self, pupil: PupilId) -> bytes:
        """A pupil's page; an empty one where the register holds no mark of the pupil."""
        return self.pages.get(pupil, EMPTY_PAGE)

    def code(self, pupil: PupilId, session: Session) -> Code:
        """A pupil's code for a session; `NO_MARK` where there is none."""
        slot = self.grid.slot(session)
        return NO_MARK if slot is None else self.encoding.code(self.page(pupil)[slot])
