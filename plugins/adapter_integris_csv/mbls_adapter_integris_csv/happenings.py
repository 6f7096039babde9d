"""Rows about what happened: messages, sign-ins, requests for leave, events."""

from __future__ import annotations

import re

from mbls_adapter_integris_csv.side_cells import Cells
from mbls_adapter_integris_csv.values import BadCell, read_time
from mbls_sync.api import Direction, Event, LeaveRequest, Message, SignIn

DIRECTIONS = {
    **dict.fromkeys(("in", "signedin", "signin", "arrived", "arrival", "late"), Direction.IN),
    **dict.fromkeys(("out", "signedout", "signout", "left", "departure", "early"), Direction.OUT),
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
    """One request for leave."""
    first = row.needed("first", row.dates.day)
    last = row.needed("last", row.dates.day)
    if last < first:
        raise BadCell("the leave ends before it begins")
    return LeaveRequest(
        pupil=row.whom,
        received_at=row.moment("received_at"),
        first=first,
        last=last,
        purpose=row.text("purpose"),
        reason=row.text("reason"),
    )


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
    said = "".join(ch for ch in text.casefold() if ch.isalnum())
    if said not in DIRECTIONS:
        raise BadCell(f"{text[:20]!r} is neither in nor out")
    return DIRECTIONS[said]


def _kind(text: str) -> str:
    return re.sub(r"[\s_]+", "-", text.casefold())
