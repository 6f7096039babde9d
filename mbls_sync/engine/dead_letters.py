"""A mark that the program cannot bring to an end by itself is a person's: when that is, and what to do then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.policy.view import PolicyAt

FOLLOWED_UP = (State.ACCEPTED, State.UNKNOWN)
"""What is read back for a while before it is anybody's."""
RETRY = "where it is still called for: mbls-sync outbox retry {id}"
DISCARD = "where it is not: mbls-sync outbox discard {id} --reason TEXT"

_WHAT_TO_DO: Mapping[str, tuple[str, ...]] = {
    "mark-conflict": ("Look at the mark in the MIS and settle there which is right.", RETRY, DISCARD),
    "mark-refused": ("Mend in the MIS what it objects to, or enter the mark there by hand.", RETRY, DISCARD),
    "mark-unknown": (
        "Look in the MIS whether the mark is there. If it is, there is nothing to do: the next pass sees it.",
        "If it is not, enter it there by hand; or,",
        RETRY,
        DISCARD,
    ),
    "mark-not-shown": (
        "Look in the MIS why it does not show the mark that it accepted; the register may have been locked.",
        "Enter it there by hand; or,",
        RETRY,
        DISCARD,
    ),
}


def confirm_within(policy: PolicyAt) -> timedelta:
    """How long a written mark is followed up before it is a person's."""
    return timedelta(minutes=policy.count("write.confirm_within"))


def dead_as(effect: Effect, now: datetime, within: timedelta) -> str | None:
    """The kind of task that a mark has come to; None where it is on its way or done."""
    if effect.kind is not Kind.MARK:
        return None
    if effect.state in FOLLOWED_UP and not effect.has_stood(within, now):
        return None
    return _KIND.get(effect.state)


def what_to_do(kind: str, id: str) -> tuple[str, ...]:
    """The steps of such a task, in order."""
    return tuple(step.format(id=id) for step in _WHAT_TO_DO[kind])


_KIND = {
    State.CONFLICTED: "mark-conflict",
    State.REFUSED: "mark-refused",
    State.UNKNOWN: "mark-unknown",
    State.ACCEPTED: "mark-not-shown",
}
