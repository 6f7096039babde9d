"""A field of a row, compiled once: where it stands, and what each distinct value of it says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mbls_adapter_rest.options_rows import FieldPart, Transform
from mbls_adapter_rest.paths import Get, getter
from mbls_adapter_rest.values import BadValue, as_text

Lookups = Mapping[str, Mapping[str, str]]
MOST_REMEMBERED = 100_000


class Remembered(dict[Any, Any]):
    """Reads each distinct value once: 152,000 marks hold a few hundred different dates, pupils and codes."""

    def __init__(self, read: Get) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, value: Any) -> Any:
        found = self._read(value)
        if len(self) < MOST_REMEMBERED:
            self[value] = found
        return found


class Field:
    """A field of one list. Called with a row: its value, read; None for nothing. Raises BadValue."""

    def __init__(self, path: str, get: Get, whole: Get) -> None:
        self._get, self._whole, self._known = get, whole, Remembered(whole)
        self._parts = (
            [] if any(part in ("", "^", "@parent") or part.isdigit() for part in path.split(".")) else path.split(".")
        )

    def __call__(self, row: Any) -> Any:
        """The value of one row."""
        value = self._get(row)
        try:
            return self._known[value]
        except TypeError:
            return self._whole(value)

    def column(self, rows: Sequence[Any]) -> list[Any]:
        """The values of many rows at once, four times as fast.

        Raises KeyError, TypeError or BadValue where any row is out of the ordinary; whoever asks goes row by row then.
        """
        known = self._known
        match self._parts:
            case [name]:
                return [known[row[name]] for row in rows]
            case [outer, name]:
                return [known[row[outer][name]] for row in rows]
        return [known[value] for value in map(self._get, rows)]


def compiled(field: FieldPart, read: Get, lookups: Lookups) -> Field:
    """A field by its settings; `read` makes what it is of the value that its steps leave."""
    steps = [_step(step, lookups) for step in field.steps if step.concat is None]
    default = field.default

    def whole(value: Any) -> Any:
        for step in steps:
            if value is None:
                break
            value = step(value)
        if value is None or value == "":
            value = default
        if value is None and field.required:
            raise BadValue("is blank, and the settings require it")
        return None if value is None else read(value)

    return Field(field.path, _source(field), whole)


def _source(field: FieldPart) -> Get:
    joined = next((step.concat for step in field.steps if step.concat is not None), None)
    if joined is None:
        return getter(field.path) if field.path else lambda _: None
    parts, between = [getter(path) for path in joined.paths], joined.between
    return lambda row: between.join(filter(None, (as_text(part(row)) for part in parts)))


def _step(step: Transform, lookups: Lookups) -> Get:
    if step.strip:
        return as_text
    if step.upper:
        return lambda value: as_text(value).upper()
    if step.map is not None:
        names = step.map
        return lambda value: names.get(as_text(value), value)
    if step.regex is not None:
        return _matched(re.compile(step.regex))
    if step.date is not None:
        return _dated(step.date.form, ZoneInfo(step.date.zone) if step.date.zone else None)
    if step.bool is not None:
        yes, no = step.bool.true, step.bool.false
        return lambda value: _said(as_text(value), yes, no)
    table = step.lookup or ""
    return lambda value: _looked_up(as_text(value), lookups[table], table)


def _matched(pattern: re.Pattern[str]) -> Get:
    def match(value: Any) -> str | None:
        found = pattern.search(as_text(value))
        return None if found is None else found[1] if pattern.groups else found[0]

    return match


def _dated(form: str, zone: ZoneInfo | None) -> Get:
    def read(value: Any) -> datetime | None:
        said = as_text(value)
        if not said:
            return None
        try:
            found = datetime.strptime(said, form)  # noqa: DTZ007 - where none is set, its reader gives it the school's
        except ValueError:
            raise BadValue(f"{said[:30]!r} is no date of the form {form}") from None
        return found if zone is None or found.tzinfo else found.replace(tzinfo=zone)

    return read


def _said(text: str, yes: tuple[str, ...], no: tuple[str, ...]) -> bool | None:
    if text in yes:
        return True
    if text in no or not no:
        return False if text else None
    raise BadValue(f"{text[:30]!r} is neither one of the texts for yes nor one for no")


def _looked_up(key: str, table: Mapping[str, str], name: str) -> str | None:
    if not key:
        return None
    if key not in table:
        raise BadValue(f"{key[:40]!r} is not in the list {name}; compare its key with what this field holds")
    return table[key]
