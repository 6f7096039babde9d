"""What an MIS's answer to a write says of each mark in it."""

from __future__ import annotations

from typing import Any

from mbls_adapter_rest.options_write import Later, StatusOnly, SyncBody, WritePart
from mbls_adapter_rest.paths import getter
from mbls_adapter_rest.values import BadValue, as_text
from mbls_sync.api import Accepted, PushResult, Refused, Unknown

LONGEST_REASON = 200


def results_of(write: WritePart, whole: PushResult, document: Any, count: int) -> list[PushResult]:
    """One result for each of the marks that were sent together. `whole` is what the answer says of the call."""
    match write.ack:
        case SyncBody() as ack if not isinstance(whole, Unknown):
            found = _each(ack, document, count)
            if found is not None:
                return _as_one(found) if write.atomicity == "all_or_nothing" else found
            if isinstance(whole, Accepted):
                return [Unknown(f"the answer holds no result for each of the {count} marks at {ack.results!r}")] * count
        case Later() as ack if isinstance(whole, Accepted):
            reference = _text(ack.reference, document)
            said = Accepted(reference) if reference else Unknown(f"the answer holds no reference at {ack.reference!r}")
            return [said] * count
        case StatusOnly():
            pass
    if isinstance(whole, Refused) and count > 1 and write.atomicity != "all_or_nothing":
        return [Unknown(f"{whole.reason}, of {count} marks together: some of them may have been taken")] * count
    return [whole] * count


def _each(ack: SyncBody, document: Any, count: int) -> list[PushResult] | None:
    """A result a mark, in the order sent; None where the answer has not as many."""
    rows = getter(ack.results)(document) if ack.results else document
    rows = rows if isinstance(rows, list) else [rows] if isinstance(rows, dict) else []
    if len(rows) != count:
        return None
    return [_one(ack, row) for row in rows]


def _one(ack: SyncBody, row: Any) -> PushResult:
    said = _text(ack.status, row)
    if said in ack.ok:
        return Accepted(_text(ack.reference, row) if ack.reference else "")
    if not said:
        return Unknown(f"the answer says nothing of this mark at {ack.status!r}: it may have been taken")
    reason = _text(ack.reason, row) if ack.reason else ""
    return Refused((reason or f"its status is {said!r}")[:LONGEST_REASON])


def _as_one(found: list[PushResult]) -> list[PushResult]:
    """Where one refusal takes all back, none was written."""
    if not any(isinstance(result, Refused) for result in found):
        return found
    other = Refused("another mark of the same call was refused, and the MIS takes all of a call or nothing")
    return [other if isinstance(result, Accepted) else result for result in found]


def outcome_of(ack: Later, document: Any, reference: str) -> Accepted | Refused | None:
    """What became of a write under its reference; None while it is under way."""
    said = _text(ack.status, document)
    if said in ack.done:
        return Accepted(reference)
    if said in ack.failed:
        reason = _text(ack.reason, document) if ack.reason else ""
        return Refused((reason or f"its status is {said!r}")[:LONGEST_REASON])
    return None


def _text(path: str, row: Any) -> str:
    try:
        return as_text(getter(path)(row))
    except BadValue:
        return ""
