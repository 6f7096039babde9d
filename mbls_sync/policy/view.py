"""The policy as it stood on one day; every value read through it is remembered, so that *why* is free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from mbls_sync.errors import NotInForce, ParameterError
from mbls_sync.model.decisions import Reading, Value
from mbls_sync.model.reminders import Reminder

Known = tuple["ParameterKind", tuple[str, date], Reading, Any]
"""A value as it was looked up once: its kind, what the reading is kept under, the reading, and the value alone."""

T = TypeVar("T", time, date, int, Decimal, str, bool, tuple[tuple[str, str], ...])


REMINDERS = "reminders."
"""What the name of every reminder begins with."""


class ParameterKind(StrEnum):
    """What a parameter's text is read as."""

    TIME = "time"
    COUNT = "count"
    DAYS = "days"
    PERCENT = "percent"
    TEXT = "text"
    FLAG = "flag"
    TABLE = "table"
    DATE = "date"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value from the day it starts, with the instrument and section that put it there."""

    since: date
    value: Value
    cites: str
    says: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated parameter. `values` are in order of their start. A value of None ends the duty."""

    name: str
    describe: str
    kind: ParameterKind
    values: tuple[DatedValue, ...]
    review_by: date | None
    file: Path

    def on(self, day: date) -> DatedValue:
        """The value in force on `day`. Raises NotInForce before the first value, naming parameter and date."""
        found = None
        for value in self.values:
            if value.since > day:
                break
            found = value
        if found is None:
            raise NotInForce(
                f"{self.name} has no value on {day.isoformat()}: its first starts {self.values[0].since.isoformat()}; "
                f"add the value of that time with its citation",
                file=self.file,
            )
        return found


@dataclass(frozen=True, slots=True)
class Change:
    """One value that took the place of another."""

    parameter: str
    describe: str
    before: DatedValue
    after: DatedValue


class PolicyAt:
    """The policy on one day. Reading a value records it in `readings`.

    Raises ParameterError for a name that no file defines or a value of another kind, NotInForce for a day
    before the parameter began.
    """

    def __init__(
        self,
        parameters: Mapping[str, Parameter],
        day: date,
        _readings: dict[tuple[str, date], Reading] | None = None,
        _known: dict[date, dict[str, Known]] | None = None,
    ) -> None:
        self._parameters = parameters
        self.day = day
        self._readings: dict[tuple[str, date], Reading] = {} if _readings is None else _readings
        self._days: dict[date, dict[str, Known]] = {} if _known is None else _known
        self._known = self._days.setdefault(day, {})

    def on(self, day: date) -> PolicyAt:
        """The same policy on another day; what is read there is remembered here too."""
        return PolicyAt(self._parameters, day, self._readings, self._days)

    def fresh(self, day: date) -> PolicyAt:
        """The same policy on a day, with nothing read yet. What one of them has looked up none looks up again."""
        return PolicyAt(self._parameters, day, None, self._days)

    def forget(self) -> None:
        """Begin anew, with nothing read yet."""
        self._readings.clear()

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Every value read so far, by name."""
        return tuple(self._readings[key] for key in sorted(self._readings))

    def time_of_day(self, name: str) -> time:
        """A time of the school's day."""
        return self._read(name, time, ParameterKind.TIME)

    def count(self, name: str) -> int:
        """A number of things."""
        return self._read(name, int, ParameterKind.COUNT)

    def days(self, name: str) -> int:
        """A number of days, of the sort that the parameter's name and description say."""
        return self._read(name, int, ParameterKind.DAYS)

    def percent(self, name: str) -> Decimal:
        """A percentage, exact."""
        return self._read(name, Decimal, ParameterKind.PERCENT)

    def text(self, name: str) -> str:
        """A word or a text."""
        return self._read(name, str, ParameterKind.TEXT)

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return self._read(name, bool, ParameterKind.FLAG)

    def table(self, name: str) -> Mapping[str, str]:
        """Pairs of text, in the file's order."""
        return dict(self._read(name, tuple, ParameterKind.TABLE))

    def date_of(self, name: str) -> date:
        """A day of the calendar."""
        return self._read(name, date, ParameterKind.DATE)

    def reminder(self, name: str) -> Reminder:
        """A row of the table of reminders; the reading says its clock, not the whole row."""
        row = Reminder.of(self._dated(name, tuple, ParameterKind.REMINDER)[1])
        dated = self._parameters[name].on(self.day)
        self._remember(name, replace(dated, value=f"{row.clock}, by {row.role}"))
        return row

    def is_in_force(self, name: str) -> bool:
        """Whether the parameter has a value on this day. Asking is not reading."""
        parameter = self._parameters.get(name)
        if parameter is None or parameter.values[0].since > self.day:
            return False
        return parameter.on(self.day).value is not None

    def changes(self, first: date, last: date) -> tuple[Change, ...]:
        """The values that took another's place from `first` to `last`, both inclusive, oldest first. No reading."""
        found = (
            Change(parameter.name, parameter.describe, before, after)
            for parameter in self._parameters.values()
            for before, after in pairwise(parameter.values)
            if first <= after.since <= last
        )
        return tuple(sorted(found, key=lambda change: (change.after.since, change.parameter)))

    def _read(self, name: str, expected: type[T], kind: ParameterKind) -> T:
        known = self._known.get(name)
        if known is None or known[0] is not kind:
            known = self._known[name] = self._looked_up(name, expected, kind)
        _, key, reading, value = known
        self._readings[key] = reading
        typed: T = value
        return typed

    def _looked_up(self, name: str, expected: type[T], kind: ParameterKind) -> Known:
        dated, value = self._dated(name, expected, kind)
        reading = Reading(name, dated.value, dated.since, dated.cites, dated.says)
        return kind, (name, dated.since), reading, value

    def _dated(self, name: str, expected: type[T], kind: ParameterKind) -> tuple[DatedValue, T]:
        try:
            parameter = self._parameters[name]
        except KeyError:
            raise ParameterError(
                f"no parameter is called {name}; add config/policy/parameters/… (after an update, "
                f"`mbls-sync init DIR --missing` does)"
            ) from None
        dated = parameter.on(self.day)
        if dated.value is None:
            raise NotInForce(
                f"{name} has ended: its value is empty since {dated.since.isoformat()}, and what reads it cannot be "
                f"judged without it; write the value of that time",
                file=parameter.file,
            )
        if parameter.kind is not kind or not isinstance(dated.value, expected):
            raise ParameterError(f"{name} is of kind {parameter.kind}, and was read as {kind}", file=parameter.file)
        return dated, dated.value

    def _remember(self, name: str, dated: DatedValue) -> None:
        reading = Reading(name, dated.value, dated.since, dated.cites, dated.says)
        self._readings.setdefault((name, dated.since), reading)
