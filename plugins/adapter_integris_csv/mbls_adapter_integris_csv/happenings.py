"""Rows about what happened: messages, sign-ins, requests for leave, events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from mbls_adapter_integris_csv.side_cells import Cells
from mbls_adapter_integris_csv.values import BadCell, read_period, read_time
from mbls_sync.api import (
    AcademicYear,
    Direction,
    Event,
    LeaveRequest,
    Licence,
    Message,
    Period,
    RequestKind,
    Session,
    SignIn,
)

T = TypeVar("T")

DIRECTIONS = {
    **dict.fromkeys(("in", "signedin", "signin", "arrived", "arrival", "late"), Direction.IN),
    **dict.fromkeys(("out", "signedout", "signout", "left", "departure", "early"), Direction.OUT),
}

REQUEST_KINDS = {
    **dict.fromkeys(("leave", "leaveofabsence", "termtimeleave", "holiday"), RequestKind.LEAVE),
    **dict.fromkeys(("appointment", "medical", "medicalappointment", "dental"), RequestKind.APPOINTMENT),
    **dict.fromkeys(("performance", "performanceoractivity", "licensedperformance"), RequestKind.PERFORMANCE),
    **dict.fromkeys(("religiousobservance", "religious", "religion"), RequestKind.RELIGIOUS),
    **dict.fromkeys(("travel", "occupationaltravel", "traveller", "mobilechild"), RequestKind.TRAVEL),
    **dict.fromkeys(("lunch", "lunchtime", "leaveatlunch"), RequestKind.LUNCH),
}
LICENCES = {
    **dict.fromkeys(("dated", "withdates", "namesdates"), Licence.DATED),
    **dict.fromkeys(("undated", "withoutdates", "nodates"), Licence.UNDATED),
    **dict.fromkeys(("exempt", "exemption", "exemptionclaimed", "notneeded"), Licence.EXEMPT),
    **dict.fromkeys(("none", "no", "nolicence"), Licence.NONE),
}


def read_message(row: Cells) -> Message:
    """One message from home."""
    return Message(
        pupil=row.whom,
        received_at=row.moment("received_at"),
        sender=row.text("sender"),
        reason=row.text("reason"),
        expected_return=row.day("expected_return"),
    )


def read_sign_in(row: Cells) -> SignIn:
    """One sign-in or sign-out."""
    return SignIn(
        pupil=row.whom,
        day=row.needed("date", row.dates.day),
        time=row.needed("time", read_time),
        direction=row.needed("direction", _direction),
        reason=row.text("reason"),
    )


def read_leave_request(row: Cells) -> LeaveRequest:
    """One request for leave.

    A cell that need not be there and cannot be read costs the row: without it the leave would reach further, or be
    treated as another kind, than home has asked for.
    """
    first = row.needed("first", row.dates.day)
    kind = row.given("kind", _request_kind)
    lasts_the_year = kind is RequestKind.LUNCH and not row.text("last")
    request = LeaveRequest(
        pupil=row.whom,
        received_at=row.moment("received_at"),
        first=first,
        last=AcademicYear.of(first).last if lasts_the_year else row.needed("last", row.dates.day),
        purpose=row.text("purpose"),
        reason=row.text("reason"),
        kind=kind,
        starts=row.given("starts", read_period) or Period.AM,
        ends=row.given("ends", read_period) or Period.PM,
        leaves_at=row.given("leaves_at", read_time),
        back_at=row.given("back_at", read_time),
        licence=row.given("licence", _licence),
        licence_number=row.text("licence_number"),
        licence_first=row.given("licence_first", row.dates.day),
        licence_last=row.given("licence_last", row.dates.day),
        body=row.text("body"),
    )
    _refuse_a_backward_span(request)
    return request


def _refuse_a_backward_span(request: LeaveRequest) -> None:
    if Session(request.last, request.ends) < Session(request.first, request.starts):
        raise BadCell("the leave ends before it begins")
    if request.leaves_at and request.back_at and request.back_at <= request.leaves_at:
        raise BadCell("the pupil is back before leaving")
    if request.licence_first and request.licence_last and request.licence_last < request.licence_first:
        raise BadCell("the licence ends before it begins")


def read_event(row: Cells) -> Event:
    """One event; without a pupil it is the school's own."""
    return Event(
        at=row.moment("at"),
        kind=row.needed("kind", _kind),
        pupil=row.pupil,
        outcome=row.text("outcome"),
        by=row.text("by"),
        role=row.text("role"),
        note=row.text("note"),
        ref=row.text("ref"),
    )


def _direction(text: str) -> Direction:
    return _named(text, DIRECTIONS, "neither in nor out")


def _request_kind(text: str) -> RequestKind:
    return _named(text, REQUEST_KINDS, f"no kind of request; write one of {', '.join(RequestKind)}")


def _licence(text: str) -> Licence:
    return _named(text, LICENCES, f"no kind of licence; write one of {', '.join(Licence)}")


def _named(text: str, known: Mapping[str, T], problem: str) -> T:
    said = "".join(ch for ch in text.casefold() if ch.isalnum())
    if said not in known:
        raise BadCell(f"{text[:20]!r} is {problem}")
    return known[said]


def _kind(text: str) -> str:
    return re.sub(r"[\s_]+", "-", text.casefold())
