"""What a value of a row says: a day, a moment, a session, a code, a yes. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from mbls_adapter_rest.twice import SaidTwice
from mbls_sync.api import NO_MARK, Code, Direction, Period

FIRST_YEAR, LAST_YEAR = 1990, 2099
WEEKDAYS = {name: number for number, name in enumerate("mon tue wed thu fri sat sun".split())}
PERIODS = {
    **dict.fromkeys(("am", "a", "morning", "m"), Period.AM),
    **dict.fromkeys(("pm", "p", "afternoon"), Period.PM),
}
YES = dict.fromkeys("y yes t true 1".split(), True) | dict.fromkeys("n no f false 0".split(), False)
TIME = re.compile(r"(?:\d{4}-\d\d-\d\d[T ])?(\d{1,2}):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")


class BadValue(ValueError):
    """A value that cannot be read; its text says why."""


def as_text(value: Any) -> str:
    """A value as the text a person would see, trimmed; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, SaidTwice):
        raise BadValue(value.why)
    if isinstance(value, dict | list):
        raise BadValue("holds a list or an object where one value is wanted; name a path further in")
    return str(value).strip()


def as_written(value: Any) -> str:
    """A value as the text that it is, its blanks kept: within a text of marks a blank is a session without one."""
    as_text(value)
    return "" if value is None else str(value)


def read_day(value: Any, zone: ZoneInfo) -> date:
    """A day as ISO writes it; that of a moment with an offset is the school's."""
    return read_moment(value, zone).date()


def read_moment(value: Any, zone: ZoneInfo) -> datetime:
    """A moment as ISO writes it, the school's own time where it names no offset; a bare day is its first minute."""
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime.combine(value, time())
    else:
        try:
            found = datetime.fromisoformat(as_text(value))
        except ValueError:
            raise BadValue(
                f'{as_text(value)[:30]!r} is no date as ISO writes it; give its field the step {{date = "%d/%m/%Y"}}, '
                "or as it is written"
            ) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadValue(f"the year {found.year} is not one of {FIRST_YEAR} to {LAST_YEAR}")
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)


def read_time(value: Any) -> time:
    """A time of day such as `08:52`, alone or within a moment."""
    found = TIME.fullmatch(as_text(value))
    try:
        if found:
            return time(int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise BadValue(f"{as_text(value)[:30]!r} is no time of day; 08:52 is one")


def session_reader(pm_from: time | None) -> Callable[[Any], Period]:
    """Reads AM or PM; a start time too, where it is said from when on it is the afternoon's."""

    def read(value: Any) -> Period:
        said = as_text(value)
        found = PERIODS.get(said.casefold())
        if found is not None:
            return found
        if pm_from is not None and TIME.fullmatch(said):
            return Period.PM if read_time(said) >= pm_from else Period.AM
        raise BadValue(
            f"the session {said[:30]!r} is neither AM nor PM; give its field a map or a lookup, or pm_from for times"
        )

    return read


def code_reader(no_mark: Collection[str]) -> Callable[[Any], Code]:
    """Reads a code: capitals, trimmed; none, a blank and each of `no_mark` is no mark and never present."""
    blanks = {text.strip().upper() for text in no_mark} | {""}

    def read(value: Any) -> Code:
        said = as_text(value).upper()
        return NO_MARK if said in blanks else said

    return read


def read_yes(value: Any) -> bool:
    """Yes or no."""
    if isinstance(value, bool):
        return value
    said = as_text(value).casefold()
    if said not in YES:
        raise BadValue(f"{said[:30]!r} is neither yes nor no; give its field the step bool, or a map")
    return YES[said]


def read_whole(value: Any) -> int:
    """A whole number."""
    said = as_text(value)
    if not re.fullmatch(r"-?\d{1,9}", said):
        raise BadValue(f"{said[:20]!r} is no whole number")
    return int(said)


def read_direction(value: Any) -> Direction:
    """In or out."""
    said = as_text(value).casefold()
    if said not in (Direction.IN, Direction.OUT):
        raise BadValue(f"{said[:20]!r} is neither in nor out; give its field a map")
    return Direction(said)


def read_sessions(value: Any) -> frozenset[tuple[int, Period]]:
    """The sessions of a week, as a list or a text such as `Mon AM; Mon PM; Tue AM`. A day alone is both."""
    parts = value if isinstance(value, list) else re.split(r"[;,|]", as_text(value))
    found: set[tuple[int, Period]] = set()
    for part in filter(None, map(as_text, parts)):
        day, _, half = part.partition(" ")
        weekday = WEEKDAYS.get(day.strip().casefold()[:3])
        period = PERIODS.get(half.strip().casefold()) if half.strip() else None
        if weekday is None or (half.strip() and period is None):
            raise BadValue(f"{part[:30]!r} is no session of a week; Mon AM is one")
        found |= {(weekday, each) for each in ([period] if period else Period)}
    if not found:
        raise BadValue("no session is listed")
    return frozenset(found)


def readers(zone: ZoneInfo) -> Mapping[str, Callable[[Any], Any]]:
    """What reads each kind of field, sessions of a day and codes apart."""
    return {
        "text": as_text,
        "day": lambda value: read_day(value, zone),
        "moment": lambda value: read_moment(value, zone),
        "time": read_time,
        "yes": read_yes,
        "whole": read_whole,
        "direction": read_direction,
        "sessions": read_sessions,
    }
