"""What weighed on the attendance of a class, a year or the whole school: an outbreak, a power cut, a closure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mbls_sync.model.calendar import Closure, SchoolCalendar
from mbls_sync.model.happenings import Event

FACTOR = "attendance-factor"
"""The kind of event that records a factor: `outcome` says what it was, `ref` whom it touched and from when to when."""

_REF = re.compile(
    r"(?P<scope>school|class:[^\s].*?|year:\S+)?\s*(?P<first>\d{4}-\d\d-\d\d)?(\.\.(?P<last>\d{4}-\d\d-\d\d))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Factor:
    """Something from `first` to `last`, both inclusive. `scope` is `school`, `class:2T` or `year:R`."""

    first: date
    last: date
    scope: str
    what: str

    @property
    def said(self) -> str:
        """`chickenpox, class 2T, 5 October to 9 October`."""
        whom = "the whole school" if self.scope == "school" else self.scope.replace(":", " ")
        days = f"{self.first.day} {self.first:%B}"
        if self.last != self.first:
            days += f" to {self.last.day} {self.last:%B}"
        return f"{self.what}, {whom}, {days}"

    def touches(self, class_name: str, year_group: str) -> bool:
        """Whether a pupil of this class and year group was among those it weighed on."""
        return self.scope in ("school", f"class:{class_name}", f"year:{year_group}")


def factors_of(calendar: SchoolCalendar, events: Iterable[Event], first: date, last: date) -> tuple[Factor, ...]:
    """Every factor that was on between `first` and `last`, in order: the calendar's closures and the recorded ones.

    A recorded factor without dates is of the day of its event, one without a scope of the whole school. A
    reference that says neither is read as the words of whoever wrote it: the factor is never lost.
    """
    found = {*_closures(calendar), *(_recorded(event, calendar) for event in events if event.kind == FACTOR)}
    return tuple(sorted(factor for factor in found if factor.first <= last and factor.last >= first))


def _closures(calendar: SchoolCalendar) -> Iterator[Factor]:
    """The closures, those of days on end for one reason as one factor."""
    every = (closure for year in calendar.years for closure in year.closures)
    runs: list[list[Closure]] = []
    for closure in sorted(every, key=lambda c: (c.scope, c.reason, c.session)):
        previous = runs[-1][-1] if runs else None
        same = previous is not None and (previous.scope, previous.reason) == (closure.scope, closure.reason)
        if same and previous is not None and (closure.session.day - previous.session.day).days <= 1:
            runs[-1].append(closure)
        else:
            runs.append([closure])
    for run in runs:
        yield Factor(run[0].session.day, run[-1].session.day, run[0].scope, f"closed: {run[0].reason}")


def _recorded(event: Event, calendar: SchoolCalendar) -> Factor:
    day = event.at.astimezone(calendar.zone).date()
    said = _REF.fullmatch(event.ref.strip())
    what = event.outcome or event.note or "not said"
    if said is None:
        return Factor(day, day, "school", f"{what} ({event.ref})")
    try:
        first = date.fromisoformat(said["first"]) if said["first"] else day
        last = date.fromisoformat(said["last"]) if said["last"] else first
    except ValueError:
        return Factor(day, day, "school", f"{what} ({event.ref})")
    return Factor(min(first, last), max(first, last), said["scope"] or "school", what)
