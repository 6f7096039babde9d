"""What the text of one cell says: a date, a time, a session, a code, a yes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from mbls_sync.api import NO_MARK, Code, Period

T = TypeVar("T")

FIRST_YEAR, LAST_YEAR = 1990, 2099
MOST_REMEMBERED = 100_000
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:\.\d+)?\s*(?P<half>[ap]m)?"
TIME_PART = rf"(?:(?:\s+|\s*[Tt]\s*){CLOCK}\s*(?P<offset>Z|[+-]\d{{2}}:?\d{{2}})?)?"
DAY_FIRST = "dd/mm/yyyy"
FORMATS = {
    DAY_FIRST: r"(?:[A-Za-z]{3,9},?\s+)?(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4}|\d{2})",
    "yyyy-mm-dd": r"(?P<y>\d{4})[/\-](?P<m>\d{1,2})[/\-](?P<d>\d{1,2})",
    "dd mon yyyy": r"(?:[A-Za-z]{3,9},?\s+)?(?P<d>\d{1,2})[\s\-](?P<m>[A-Za-z]{3,9})[\s\-](?P<y>\d{4}|\d{2})",
}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
WEEKDAYS = "mon tue wed thu fri sat sun".split()
DAY_NAMES = (
    dict(zip("monday tuesday wednesday thursday friday saturday sunday".split(), range(7), strict=True))
    | {name: n for n, name in enumerate(WEEKDAYS)}
    | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
)
PERIODS = {
    **dict.fromkeys(("am", "morning", "a", "m1", "morn"), Period.AM),
    **dict.fromkeys(("pm", "afternoon", "p", "aft"), Period.PM),
}
YES = dict.fromkeys("y yes t true 1".split(), True) | dict.fromkeys("n no f false 0".split(), False)


class BadCell(ValueError):
    """A cell that cannot be read; its text says why, without the cell's content where that may name somebody."""


class Remembered(dict[str, T], Generic[T]):
    """Reads each distinct text once: an export of 152,000 marks holds a few hundred different dates and codes."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> T:
        value = self._read(text)
        if len(self) < MOST_REMEMBERED:
            self[text] = value
        return value


def clean(text: str) -> str:
    """A cell without the blanks around it, the no-break kind included, and without invisible characters."""
    return text.translate(INVISIBLE).strip()


class Dates:
    """Reads days and moments in the formats that the settings allow, in their order; never month first."""

    def __init__(self, formats: Sequence[str], zone: ZoneInfo) -> None:
        self._patterns = {name: re.compile(FORMATS[name] + TIME_PART, re.IGNORECASE) for name in formats}
        self._anywhere = [re.compile(rf"(?<!\d){FORMATS[name]}(?!\d)", re.IGNORECASE) for name in formats]
        self._zone = zone
        self.written: set[tuple[int, int]] = set()
        """The first two numbers of every cell that was read with the day first, or could not be."""

    def day(self, text: str) -> date:
        """The day that a cell names; a time behind it is passed over. Raises BadCell."""
        return self._found(text)[0]

    def moment(self, text: str) -> datetime:
        """The moment a cell names, the school's own time unless it says otherwise; a bare day is its first minute."""
        day, found = self._found(text)
        at = _time(found) if found["hour"] else time()
        if found["offset"]:
            offset = found["offset"].upper().replace("Z", "+00:00")
            return datetime.fromisoformat(f"{datetime.combine(day, at).isoformat()}{offset}").astimezone(self._zone)
        return datetime.combine(day, at, tzinfo=self._zone)

    def within(self, text: str) -> date | None:
        """The first day that stands anywhere in a line of text, if any."""
        for pattern in self._anywhere:
            for found in pattern.finditer(text):
                try:
                    return _day(found)
                except BadCell:
                    continue
        return None

    def _found(self, text: str) -> tuple[date, re.Match[str]]:
        said = clean(text)
        if not said:
            raise BadCell("the date is blank")
        for name, pattern in self._patterns.items():
            found = pattern.fullmatch(said)
            if found:
                if name == DAY_FIRST:
                    self.written.add((int(found["d"]), int(found["m"])))
                if found["hour"]:
                    _time(found)
                return _day(found), found
        raise BadCell(f"{said[:40]!r} is no date that is known; write it such as 07/09/2026, the day first")


def read_time(text: str) -> time:
    """A time of day such as `8:52`, `08:52:10` or `1.05 pm`. Raises BadCell."""
    found = re.fullmatch(CLOCK, clean(text), re.IGNORECASE)
    if found is None:
        raise BadCell(f"{clean(text)[:40]!r} is no time; write it such as 8:52")
    return _time(found)


def read_period(text: str) -> Period:
    """AM or PM, however it is written. Raises BadCell."""
    said = "".join(ch for ch in clean(text).casefold() if ch.isalnum())
    if said not in PERIODS:
        raise BadCell(f"the session {clean(text)[:40]!r} is neither AM nor PM")
    return PERIODS[said]


def read_yes(text: str) -> bool | None:
    """Yes, no, or None where the cell is blank. Raises BadCell."""
    said = clean(text).casefold()
    if not said:
        return None
    if said not in YES:
        raise BadCell(f"{said[:40]!r} is neither yes nor no")
    return YES[said]


def code_reader(no_mark: Sequence[str]) -> Callable[[str], Code]:
    """Reads a code: capitals, trimmed; a blank and each of `no_mark` is no mark and never present."""
    blanks = {clean(token).upper() for token in no_mark} | {""}

    def read(text: str) -> Code:
        said = clean(text).upper()
        return NO_MARK if said in blanks else said

    return read


def _day(found: re.Match[str]) -> date:
    year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
    month = found["m"]
    try:
        number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
        day = date(year, number, int(found["d"]))
    except ValueError:
        raise BadCell(f"there is no day {found[0][:40]!r}; dates are read with the day first") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadCell(f"the year of {found[0][:40]!r} is not one of {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _time(found: re.Match[str]) -> time:
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        raise BadCell(f"there is no time {found[0].strip()[:40]!r}") from None
