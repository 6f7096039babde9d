"""The education that a child receives under a performance licence, held against what the licence requires.

Children (Performances and Activities) (England) Regulations 2014, regulation 13: so many hours in each week; over
a number of weeks, or what is left of them at the end, so many for each day on which the child would have had to
attend school, added together; only on such days; and only so many of one day count. `performance.*` holds the numbers.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

HOUR = 60


@dataclass(frozen=True, slots=True)
class Required:
    """The dated values: minutes a school day, minutes a week, most minutes of a day, and the weeks of a period.

    `each_day`: read the hours of a day as due on each day, not added together over the period.
    """

    a_day: int
    a_week: int
    most_a_day: int
    period_weeks: int
    each_day: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A week, a period or a day of the licence: what it asks for and what counts towards it, in minutes.

    `room` is what its school days still to come can hold beyond what they hold already.
    """

    name: str
    first: date
    last: date
    required: int
    counted: int
    room: int

    @property
    def falls_short(self) -> bool:
        """Whether what is missing can no longer be made good in the days that are left."""
        return self.required - self.counted > self.room


def counted(given: Mapping[date, int], school_days: Collection[date], required: Required) -> Mapping[date, int]:
    """The minutes that count, by day: on school days alone, and no more of one than the most."""
    return {day: min(minutes, required.most_a_day) for day, minutes in given.items() if day in school_days}


def over_the_most(given: Mapping[date, int], required: Required) -> tuple[date, ...]:
    """The days on which more education was given than a day may hold."""
    return tuple(sorted(day for day, minutes in given.items() if minutes > required.most_a_day))


def outside_school_days(given: Mapping[date, int], school_days: Collection[date]) -> tuple[date, ...]:
    """The days with education on which the child need not have been at school: it counts for nothing."""
    return tuple(sorted(day for day, minutes in given.items() if minutes and day not in school_days))


def ledger(
    first: date, last: date, school_days: Collection[date], given: Mapping[date, int], required: Required, today: date
) -> tuple[Stretch, ...]:
    """Every week and period of the licence that has begun by `today`, weeks first. Today is still to come."""
    minutes = counted(given, school_days, required)
    days = sorted(day for day in school_days if first <= day <= last)

    def stretch(name: str, since: date, until: date, asked: int) -> Stretch:
        held = sum(amount for day, amount in minutes.items() if since <= day <= until)
        ahead = [day for day in days if today <= day <= until]
        return Stretch(name, since, until, asked, held, sum(required.most_a_day - minutes.get(day, 0) for day in ahead))

    found = []
    for since, until in _pieces(first, last, 1):
        held = sum(since <= day <= until for day in days)
        # A week with a single school day cannot hold the hours of a week: it owes those of its days.
        found.append(stretch("week", since, until, min(required.a_week, held * required.a_day)))
    if required.each_day:
        found += [stretch("day", day, day, required.a_day) for day in days]
    for since, until in _pieces(first, last, required.period_weeks):
        held = sum(since <= day <= until for day in days)
        found.append(stretch("period", since, until, held * required.a_day))
    return tuple(piece for piece in found if piece.first <= today and piece.required)


def _pieces(first: date, last: date, weeks: int) -> Iterator[tuple[date, date]]:
    """The licence cut into pieces of so many weeks from its first day; the last may be shorter."""
    while first <= last:
        until = min(first + timedelta(weeks=weeks) - timedelta(days=1), last)
        yield first, until
        first = until + timedelta(days=1)
