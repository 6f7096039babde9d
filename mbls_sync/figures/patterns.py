"""Patterns in one pupil's absence: the weekdays it falls on, and spells of illness."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mbls_sync.figures.counts import FLAGS, POSSIBLE_FLAGS, count_slots
from mbls_sync.figures.runs import Run
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.codes import Code, Meaning
from mbls_sync.model.registers import WEEKS
from mbls_sync.model.sessions import Period

ILLNESS: Code = "I"
"""The national code of absence by illness (2024 Regulations, regulation 10, Table 2)."""


@dataclass(frozen=True, slots=True)
class WeekdayAbsence:
    """Absence in one half-day of the week: `weekday` 0 is Monday; `missed` of `possible` sessions."""

    weekday: int
    period: Period
    possible: int
    missed: int


def weekday_absence(line: bytes) -> tuple[WeekdayAbsence, ...]:
    """The ten half-days of the week in order, counted over one pupil's line of bytes of one academic year."""
    marks = np.frombuffer(line, dtype=np.uint8)[None, :]
    slots = count_slots(marks, POSSIBLE_FLAGS, FLAGS[Meaning.AUTHORISED], FLAGS[Meaning.UNAUTHORISED])
    possible, authorised, unauthorised = slots.reshape(3, WEEKS, 10).sum(axis=1)
    missed = (authorised + unauthorised).tolist()
    return tuple(
        WeekdayAbsence(at // 2, Period.PM if at % 2 else Period.AM, expected, missed[at])
        for at, expected in enumerate(possible.tolist())
    )


@dataclass(frozen=True, slots=True)
class IllnessPattern:
    """Spells of illness: how many, how many sessions, how many of one school day or less, how many beside a break.

    A spell is beside a break when its first or last day has no school on the day before or after it: it
    lengthens a weekend or a holiday.
    """

    spells: int
    sessions: int
    short: int
    beside_a_break: int


def illness_pattern(spells: Iterable[Run], calendar: SchoolCalendar) -> IllnessPattern:
    """The pattern of spells of illness, as `History.runs` finds them for the code of illness."""
    found = tuple(spells)
    return IllnessPattern(
        spells=len(found),
        sessions=sum(spell.sessions for spell in found),
        short=sum(spell.first.day == spell.last.day for spell in found),
        beside_a_break=sum(_is_beside_a_break(spell, calendar) for spell in found),
    )


def _is_beside_a_break(spell: Run, calendar: SchoolCalendar) -> bool:
    days = calendar.school_days
    before = bisect_left(days, spell.first.day)
    after = bisect_right(days, spell.last.day)
    # At either end of the known calendar lies a holiday too.
    starts_after = before == 0 or (spell.first.day - days[before - 1]).days > 1
    ends_before = after == len(days) or (days[after] - spell.last.day).days > 1
    return starts_after or ends_before
