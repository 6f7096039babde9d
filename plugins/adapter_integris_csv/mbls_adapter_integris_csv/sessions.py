"""Which session a column of the wide layout stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mbls_adapter_integris_csv.values import DAY_NAMES, PERIODS, BadCell, Dates, read_period
from mbls_sync.api import Period

_DAY = "|".join(sorted(DAY_NAMES, key=len, reverse=True))
_DATE = (
    r"(?:[A-Za-z]{3,9},?\s+)?\d{1,4}[/.\-]\d{1,2}[/.\-]\d{2,4}(?:\s+00:00(?::00)?)?"
    r"|\d{1,2}[\s\-][A-Za-z]{3,9}[\s\-]\d{2,4}"
)
_SESSION = "|".join(sorted((p for p in PERIODS if len(p) > 1), key=len, reverse=True))
SHIPPED = rf"(?:(?P<day>{_DAY})|(?P<date>{_DATE}))[\s_.\-:]*(?P<session>{_SESSION})"


@dataclass(frozen=True, slots=True)
class SessionColumn:
    """A column of marks: its place, and its day, either by weekday (Monday 0) or by date."""

    column: int
    period: Period
    weekday: int | None = None
    day: date | None = None


def session_pattern(own: str | None) -> re.Pattern[str]:
    """The pattern of session headers: the school's own where the settings give one."""
    return re.compile(own or SHIPPED, re.IGNORECASE)


def session_columns(
    header: Sequence[str], pattern: re.Pattern[str], dates: Dates
) -> tuple[list[SessionColumn], list[str]]:
    """The session columns of a header in order, and what is wrong with those that look like one and are none."""
    found: list[SessionColumn] = []
    problems: list[str] = []
    for place, text in enumerate(header):
        match = pattern.fullmatch(text.strip())
        if match is None:
            continue
        try:
            found.append(_column(place, match, dates))
        except BadCell as error:
            problems.append(f"column {place + 1}: {error}")
    return found, problems


def _column(place: int, match: re.Match[str], dates: Dates) -> SessionColumn:
    groups = match.groupdict()
    period = read_period(groups["session"])
    if groups.get("day"):
        weekday = DAY_NAMES.get(groups["day"].casefold())
        if weekday is None:
            raise BadCell(f"{groups['day'][:20]!r} is no weekday")
        return SessionColumn(place, period, weekday=weekday)
    return SessionColumn(place, period, day=dates.day(groups.get("date") or ""))
