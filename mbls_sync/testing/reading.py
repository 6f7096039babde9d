"""Reads the words of a YAML case into values: moments, sessions, pupils, messages, events."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar, get_args

from mbls_sync.model.calendar import Closure
from mbls_sync.model.happenings import Direction, Event, LeaveRequest, Message, SignIn
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.pupils import Contact, Flag, Pattern
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.yaml_text import Node
from mbls_sync.testing.builders import ZONE, some_contacts

T = TypeVar("T")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


def read(node: Node, what: str, reader: Callable[[str], T]) -> T:
    """What a reader makes of a text; a text it cannot read is an error with file and line."""
    try:
        return reader(node.filled(what))
    except ValueError as error:
        raise node.refuse(f"{what} cannot be read: {error}") from error


def moment(text: str) -> datetime:
    """`2026-09-07 09:15`, in the school's own time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def typed(node: Node, hint: Any, what: str) -> Any:
    """A text as the type of a field reads it."""
    kinds = set(get_args(hint)) or {hint}
    if bool in kinds:
        return read(node, what, lambda text: {"yes": True, "no": False}[text] if text in ("yes", "no") else _fail(text))
    for kind, reader in ((datetime, moment), (date, date.fromisoformat), (time, time.fromisoformat), (int, int)):
        if kind in kinds:
            return read(node, what, reader)
    named = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, StrEnum)), None)
    return read(node, what, named) if named else node.text(what)


def some_fields(node: Node, cls: type[Any], *left_out: str) -> dict[str, Any]:
    """Those fields of a dataclass that a table names, each typed as the field is."""
    hints = typing.get_type_hints(cls)
    known = [f.name for f in fields(cls) if f.name not in left_out]
    return {name: typed(item, hints[name], name) for name, item in node.fields(cls.__name__, (), known).items()}


def message(node: Node, pupil: PupilId) -> Message:
    """`{at: 2026-09-07 08:20, reason: a cold, back: 2026-09-09, from: mother}`."""
    said = node.fields("a message", ("at",), ("reason", "back", "from"))
    return Message(
        pupil=pupil,
        received_at=read(said["at"], "at", moment),
        sender=said["from"].text() if "from" in said else "",
        reason=said["reason"].text() if "reason" in said else "",
        expected_return=said["back"].day("back") if "back" in said else None,
    )


def sign_in(node: Node, pupil: PupilId) -> SignIn:
    """`{at: 2026-09-07 09:02, way: in, reason: dentist}`; `way` is `in` unless said."""
    said = node.fields("a sign-in", ("at",), ("way", "reason"))
    at = read(said["at"], "at", moment)
    way = read(said["way"], "way", Direction) if "way" in said else Direction.IN
    return SignIn(pupil, at.date(), at.time(), way, said["reason"].text() if "reason" in said else "")


def request(node: Node, pupil: PupilId) -> LeaveRequest:
    """`{at: 2026-09-07 09:02, first: 2026-10-01, last: 2026-10-02, purpose: holiday}`, and any other field of it."""
    hints = typing.get_type_hints(LeaveRequest)
    others = [f.name for f in fields(LeaveRequest) if f.name not in ("pupil", "received_at")]
    needed = ("first", "last", "purpose")
    said = node.fields("a request", ("at", *needed), [name for name in others if name not in needed])
    values = {name: typed(item, hints[name], name) for name, item in said.items() if name != "at"}
    return LeaveRequest(pupil=pupil, received_at=read(said["at"], "at", moment), **values)


def event(node: Node, pupil: PupilId | None) -> Event:
    """`{at: 2026-09-07 09:20, kind: contact-tried, outcome: no-answer, by: ..., role: ..., note: ..., ref: ...}`."""
    said = node.fields("an event", ("at", "kind"), ("outcome", "by", "role", "note", "ref"))
    words = {name: item.text(name) for name, item in said.items() if name != "at"}
    return Event(at=read(said["at"], "at", moment), pupil=pupil, **words)


def flag(node: Node) -> Flag:
    """`young carer`, or `{name: young carer, from: 2026-09-01, to: 2026-10-01}`."""
    if isinstance(node.value, str):
        return Flag(node.filled("a flag"))
    said = node.fields("a flag", ("name",), ("from", "to"))
    first, last = (said[key].day(key) if key in said else None for key in ("from", "to"))
    return Flag(said["name"].filled("name"), first, last)


def pattern(node: Node) -> Pattern:
    """`{sessions: Mon AM, Mon PM, Tue AM}` with `from` and `to` where it has an end."""
    said = node.fields("a pattern", ("sessions",), ("from", "to"))
    first, last = (said[key].day(key) if key in said else None for key in ("from", "to"))
    return Pattern(first, last, read(said["sessions"], "sessions", _week_sessions))


def contacts(node: Node) -> tuple[Contact, ...]:
    """A number of made-up adults, or a list of them with their fields."""
    if isinstance(node.value, str):
        return some_contacts(read(node, "contacts", int))
    made_up = [some_fields(item, Contact) for item in node.items("contacts")]
    return tuple(
        Contact(**{"priority": n, "name": f"Adult{n} Example", **given}) for n, given in enumerate(made_up, start=1)
    )


def detail(node: Node) -> MarkDetail:
    """What the MIS says beside a code, such as `{minutes_late: 7}`."""
    return MarkDetail(**some_fields(node, MarkDetail))


def closures(node: Node) -> Iterator[Closure]:
    """`{session: 2026-09-07 AM, reason: no heating, planned: no, scope: school}`."""
    for item in node.items("closures"):
        said = item.fields("a closure", ("session", "reason"), ("planned", "scope"))
        planned = "planned" in said and said["planned"].text() == "yes"
        scope = said["scope"].text() if "scope" in said else "school"
        yield Closure(read(said["session"], "session", Session.parse), said["reason"].text(), planned, scope)


def by_session(node: Node, what: str) -> Mapping[Session, Node]:
    """A table whose keys are sessions, such as `2026-09-07 AM`."""
    return {_session(key, item): item for key, item in node.table(what).items()}


def _session(text: str, at: Node) -> Session:
    try:
        return Session.parse(text)
    except ValueError as error:
        raise at.refuse(f"{text!r} is no session; write it as 2026-09-07 AM") from error


def _week_sessions(text: str) -> frozenset[tuple[int, Period]]:
    words = [part.split() for part in text.split(",")]
    return frozenset((WEEKDAYS.index(day), Period(period)) for day, period in words)


def _fail(text: str) -> bool:
    raise ValueError(f"{text!r} is neither yes nor no")
