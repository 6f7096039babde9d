"""Why pupils of the synthetic school miss sessions: spells of illness, appointments, holidays, late arrivals.

The rates are those of Central Bedfordshire's state-funded primary schools in 2025/26 (DfE, pupil
attendance in schools, year to date): 5.16% of possible sessions missed, 3.84% authorised and 1.32%
unauthorised; illness 2.81, appointments 0.28, unauthorised holiday 0.47, late after close 0.21, other
unauthorised 0.62; 12.44% of pupils persistently absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from mbls_sync.demo.people import Family
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Period, Session

Marks = dict[Session, str]

SPELL_DAYS = ((1, 44), (2, 29), (3, 15), (4, 6), (5, 6))
WEEKDAY = (1.22, 0.92, 0.85, 0.9, 1.12)
"""How likely a spell starts on each weekday: Mondays most, Fridays next."""

OUTBREAK = ("Robins", date(2026, 10, 12), date(2026, 10, 16))
"""A chickenpox week in one reception class."""

DAYS_OF_A_YEAR = 190
ILLNESS, APPOINTMENT, HOLIDAY, OTHER = 0.0143, 0.0030, 0.20, 0.0051
LATE, VERY_LATE, LEAVE, RELIGION = 0.020, 0.0045, 0.0066, 0.0010


@dataclass(frozen=True)
class Tendency:
    """How prone a pupil is to each kind of absence; 1 is the school's mean."""

    ill: float
    other: float
    late: float


def tendencies(random: Random, households: Sequence[Family]) -> dict[PupilId, Tendency]:
    """How prone each pupil is, the same in every year: most near the low end, a few far out."""
    return {pupil.id: _tendency(random) for household in households for pupil in household.pupils}


def _tendency(random: Random) -> Tendency:
    roll = random.random()
    # Three kinds of pupil make the long tail that persistent absence needs; one gamma curve does not.
    if roll < 0.85:
        ill, other = random.gammavariate(2.0, 0.30), random.gammavariate(0.5, 0.5)
    elif roll < 0.985:
        ill, other = random.gammavariate(9, 0.43), random.gammavariate(1.2, 4.0)
    else:
        ill, other = random.gammavariate(9, 0.6), random.gammavariate(5, 9.0)
    return Tendency(ill, other, random.gammavariate(0.6, 1.6))


def year_of_marks(
    random: Random, households: Sequence[Family], prone: Mapping[PupilId, Tendency], sessions: Sequence[Session]
) -> dict[PupilId, Marks]:
    """A mark for every pupil and session: each pupil's own tendencies, siblings often ill together."""
    days = sorted({session.day for session in sessions})
    marks: dict[PupilId, Marks] = {}
    for household in households:
        shared: dict[date, str] = {}
        # The rate is a whole year's; a year that has only begun holds its share of it.
        holiday = _holiday(random, days) if random.random() < HOLIDAY * len(days) / DAYS_OF_A_YEAR else frozenset()
        for pupil in household.pupils:
            away = _days_away(random, pupil, prone[pupil.id], days, shared, holiday)
            marks[pupil.id] = _marks(random, pupil, prone[pupil.id], sessions, away)
            shared = {day: code for day, code in away.items() if code == "I"}
    return marks


def _holiday(random: Random, days: Sequence[date]) -> frozenset[date]:
    start = random.randrange(max(len(days) - 6, 1))
    return frozenset(days[start : start + random.choice((3, 5, 5, 5, 8))])


def _days_away(
    random: Random,
    pupil: Pupil,
    prone: Tendency,
    days: Sequence[date],
    shared: Mapping[date, str],
    holiday: frozenset[date],
) -> dict[date, str]:
    away: dict[date, str] = dict.fromkeys(holiday, "G")
    ill_until = date.min
    for day in days:
        if day in away:
            continue
        if day <= ill_until or (day in shared and random.random() < 0.35):
            away[day] = "I"
        elif random.random() < ILLNESS * prone.ill * WEEKDAY[day.weekday()] * _outbreak(pupil, day):
            length = random.choices([n for n, _ in SPELL_DAYS], weights=[w for _, w in SPELL_DAYS])[0]
            ill_until = day + timedelta(days=length - 1)
            away[day] = "I"
        elif random.random() < OTHER * prone.other * WEEKDAY[day.weekday()]:
            away[day] = "O"
        elif random.random() < LEAVE:
            away[day] = "C"
        elif random.random() < RELIGION:
            away[day] = "R"
    return away


def _outbreak(pupil: Pupil, day: date) -> float:
    name, first, last = OUTBREAK
    return 16.0 if pupil.class_name == name and first <= day <= last else 1.0


def _marks(
    random: Random, pupil: Pupil, prone: Tendency, sessions: Sequence[Session], away: Mapping[date, str]
) -> Marks:
    marks: Marks = {}
    for session in sessions:
        morning = session.period is Period.AM
        if not pupil.attends(session):
            marks[session] = "X"
        elif session.day in away:
            marks[session] = away[session.day]
        elif random.random() < APPOINTMENT:
            marks[session] = "M"
        elif morning and random.random() < VERY_LATE * prone.late:
            marks[session] = "U"
        elif morning and random.random() < LATE * prone.late:
            marks[session] = "L"
        else:
            marks[session] = "/" if morning else "\\"
    return marks
