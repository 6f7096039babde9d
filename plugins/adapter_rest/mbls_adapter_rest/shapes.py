"""What the rows of each resource become, and the fields that they must or may say."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any, get_args, get_origin

from mbls_sync.api import (
    Contact,
    ContactsOf,
    Direction,
    Event,
    Flag,
    FlagsOf,
    LeaveRequest,
    MarkDetail,
    Message,
    Pattern,
    PatternsOf,
    Pupil,
    Resource,
    SignIn,
)

WHOM = frozenset({"upn", "admission_number", "mis_id"})
"""The fields that name a pupil."""
CLASS_ID = "class_id"
"""The field of a pupil that holds what the MIS calls the class; it is used for writing, and not stored."""
NOT_IN_A_ROW = frozenset({"id", "pupil", "contacts", "flags", "patterns"})


@dataclass(frozen=True)
class Shape:
    """`build` makes the value out of its fields; `gathers` makes one item of all values of a pupil."""

    build: type[Any]
    fields: Mapping[str, str]
    needs: frozenset[str] = frozenset()
    gathers: type[Any] | None = None
    of_the_school: bool = False


KINDS: Mapping[type[Any], str] = {date: "day", datetime: "moment", time: "time", bool: "yes", int: "whole"}


def _shape(build: type[Any], *needs: str, **more: Any) -> Shape:
    hints = typing.get_type_hints(build)
    named = {f.name: _kind(hints[f.name]) for f in fields(build) if f.name not in NOT_IN_A_ROW}
    return Shape(build, named, frozenset(needs), **more)


def _kind(hint: Any) -> str:
    if get_origin(hint) is frozenset:
        return "sessions"
    inner = set(get_args(hint)) or {hint}
    if Direction in inner:
        return "direction"
    return next((kind for of, kind in KINDS.items() if of in inner), "text")


SHAPES: Mapping[Resource, Shape] = {
    Resource.PUPILS: _shape(Pupil, "surname"),
    Resource.CONTACTS: _shape(Contact, "name", gathers=ContactsOf),
    Resource.FLAGS: _shape(Flag, "name", gathers=FlagsOf),
    Resource.PATTERNS: _shape(Pattern, "sessions", gathers=PatternsOf),
    Resource.MESSAGES: _shape(Message, "received_at"),
    Resource.SIGN_INS: _shape(SignIn, "day", "time", "direction"),
    Resource.LEAVE_REQUESTS: _shape(LeaveRequest, "received_at", "first", "last", "purpose"),
    Resource.EVENTS: _shape(Event, "at", "kind", of_the_school=True),
    Resource.MARKS: Shape(
        MarkDetail,
        {"day": "day", "session": "session", "code": "code", **_shape(MarkDetail).fields},
        frozenset({"day", "session", "code"}),
    ),
}
"""Every resource. The names of the fields are those of the model."""

ORDER = [Resource.PUPILS, *(resource for resource in Resource if resource not in (Resource.PUPILS, Resource.MARKS))]
ORDER += [Resource.MARKS]
"""People before what is said about them, marks last."""
