"""YAML cases: what the head or the LA can read, and the kit can run.

    - name: absent without a message at a quarter past nine
      now: 2026-09-07 09:15
      given: {marks: {2026-09-07 AM: N}}
      expect:
        - {task: call-home, role: office, due: 2026-09-07 12:00}

`given` says what is known of one pupil, who is seven, on roll, with two adults to call; what it may say is
in `PERSON` and `SCHOOL` below, each in `mbls_sync/testing/reading.py` with an example. A classmate who
is always present is there too, so that the register is taken (`classmates: 0` leaves none); what a rule
asks for the classmate is not looked at. `also` is a list of further pupils, P2, P3 …. A pupil was present in every
session before the first that `marks` names (before today where it names none), unless `attendance`, `present` or
`weeks` says how it was; `present: none` leaves all else without a mark. `expect` lists all that the rule asks
for, each in as few words as are wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from mbls_sync.engine.world import World
from mbls_sync.model.codes import Code
from mbls_sync.model.proposals import Proposal
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Session
from mbls_sync.policy.load import value_of
from mbls_sync.policy.view import Parameter
from mbls_sync.policy.yaml_text import Node, read_yaml
from mbls_sync.registry.manager import BoundRule
from mbls_sync.testing import filling, reading
from mbls_sync.testing.builders import Someone, a_parameter, a_pupil, a_world, the_calendar, the_parameters
from mbls_sync.testing.expecting import Wish, differences, is_about, wish
from mbls_sync.testing.running import proposals

PERSON = (
    "pupil",
    "attendance",
    "present",
    "weeks",
    "marks",
    "details",
    "messages",
    "sign_ins",
    "requests",
    "events",
    "flags",
    "contacts",
    "patterns",
)
SCHOOL = ("classmates", "also", "school_events", "closures", "go_live", "parameters", "changes")
CLASSMATE = "Classmate"


@dataclass(frozen=True)
class Case:
    """One case of a rule: a small world, and what the rule asks for in it."""

    name: str
    world: World
    wishes: tuple[Wish, ...]
    place: str

    def check(self, rule: BoundRule) -> None:
        """Raises AssertionError, in words, when the rule asks for anything else."""
        problem = differences(self.wishes, self.asked(rule))
        assert not problem, f"{self.place}: {self.name}: {problem}"

    def asked(self, rule: BoundRule) -> tuple[Proposal, ...]:
        """What the rule asks for, classmates left out."""
        return tuple(found for found in proposals(rule, self.world) if not is_about(found, CLASSMATE))


def load_cases(file: Path, parameters: Mapping[str, Parameter] | None = None) -> tuple[Case, ...]:
    """Read a file of cases. Raises ParameterError with file and line for one that cannot be read.

    `parameters` take the place of the shipped policy, for a plugin that brings its own.
    """
    return tuple(_case(node, parameters) for node in read_yaml(file).items("a file of cases"))


def _case(node: Node, parameters: Mapping[str, Parameter] | None) -> Case:
    fields = node.fields("a case", ("name", "now", "expect"), ("given",))
    now = reading.read(fields["now"], "now", reading.moment)
    given = fields["given"].fields("given", (), (*PERSON, *SCHOOL)) if "given" in fields else {}
    world = _world(given, now)
    return Case(
        name=fields["name"].filled("name"),
        world=world if parameters is None else replace(world, parameters={**world.parameters, **parameters}),
        wishes=tuple(wish(item) for item in fields["expect"].items("expect")),
        place=f"{node.file.name}:{node.line}",
    )


def _world(given: Mapping[str, Node], now: datetime) -> World:
    people = [_someone(given, now, "P1")]
    for number, node in enumerate(given["also"].items("also") if "also" in given else (), start=2):
        people.append(_someone(node.fields("a pupil", (), PERSON), now, f"P{number}"))
    count = reading.read(given["classmates"], "classmates", int) if "classmates" in given else 1
    classmates = [_classmate(people[0].pupil, number, now) for number in range(count)]
    return a_world(
        now,
        *people,
        *classmates,
        made_up={**dict(_made_up(given)), **dict(_changed(given))},
        closures=tuple(reading.closures(given["closures"])) if "closures" in given else (),
        events=tuple(reading.event(node, None) for node in _list(given, "school_events")),
        go_live=given["go_live"].day("go_live") if "go_live" in given else None,
    )


def _someone(given: Mapping[str, Node], now: datetime, id: str) -> Someone:
    pupil = _pupil(given, id)
    marks = _marks(given, now, pupil)
    says_admitted = "pupil" in given and "admitted" in given["pupil"].table()
    if "attendance" in given and not says_admitted:
        pupil = replace(pupil, admitted=min(marks).day)
    details = reading.by_session(given["details"], "details") if "details" in given else {}
    return Someone(
        pupil=pupil,
        marks=marks,
        details={session: reading.detail(node) for session, node in details.items()},
        messages=tuple(reading.message(node, pupil.id) for node in _list(given, "messages")),
        sign_ins=tuple(reading.sign_in(node, pupil.id) for node in _list(given, "sign_ins")),
        requests=tuple(reading.request(node, pupil.id) for node in _list(given, "requests")),
        events=tuple(reading.event(node, pupil.id) for node in _list(given, "events")),
    )


def _pupil(given: Mapping[str, Node], id: str) -> Pupil:
    chosen: dict[str, Any] = {}
    if "pupil" in given:
        chosen = reading.some_fields(given["pupil"], Pupil, "id", "contacts", "flags", "patterns")
    if "contacts" in given:
        chosen["contacts"] = reading.contacts(given["contacts"])
    chosen["flags"] = tuple(reading.flag(node) for node in _list(given, "flags"))
    chosen["patterns"] = tuple(reading.pattern(node) for node in _list(given, "patterns"))
    return a_pupil(id, **chosen)


def _classmate(pupil: Pupil, number: int, now: datetime) -> Someone:
    first = the_calendar().school_year(now.date()).year.first
    fields = {"year_group": pupil.year_group, "class_name": pupil.class_name, "born": pupil.born}
    marks = filling.presence(the_calendar(), first, now.date())
    return Someone(a_pupil(f"{CLASSMATE}{number or ''}", **fields), marks)


def _marks(given: Mapping[str, Node], now: datetime, pupil: Pupil) -> Mapping[Session, Code]:
    """The marks, each sort of shorthand laid over the one before it: attendance, present, weeks, marks."""
    named = (
        {s: node.text() for s, node in reading.by_session(given["marks"], "marks").items()} if "marks" in given else {}
    )
    marks: dict[Session, Code] = {}
    if "attendance" in given:
        marks |= _attendance(given["attendance"], now.date())
    if "present" in given:
        marks |= _presence(pupil, reading.read(given["present"], "present", _span))
    elif not {"attendance", "weeks"} & set(given):
        first = the_calendar().school_year(now.date()).year.first
        marks |= _presence(pupil, (first, min([s.day for s in named] or [now.date()]) - timedelta(days=1)))
    for node in _list(given, "weeks"):
        marks |= reading.read(node, "a week", _week)
    return filling.without_blanks({**marks, **named})


def _presence(pupil: Pupil, span: tuple[date, date] | None) -> Mapping[Session, Code]:
    """Present in every session of a span that the pupil is expected in."""
    present = filling.presence(the_calendar(), *span) if span else {}
    return {s: code for s, code in present.items() if pupil.on_roll(s.day) and pupil.attends(s)}


def _attendance(node: Node, today: date) -> Mapping[Session, Code]:
    """`{possible: 100, missed: 8}`, or a list of such parts, oldest first; `code` of an absence is I unless said.

    The marks end on the last school day before today; the pupil is admitted on the first of them.
    """
    parts = [_part(item) for item in (node.items() if isinstance(node.value, tuple) else (node,))]
    try:
        return filling.exactly(the_calendar(), today, parts)
    except ValueError as error:
        raise node.refuse(f"the figure cannot be made: {error}") from error


def _part(node: Node) -> tuple[int, int, Code]:
    said = node.fields("attendance", ("possible", "missed"), ("code",))
    possible, missed = (reading.read(said[key], key, int) for key in ("possible", "missed"))
    return possible, missed, said["code"].filled("code") if "code" in said else "I"


def _span(text: str) -> tuple[date, date] | None:
    if text == "none":
        return None
    first, _, last = text.partition("..")
    return date.fromisoformat(first.strip()), date.fromisoformat(last.strip())


def _week(text: str) -> Mapping[Session, Code]:
    monday, _, codes = text.partition(": ")
    return filling.week(date.fromisoformat(monday), codes)


def _made_up(given: Mapping[str, Node]) -> Iterator[tuple[str, Parameter]]:
    """`parameters`: a value that has always held, in place of the shipped ones."""
    for name, item in given["parameters"].table("parameters").items() if "parameters" in given else ():
        known = _known(name, item)
        yield name, a_parameter(name, known.kind, value_of(item, known.kind))


def _changed(given: Mapping[str, Node]) -> Iterator[tuple[str, Parameter]]:
    """`changes`: `{parameter: n_to_o.days, from: 2026-12-01, value: 4}`, added to the shipped values."""
    for node in _list(given, "changes"):
        said = node.fields("a change", ("parameter", "from", "value"))
        name = said["parameter"].filled("parameter")
        known = _known(name, node)
        fresh = a_parameter(name, known.kind, value_of(said["value"], known.kind), said["from"].day("from"))
        yield name, replace(known, values=tuple(sorted((*known.values, *fresh.values), key=lambda v: v.since)))


def _known(name: str, at: Node) -> Parameter:
    found = the_parameters().get(name)
    if found is None:
        raise at.refuse(f"no parameter is called {name}; only values of the policy can be changed")
    return found


def _list(given: Mapping[str, Node], name: str) -> tuple[Node, ...]:
    return given[name].items(name) if name in given else ()
