"""The synthetic school whole: its history up to the eve, and the morning that the demo plays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from mbls_sync.demo import la_cases
from mbls_sync.demo.absence import Marks, tendencies, year_of_marks
from mbls_sync.demo.morning import Morning, morning, unresolved
from mbls_sync.demo.office import Steps, steps_taken
from mbls_sync.demo.people import Family, families
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId

DAY = date(2026, 11, 17)
"""The Tuesday that the demo plays."""

LEFT_UNDONE = timedelta(days=5)
"""What fell due in the days before the demo is left for the morning's list."""


@dataclass(frozen=True)
class SyntheticSchool:
    """Everything the drop folder will hold. `history` has a mark for every session before `DAY`."""

    households: tuple[Family, ...]
    history: Mapping[AcademicYear, Mapping[PupilId, Marks]]
    events: tuple[Event, ...]
    morning: Morning
    calendar: SchoolCalendar

    def pseudonyms(self, seed: int) -> dict[PupilId, str]:
        """What files call each pupil: a real school's are random, these are the same for the same seed."""
        random = Random(f"{seed} pseudonyms")  # noqa: S311  (nobody real hides behind them)
        ids = [pupil.id for household in self.households for pupil in household.pupils]
        return {pupil: f"{random.getrandbits(64):016x}" for pupil in ids}

    def moment(self, hour: int, minute: int, day: date = DAY) -> datetime:
        """A time of the demo's day, in the school's zone."""
        return datetime.combine(day, time(hour, minute), tzinfo=self.calendar.zone)


def synthetic_school(seed: int, calendar: SchoolCalendar, steps: Steps, pupils: int = 400) -> SyntheticSchool:
    """The same school for the same seed, calendar and steps."""
    random = Random(seed)  # noqa: S311  (it makes up a school, not a secret)
    households = tuple(families(random, pupils))
    la_cases.enter_and_take_off(households)
    prone = tendencies(random, households)
    this_year = AcademicYear.of(DAY)
    last_year = AcademicYear(this_year.start - 1)
    before = year_of_marks(random, households, prone, calendar.sessions(last_year.first, last_year.last))
    usual = year_of_marks(random, households, prone, calendar.sessions(this_year.first, DAY))
    truth = la_cases.away(households, usual)
    roll = {pupil.id: pupil for household in households for pupil in household.pupils}
    past = {
        last_year: {p: line for p, line in before.items() if roll[p].on_roll(last_year.last) and line},
        this_year: {
            p: {s: code for s, code in line.items() if s.day < DAY and roll[p].on_roll(s.day)}
            for p, line in truth.items()
        },
    }
    past[last_year] = {
        p: {s: code for s, code in line.items() if roll[p].on_roll(s.day)} for p, line in past[last_year].items()
    }
    merged = {p: {**past[last_year].get(p, {}), **past[this_year][p]} for p in roll}
    events = (*steps_taken(merged, calendar, steps, DAY - LEFT_UNDONE), *la_cases.told(households, calendar.zone))
    days = [day for day in calendar.school_days if day < DAY]
    classes = {pupil.id: pupil.class_name for pupil in roll.values()}
    past[this_year] = unresolved(past[this_year], days[-1], days[-6], classes)
    today = la_cases.unheard(morning(random, households, truth, DAY, calendar.zone), households)
    recorded = sorted((*events, *today.decisions), key=lambda event: (event.at, event.pupil or "", event.kind))
    return SyntheticSchool(households, past, tuple(recorded), today, calendar)
