"""The half-terms and terms that a pack may be about, and those it is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from mbls_sync.model.calendar import AcademicYear, SchoolCalendar

_HALVES = {1: "First half of the", 2: "Second half of the"}


class Length(StrEnum):
    """How long the span of a pack is."""

    HALF_TERM = "half-term"
    TERM = "term"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One half-term or term: its first and last day in school, its year, and its label (`autumn 1`, `autumn`)."""

    first: date
    last: date
    year: AcademicYear
    label: str
    length: Length

    @property
    def title(self) -> str:
        """`Autumn term 2026-27`, `First half of the autumn term 2026-27`."""
        term, _, half = self.label.partition(" ")
        said = f"{term} term {self.year}"
        return f"{_HALVES[int(half)]} {said}" if half else said[0].upper() + said[1:]

    @property
    def name(self) -> str:
        """`2026-27 autumn 1`, as a file's name says it."""
        return f"{self.year} {self.label}"


def spans(calendar: SchoolCalendar, length: Length) -> tuple[Span, ...]:
    """Every half-term or term of the known calendars, in order; one without a session is none."""
    return tuple(sorted(_spans(calendar, length)))


def latest_over(calendar: SchoolCalendar, length: Length, now: datetime, day_ends: time) -> Span | None:
    """The latest span whose last day in school is over: the office's day has ended, or a later day has come."""

    def is_over(span: Span) -> bool:
        return span.last < now.date() or (span.last == now.date() and now.time() >= day_ends)

    return next((span for span in reversed(spans(calendar, length)) if is_over(span)), None)


def of_day(calendar: SchoolCalendar, length: Length, day: date) -> Span | None:
    """The span that `day` falls in, or the latest that began before it."""
    return next((span for span in reversed(spans(calendar, length)) if span.first <= day), None)


def before(span: Span, calendar: SchoolCalendar) -> Span | None:
    """The span that comes before it."""
    earlier = [one for one in spans(calendar, span.length) if one < span]
    return earlier[-1] if earlier else None


def a_year_before(span: Span, calendar: SchoolCalendar) -> Span | None:
    """The span of the same label in the year before."""
    year = AcademicYear(span.year.start - 1)
    return next((s for s in spans(calendar, span.length) if (s.year, s.label) == (year, span.label)), None)


def _spans(calendar: SchoolCalendar, length: Length) -> Iterator[Span]:
    for year in calendar.years:
        halves = [(half.term, f"{half.term} {half.number}", half.first, half.last) for half in year.half_terms]
        found: dict[str, list[tuple[date, date]]] = {}
        for term, label, first, last in sorted(halves, key=lambda half: half[2]):
            found.setdefault(label if length is Length.HALF_TERM else term, []).append((first, last))
        for label, parts in found.items():
            held = calendar.sessions(parts[0][0], parts[-1][1])
            if held:
                yield Span(held[0].day, held[-1].day, year.year, label, length)
