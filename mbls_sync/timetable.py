"""When passes are due on a school day: close together while registers open, none in quiet hours or on a closed day.

Pure: the moment, the calendar and the policy go in, moments in UTC come out. A pass is named after the
school's own wall clock, so that it happens once whatever the machine's clock does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from mbls_sync.errors import CalendarGap
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.policy.view import PolicyAt

LOOK_AHEAD = 400
"""Days that are searched for the next school day: longer than any holiday, and it ends."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One due time. `key` is the school's wall clock, as `2026-11-24T09:15`."""

    at: datetime
    key: str


@dataclass(frozen=True)
class Timetable:
    """The due times of one school. `policy` gives the dated parameters of a day."""

    calendar: SchoolCalendar
    policy: Callable[[date], PolicyAt]

    def slots(self, day: date) -> tuple[Slot, ...]:
        """Every due time of a day in order; none where the school is closed or no calendar covers the day."""
        if not self._is_school_day(day):
            return ()
        return tuple(self._slot(day, minute) for minute in _minutes(self.policy(day)))

    def next_slot(self, after: datetime) -> Slot | None:
        """The first due time later than `after`; None where the known calendars end before one."""
        first = self._day(after)
        for ahead in range(LOOK_AHEAD):
            for slot in self.slots(first + timedelta(days=ahead)):
                if slot.at > after:
                    return slot
        return None

    def slot_to_serve(self, moment: datetime, served: str = "") -> Slot | None:
        """The latest due time of today that has come and is not yet served; None in quiet hours and on closed days.

        `served` is the key served last: a machine whose clock was put back does not serve it twice, and several
        due times that were missed are made up by one pass. A key from another day says nothing of today.
        """
        if not self.is_open(moment):
            return None
        come = [slot for slot in self.slots(self._day(moment)) if slot.at <= moment]
        if not come or (served[:10] == come[-1].key[:10] and served >= come[-1].key):
            return None
        return come[-1]

    def fresh_until(self, served: datetime) -> datetime | None:
        """Until when data of `served` is fresh: the next due time and the patience that the policy sets."""
        following = self.next_slot(served)
        if following is None:
            return None
        patience = self.policy(self._day(following.at)).count("timetable.stale_after")
        return following.at + timedelta(minutes=patience)

    def is_open(self, moment: datetime) -> bool:
        """Whether a pass may run at `moment`: a school day, outside quiet hours."""
        local = moment.astimezone(self.calendar.zone)
        if not self._is_school_day(local.date()):
            return False
        policy = self.policy(local.date())
        begins, ends = policy.time_of_day("timetable.quiet_until"), policy.time_of_day("timetable.quiet_from")
        return begins <= local.time() < ends

    def list_is_due(self, moment: datetime) -> bool:
        """Whether the time at which the day's list is mailed has come."""
        local = moment.astimezone(self.calendar.zone)
        policy = self.policy(local.date())
        return self._is_school_day(local.date()) and local.time() >= policy.time_of_day("timetable.list_mailed_at")

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.calendar.zone).date()

    def _slot(self, day: date, minute: int) -> Slot:
        local = datetime.combine(day, time(*divmod(minute, 60)), tzinfo=self.calendar.zone)
        return Slot(local.astimezone(UTC), local.strftime("%Y-%m-%dT%H:%M"))

    def _is_school_day(self, day: date) -> bool:
        try:
            return self.calendar.is_school_day(day)
        except CalendarGap:
            return False


def _minutes(policy: PolicyAt) -> Iterator[int]:
    """The minutes of a day on which a pass is due, ascending."""
    begins, ends = _minute(policy, "quiet_until"), _minute(policy, "quiet_from")
    dense_from, dense_until = _minute(policy, "dense_from"), _minute(policy, "dense_until")
    # A zero would never end: the timetable's own floor is one minute.
    dense, sparse = max(policy.count("timetable.dense_every"), 1), max(policy.count("timetable.every"), 1)
    minute = begins
    while minute < ends:
        yield minute
        if dense_from <= minute < dense_until:
            minute = min(minute + dense, max(dense_until, minute + 1))
        else:
            step = minute + sparse
            minute = dense_from if minute < dense_from < step else step


def _minute(policy: PolicyAt, name: str) -> int:
    at = policy.time_of_day(f"timetable.{name}")
    return at.hour * 60 + at.minute
