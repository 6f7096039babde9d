"""The pages of a register as a pull would leave them, before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import ne

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import NO_MARK, Code
from mbls_sync.model.marks import PupilId
from mbls_sync.model.registers import EMPTY_PAGE, SLOTS, Encoding, PageGrid, RegisterPages
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.codebook import CodeBook

UNKNOWN = -1
SATURDAY = 5


class BytesOfDay(dict[Code, int]):
    """The byte of each code on one day; `UNKNOWN` for a code that no national set holds."""

    def __init__(self, day: date, codes: CodeBook, encoding: Encoding) -> None:
        super().__init__({NO_MARK: 0})
        self._day, self._codes, self._encoding = day, codes, encoding

    def __missing__(self, code: Code) -> int:
        entry = self._codes.entry(code, self._day)
        self[code] = UNKNOWN if entry is None else self._encoding.byte(code, entry.meaning)
        return self[code]


Draft = tuple[bytes, bytearray, bytearray]
"""One pupil's page before and after, and a byte for each slot that the pull says something about."""


class DraftsOfYear(dict[PupilId, Draft]):
    """Every page of one academic year that a pull touches."""

    def __init__(self, held: RegisterPages) -> None:
        super().__init__()
        self._held = held.pages
        self.year = held.year

    def __missing__(self, pupil: PupilId) -> Draft:
        before = self._held.get(pupil, EMPTY_PAGE)
        self[pupil] = draft = before, bytearray(before), bytearray(SLOTS)
        return draft


@dataclass(frozen=True)
class Drafts:
    """All drafts of a pull, and for each of its days where its marks stand: None for a day at a weekend."""

    years: Mapping[AcademicYear, DraftsOfYear]
    places: Mapping[date, tuple[DraftsOfYear, int, BytesOfDay] | None]

    def at(self, pupil: PupilId, day: date, period: Period) -> tuple[DraftsOfYear, Draft, int]:
        """The year's drafts, the pupil's draft and the slot of a cell on a weekday."""
        place = self.places[day]
        if place is None:
            raise KeyError(day)
        drafts, base, _ = place
        return drafts, drafts[pupil], base + (period is Period.PM)

    def __iter__(self) -> Iterator[tuple[AcademicYear, PupilId, Draft]]:
        return ((year, pupil, draft) for year, drafts in self.years.items() for pupil, draft in drafts.items())

    def codes_by_day(self) -> dict[date, tuple[Code, ...]]:
        """The codes that were looked up on each day of the pull."""
        return {day: tuple(place[2]) if place else () for day, place in self.places.items()}

    def changed_cells(self) -> int:
        """How many cells are other than before."""
        return sum(sum(map(ne, before, after)) for _, _, (before, after, _) in self if before != after)

    def cleared_cells(self) -> tuple[int, int]:
        """How many cells lose their mark, and, where any does, how many of those the pull speaks of held one."""
        altered = ((before, after) for _, _, (before, after, _) in self if before != after and any(before))
        cleared = sum(1 for before, after in altered for was, now in zip(before, after, strict=True) if was and not now)
        if not cleared:
            return 0, 0
        held = sum(
            1 for _, _, (before, _, seen) in self for was, told in zip(before, seen, strict=True) if was and told
        )
        return cleared, held


def open_drafts(
    days: Iterable[date], held: Mapping[AcademicYear, RegisterPages], codes: CodeBook, encoding: Encoding
) -> Drafts:
    """Drafts for a pull that speaks of `days`; `held` has the register of each of their years."""
    years = {year: DraftsOfYear(pages) for year, pages in held.items()}
    places: dict[date, tuple[DraftsOfYear, int, BytesOfDay] | None] = {}
    for day in days:
        year = AcademicYear.of(day)
        slot = PageGrid(year).slot(Session(day, Period.AM))
        places[day] = None if slot is None else (years[year], slot, BytesOfDay(day, codes, encoding))
    return Drafts(years, places)
