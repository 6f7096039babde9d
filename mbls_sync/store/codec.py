"""Values of the model as one canonical text each, and back; every moment in it is aware and in UTC."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from mbls_sync.contracts import ContactsOf, FlagsOf, Item, PatternsOf, Resource
from mbls_sync.model.decisions import Because, Reading, Value
from mbls_sync.model.deliveries import Kind
from mbls_sync.model.happenings import Event, LeaveRequest, Message, SignIn
from mbls_sync.model.proposals import (
    AddToSheet,
    DraftLetter,
    IncludeInReturn,
    OpenReferral,
    Proposal,
    RaiseTask,
    SetCode,
)
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Session
from mbls_sync.store.chain import canonical

TYPE_OF_RESOURCE: Mapping[Resource, Any] = {
    Resource.PUPILS: Pupil,
    Resource.CONTACTS: ContactsOf,
    Resource.FLAGS: FlagsOf,
    Resource.PATTERNS: PatternsOf,
    Resource.MESSAGES: Message,
    Resource.SIGN_INS: SignIn,
    Resource.LEAVE_REQUESTS: LeaveRequest,
    Resource.EVENTS: Event,
}
RESOURCE_OF_TYPE: Mapping[type, Resource] = {kind: resource for resource, kind in TYPE_OF_RESOURCE.items()}

TYPE_OF_KIND: Mapping[Kind, Any] = {
    Kind.MARK: SetCode,
    Kind.TASK: RaiseTask,
    Kind.LETTER: DraftLetter,
    Kind.RETURN_LINE: IncludeInReturn,
    Kind.REFERRAL: OpenReferral,
    Kind.SHEET_ROW: AddToSheet,
}


def item_text(item: Item) -> str:
    """One row of a resource as text."""
    return _text(type(item), item)


def read_item(resource: Resource, text: str) -> Item:
    """The row that was stored."""
    item: Item = _adapter(TYPE_OF_RESOURCE[resource]).validate_json(text)
    return item


def proposal_text(proposal: Proposal) -> str:
    """What a rule asked for as text."""
    return _text(type(proposal), proposal)


def read_proposal(kind: Kind, text: str) -> Proposal:
    """What a rule asked for."""
    proposal: Proposal = _adapter(TYPE_OF_KIND[kind]).validate_json(text)
    return proposal


def because_text(because: Because) -> str:
    """Why, as text."""
    readings = [
        [reading.parameter, _value_form(reading.value), reading.since.isoformat(), reading.cites, reading.says]
        for reading in because.readings
    ]
    marks = [[str(session), code] for session, code in because.marks]
    return canonical({"rule": because.rule, "cites": because.cites, "readings": readings, "marks": marks})


def read_because(text: str) -> Because:
    """Why."""
    form = json.loads(text)
    readings = tuple(
        Reading(parameter, _read_value(value), date.fromisoformat(since), cites, says)
        for parameter, value, since, cites, says in form["readings"]
    )
    marks = tuple((Session.parse(session), code) for session, code in form["marks"])
    return Because(form["rule"], form["cites"], readings, marks)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # Built on first use: a command that reads no messages does not pay for their schema.
    return TypeAdapter(kind)


def _text(kind: Any, value: object) -> str:
    form = _adapter(kind).dump_python(value)
    return json.dumps(form, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | ZoneInfo):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"a {type(value).__name__} cannot be stored")


def _moment(moment: datetime) -> str:
    # In UTC whatever zone it came in: else one moment would have two texts, and look like a change.
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored: it would mean another time elsewhere")
    return moment.astimezone(UTC).isoformat()


def _value_form(value: Value) -> object:
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, tuple):
        return {"table": [list(pair) for pair in value]}
    return value


def _read_value(form: Any) -> Value:
    if not isinstance(form, dict):
        plain: Value = form
        return plain
    ((kind, text),) = form.items()
    if kind == "time":
        return time.fromisoformat(text)
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "decimal":
        return Decimal(text)
    return tuple((key, value) for key, value in text)
