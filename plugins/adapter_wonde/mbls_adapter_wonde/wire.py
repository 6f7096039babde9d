"""The shapes of Wonde's JSON: wrapped objects, dates with their zone, flags in three spellings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from mbls_sync.api import BadPayload

Row = Mapping[str, Any]
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
FIRST_YEAR, LAST_YEAR = 1900, 2099
YES, NO = frozenset({"1", "true", "yes", "y", "t"}), frozenset({"0", "false", "no", "n", "f"})


class BadValue(ValueError):
    """A value that cannot be read: its row goes to quarantine with this reason."""


class SaidTwiceError(ValueError):
    """An object holds one name twice."""


def document(body: bytes, what: str) -> Row:
    """The object that an answer holds. Raises BadPayload."""
    try:
        found = json.loads(body, object_pairs_hook=_one_each)
    except SaidTwiceError as error:
        raise BadPayload(
            f"Wonde's answer about {what} says {error} twice in one object, so that which one counts would be a guess; "
            "nothing of it was taken. Tell Wonde"
        ) from None
    except (ValueError, RecursionError):
        raise BadPayload(f"Wonde's answer about {what} is no whole JSON; nothing of it was taken") from None
    if not isinstance(found, dict):
        raise BadPayload(f"Wonde's answer about {what} is no object; nothing of it was taken")
    return found


def _one_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise SaidTwiceError(repr(next(name for name in names if names.count(name) > 1)[:40]))
    return found


def rows_of(found: Row, what: str) -> Sequence[Row]:
    """The rows of an answer. Raises BadPayload."""
    rows = found.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadPayload(f"Wonde's answer about {what} holds no list of rows; nothing of it was taken")
    return rows


def inner(row: Row, name: str) -> Row:
    """An included object, wrapped in `data` or not; an empty one where it is not there."""
    found = row.get(name)
    if isinstance(found, dict) and isinstance(found.get("data"), dict):
        found = found["data"]
    return found if isinstance(found, dict) else {}


def inner_rows(row: Row, name: str) -> Sequence[Row]:
    """Included rows, wrapped in `data` or not."""
    found = row.get(name)
    if isinstance(found, dict):
        found = found.get("data")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def id_of(value: Any) -> str:
    """An id, whether it stands alone or in an object that was expanded."""
    if isinstance(value, dict):
        value = value.get("data", value)
        value = value.get("id") if isinstance(value, dict) else None
    return "" if value is None else str(value)


def text_of(value: Any) -> str:
    """A text without blanks around it."""
    return "" if value is None else str(value).strip()


def yes_of(value: Any) -> bool | None:
    """A flag, which Wonde writes as a boolean, 0 or 1, or a word; None where it says nothing."""
    said = text_of(value).casefold()
    return True if said in YES else False if said in NO else None


def moment_of(value: Any) -> datetime | None:
    """A moment with its own zone; None where there is none. Raises BadValue."""
    zone = ""
    if isinstance(value, dict):
        value, zone = value.get("date"), text_of(value.get("timezone"))
    said = text_of(value)
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise BadValue(f"{said[:30]!r} is no date") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadValue(f"the year {found.year} is not one of {FIRST_YEAR} to {LAST_YEAR}")
    return found if found.tzinfo else found.replace(tzinfo=_zone(zone or "UTC"))


def day_of(value: Any, zone: ZoneInfo) -> date | None:
    """A day as it is in the school's zone: midnight in London is still the day before in UTC's summer. Raises BadValue.

    A bare date is that day.
    """
    if isinstance(value, str) and len(value.strip()) == len("2026-09-01"):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise BadValue(f"{value.strip()!r} is no date") from None
    found = moment_of(value)
    return None if found is None else found.astimezone(zone).date()


@cache
def _zone(name: str) -> tzinfo:
    """PHP writes a zone as an offset, an abbreviation or a name."""
    if name in ("UTC", "GMT", "Z"):
        return UTC
    if name == "BST":
        return timezone(timedelta(hours=1))
    try:
        if offset := OFFSET.fullmatch(name):
            span = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            return timezone(-span if offset[1] == "-" else span)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadValue(f"{name[:30]!r} is no time zone") from None
