"""The statutory assessments that the head has entered, and whether leave falls in or just before one."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from mbls_sync.api import ConfigurationError, LeaveRequest, PolicyAt, Pupil, SchoolCalendar

WINDOW = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})((?:\s+year:\w+)*)")


@dataclass(frozen=True, slots=True)
class Window:
    """One assessment: its name, first and last day, and the year groups it is for (none named: all)."""

    name: str
    first: date
    last: date
    year_groups: frozenset[str]

    def concerns(self, pupil: Pupil) -> bool:
        """Whether the pupil's year group takes it."""
        return not self.year_groups or pupil.year_group in self.year_groups


def windows(policy: PolicyAt) -> tuple[Window, ...]:
    """The windows in force. Raises ConfigurationError for one not written as `2027-06-07..2027-06-18 year:1`."""
    return tuple(_window(name, text) for name, text in policy.table("leave.assessment_windows").items())


def school_days_before(request: LeaveRequest, window: Window, calendar: SchoolCalendar) -> int | None:
    """How many school days before the window the leave ends: 1 the day before it, 0 within it; None after it."""
    if request.first > window.last:
        return None
    if request.last >= window.first:
        return 0
    return calendar.school_days_between(request.last + timedelta(days=1), window.first)


def _window(name: str, text: str) -> Window:
    found = WINDOW.fullmatch(text.strip())
    try:
        first, last = (date.fromisoformat(day) for day in found.groups()[:2]) if found else (date.max, date.min)
    except ValueError:
        first, last = date.max, date.min
    if found is None or last < first:
        raise ConfigurationError(
            f"leave.assessment_windows: {name} is {text!r}, so that no request can be held against it; "
            f"write its first and last day and who takes it, such as 2027-06-07..2027-06-18 year:1"
        )
    return Window(name, first, last, frozenset(re.findall(r"year:(\w+)", found[3])))
