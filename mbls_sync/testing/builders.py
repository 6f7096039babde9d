"""Small values to test with: a pupil, a school, the shipped calendar, codes and policy. Everything visibly made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mbls_sync.engine.histories import histories
from mbls_sync.engine.world import World
from mbls_sync.figures.history import History
from mbls_sync.model.calendar import AcademicYear, Closure, SchoolCalendar
from mbls_sync.model.codes import NO_MARK, Code
from mbls_sync.model.decisions import Value
from mbls_sync.model.happenings import Event, LeaveRequest, Message, SignIn
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.papers import School
from mbls_sync.model.pupils import Contact, Pupil
from mbls_sync.model.registers import EMPTY_PAGE, Encoding, PageGrid, RegisterPages
from mbls_sync.model.sessions import Session
from mbls_sync.policy.calendars import load_calendar
from mbls_sync.policy.codebook import CodeBook, load_codes
from mbls_sync.policy.places import calendar_folder, codes_file, shipped_config
from mbls_sync.policy.reminders import load_policy
from mbls_sync.policy.view import DatedValue, Parameter, ParameterKind, PolicyAt

ZONE = ZoneInfo("Europe/London")
ALWAYS = date(2000, 1, 1)
"""A made-up parameter holds from this day on, unless it says otherwise."""


@cache
def the_codebook() -> CodeBook:
    """The shipped national codes."""
    return load_codes(codes_file(shipped_config()))


@cache
def the_calendar() -> SchoolCalendar:
    """The shipped calendars, 2025-26 and 2026-27."""
    return load_calendar(calendar_folder(shipped_config()), ZONE)


@cache
def the_parameters() -> Mapping[str, Parameter]:
    """The shipped parameters of the policy."""
    return load_policy(shipped_config())


def a_parameter(name: str, kind: str, value: Value, since: date = ALWAYS) -> Parameter:
    """A parameter that holds one value from `since` on."""
    dated = DatedValue(since, value, "made up for a test", f"{name} is {value}")
    return Parameter(name, "made up for a test", ParameterKind(kind), (dated,), None, Path("made-up.yaml"))


def a_policy(day: date, *made_up: Parameter) -> PolicyAt:
    """The shipped policy on one day; parameters of `made_up` take the place of those of their name."""
    return PolicyAt({**the_parameters(), **{parameter.name: parameter for parameter in made_up}}, day)


def a_school(**fields: Any) -> School:
    """A made-up lower school."""
    made_up = School(
        id="example",
        name="Example Lower School",
        la_code="000",
        la_name="Example Council",
        establishment_number="0000",
        head="Head Example",
        attendance_officer="Officer Example",
    )
    return replace(made_up, **fields)


def some_contacts(count: int = 2) -> tuple[Contact, ...]:
    """So many adults, each with a number of their own."""
    return tuple(
        Contact(n, f"Adult{n} Example", "parent", True, mobile=f"07700 9000{n:02d}") for n in range(1, count + 1)
    )


def a_pupil(id: str = "P1", **fields: Any) -> Pupil:
    """A seven-year-old in Year 2, on roll since long ago, with two adults to call; `fields` change any of it."""
    made_up = Pupil(
        id=PupilId(id),
        surname="Testpupil",
        forename=f"Sample{id}",
        born=date(2019, 5, 1),
        year_group="2",
        class_name="2T",
        admitted=date(2022, 9, 1),
        contacts=some_contacts(),
    )
    return replace(made_up, **fields)


def some_registers(marks: Mapping[PupilId, Mapping[Session, Code]]) -> Mapping[AcademicYear, RegisterPages]:
    """Registers that hold exactly these marks."""
    encoding = Encoding().grown(the_codebook().pairs())
    years = {AcademicYear.of(session.day) for held in marks.values() for session in held}
    return {
        year: RegisterPages(
            year, encoding, {pupil: _page(held, PageGrid(year), encoding) for pupil, held in marks.items()}
        )
        for year in sorted(years)
    }


def _page(marks: Mapping[Session, Code], grid: PageGrid, encoding: Encoding) -> bytes:
    page = bytearray(EMPTY_PAGE)
    for session, code in marks.items():
        slot = grid.slot(session)
        if slot is not None and code != NO_MARK:
            page[slot] = encoding.byte(code, the_codebook().meaning(code, session.day))
    return bytes(page)


@dataclass(frozen=True)
class Someone:
    """A pupil with everything that is known of them."""

    pupil: Pupil
    marks: Mapping[Session, Code] = field(default_factory=dict)
    details: Mapping[Session, MarkDetail] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    sign_ins: tuple[SignIn, ...] = ()
    requests: tuple[LeaveRequest, ...] = ()
    events: tuple[Event, ...] = ()


def a_world(
    now: datetime,
    *people: Someone,
    made_up: Mapping[str, Parameter] | None = None,
    closures: tuple[Closure, ...] = (),
    events: tuple[Event, ...] = (),
    go_live: date | None = None,
) -> World:
    """A school of just these people at `now` (naive: the school's own time), under the shipped policy.

    `made_up` parameters take the place of shipped ones, `closures` are added to the calendar, `events` are
    the school's own.
    """
    moment = now if now.tzinfo else now.replace(tzinfo=ZONE)
    return World(
        school=a_school(),
        now=moment,
        calendar=closed(the_calendar(), closures),
        parameters={**the_parameters(), **(made_up or {})},
        codebook=the_codebook(),
        registers=some_registers({someone.pupil.id: someone.marks for someone in people}),
        roll=tuple(someone.pupil for someone in people),
        messages=tuple(sorted((m for p in people for m in p.messages), key=lambda m: m.received_at)),
        sign_ins=tuple(sorted((s for p in people for s in p.sign_ins), key=lambda s: (s.day, s.time))),
        requests=tuple(sorted((r for p in people for r in p.requests), key=lambda r: r.received_at)),
        events=tuple(sorted((*events, *(e for p in people for e in p.events)), key=lambda e: e.at)),
        details={(p.pupil.id, session): detail for p in people for session, detail in p.details.items()},
        go_live=go_live,
        pulled_at=moment,
    )


def a_history(now: datetime, someone: Someone | None = None, **fields: Any) -> History:
    """What is known of one pupil at `now`, as a rule is given it."""
    person = someone or Someone(a_pupil(), **fields)
    return histories(a_world(now, person))[person.pupil.id]


def closed(calendar: SchoolCalendar, closures: tuple[Closure, ...]) -> SchoolCalendar:
    """The calendar with these closures added."""
    if not closures:
        return calendar
    years = (
        replace(year, closures=(*year.closures, *(c for c in closures if AcademicYear.of(c.session.day) == year.year)))
        for year in calendar.years
    )
    return SchoolCalendar(tuple(years), calendar.zone)
