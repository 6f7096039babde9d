"""Reads the school's calendars: one file an academic year, `2026-27.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from mbls_sync.errors import ParameterError
from mbls_sync.model.calendar import AcademicYear, Closure, HalfTerm, SchoolCalendar, SchoolYear
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.yaml_text import Node, parse_day, read_yaml

FILE_NAME = re.compile(r"(\d{4})-(\d{2})")
SATURDAY = 5
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def load_calendar(folder: Path, zone: ZoneInfo | None = None) -> SchoolCalendar:
    """All years in `folder`, as one calendar. Raises ParameterError with file and line at the first mistake.

    `zone` is the school's; without it, Europe/London.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise ParameterError(
            "holds no calendar, so no deadline can be counted; add one such as 2026-27.yaml", file=folder
        )
    years = tuple(load_school_year(file) for file in files)
    return SchoolCalendar(years) if zone is None else SchoolCalendar(years, zone)


def load_school_year(file: Path) -> SchoolYear:
    """Read one year's file. Dates, halves, closures and the number of school days are checked against each other."""
    year = _year(file)
    root = read_yaml(file)
    fields = root.fields("a calendar", ("half_terms", "school_days"), ("inset_days", "bank_holidays", "closures"))
    halves = _half_terms(fields["half_terms"], year)
    inset = frozenset(_inset(fields.get("inset_days"), year, halves))
    shut = frozenset(_bank_holidays(fields.get("bank_holidays"), year))
    planned = SchoolYear(year, halves, inset, shut)
    _check_school_days(fields["school_days"], planned)
    closures = tuple(_closures(fields.get("closures"), planned))
    return SchoolYear(year, halves, inset, shut, closures)


def _year(file: Path) -> AcademicYear:
    found = FILE_NAME.fullmatch(file.stem)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise ParameterError("is not named after an academic year; name it such as 2026-27.yaml", file=file)
    return AcademicYear(int(found[1]))


def _half_terms(node: Node, year: AcademicYear) -> tuple[HalfTerm, ...]:
    halves: list[HalfTerm] = []
    for item in node.items("half_terms"):
        half = _half_term(item, year)
        if halves and half.first <= halves[-1].last:
            raise item.refuse(
                f"{half.term} {half.number} begins on {half.first}, before the half-term above it ends "
                f"({halves[-1].last}); halves stand in order and may not overlap"
            )
        halves.append(half)
    if not halves:
        raise node.refuse("there is no half-term, so the school would have no session; add its terms")
    return tuple(halves)


def _half_term(item: Node, year: AcademicYear) -> HalfTerm:
    fields = item.fields("a half-term", ("term", "half", "first", "last"))
    if fields["half"].text() not in ("1", "2"):
        raise fields["half"].refuse("half is 1 or 2")
    first, last = (_school_weekday(fields[key], key, year) for key in ("first", "last"))
    if last < first:
        raise fields["last"].refuse(f"the half-term ends on {last}, before it begins on {first}")
    return HalfTerm(first, last, fields["term"].filled("term"), int(fields["half"].text()))


def _inset(node: Node | None, year: AcademicYear, halves: tuple[HalfTerm, ...]) -> Iterator[date]:
    seen: set[date] = set()
    for item in node.items("inset_days") if node else ():
        day = _school_weekday(item, "an INSET day", year)
        if not any(half.first <= day <= half.last for half in halves):
            raise item.refuse(f"the INSET day {day} is outside every half-term; correct the date or the half-term")
        if day in seen:
            raise item.refuse(f"the INSET day {day} stands twice; keep one")
        seen.add(day)
        yield day


def _bank_holidays(node: Node | None, year: AcademicYear) -> Iterator[date]:
    for text, name in node.table("bank_holidays").items() if node else ():
        name.filled("the name of a bank holiday")
        day = parse_day(text, name, "a bank holiday")
        yield _within(day, year, name, "the bank holiday")


def _closures(node: Node | None, year: SchoolYear) -> Iterator[Closure]:
    sessions = set(year.sessions)
    for item in node.items("closures") if node else ():
        fields = item.fields("a closure", ("day", "reason", "planned"), ("period", "scope"))
        if fields["planned"].text() not in ("yes", "no"):
            raise fields["planned"].refuse("planned is yes or no")
        scope = fields["scope"].filled("scope") if "scope" in fields else "school"
        if scope != "school" and not scope.startswith(("class:", "year:")):
            raise fields["scope"].refuse("scope is `school`, `class:` and its name, or `year:` and its group")
        day = fields["day"].day("the day of a closure")
        for period in _periods(fields.get("period")):
            session = Session(day, period)
            if session not in sessions:
                raise fields["day"].refuse(f"the school has no session on {session}; correct the date of the closure")
            yield Closure(session, fields["reason"].filled("reason"), fields["planned"].text() == "yes", scope)


def _periods(node: Node | None) -> Iterable[Period]:
    if node is None:
        return (Period.AM, Period.PM)
    if node.text() not in tuple(Period):
        raise node.refuse("period is AM or PM; leave it out for the whole day")
    return (Period(node.text()),)


def _check_school_days(node: Node, year: SchoolYear) -> None:
    """A sum that the reader can check: a forgotten half-term or INSET day shows at once."""
    counted = len({session.day for session in year.sessions})
    if node.filled("school_days") != str(counted):
        raise node.refuse(
            f"the calendar of {year.year} says {node.text()} school days and its dates give {counted} "
            f"({2 * counted} sessions); correct the dates, or this number if the dates are right"
        )


def _school_weekday(node: Node, what: str, year: AcademicYear) -> date:
    day = _within(node.day(what), year, node, what)
    if day.weekday() >= SATURDAY:
        raise node.refuse(f"{what} is {day}, a {WEEKDAYS[day.weekday()]}; no session is held then")
    return day


def _within(day: date, year: AcademicYear, node: Node, what: str) -> date:
    if AcademicYear.of(day) != year:
        raise node.refuse(f"{what} is {day}, which is not in {year} ({year.first} to {year.last})")
    return day
