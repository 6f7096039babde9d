"""Which marks may go out now: by the mode, by the hour, by what the MIS takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from mbls_sync.contracts import Adapter, ListsCodes
from mbls_sync.errors import AuthRejected, Rejected
from mbls_sync.model.codes import Code
from mbls_sync.model.deliveries import Effect, Kind, Mode, State
from mbls_sync.model.proposals import SetCode
from mbls_sync.policy.view import PolicyAt

QUIET = ("write.quiet_from", "write.quiet_until")
"""Optional times of day between which no mark is written."""


def is_quiet(policy: PolicyAt, now: datetime) -> bool:
    """Whether no mark is written at this time of day. Without both parameters: never."""
    if not all(policy.is_in_force(name) for name in QUIET):
        return False
    start, end = (policy.time_of_day(name) for name in QUIET)
    time = now.time()
    return start <= time < end if start <= end else time >= start or time < end


def cleared_to_send(effects: Sequence[Effect], mode: Mode, since: datetime) -> tuple[Effect, ...]:
    """The marks that this mode lets out. `since` is when the mode was set.

    In confirm only what a person approved. In auto also what was opened since auto was set: what piled up
    before waits for a person's approval, or to be called for afresh; and so does a mark that its rule wants
    signed off.
    """
    marks = (effect for effect in effects if effect.kind is Kind.MARK)
    if mode is Mode.SHADOW:
        return ()
    if mode is Mode.CONFIRM:
        return tuple(effect for effect in marks if effect.state is State.APPROVED)
    return tuple(
        effect
        for effect in marks
        if effect.state is State.APPROVED
        or (effect.state is State.PLANNED and effect.opened_at >= since and not _wants_sign_off(effect))
    )


def codes_not_taken(adapter: Adapter, codes: Iterable[Code]) -> str:
    """In words which of `codes` the MIS does not take, and why; empty where it takes them all.

    An adapter that cannot say what its MIS takes is asked nothing. Raises MisError where the MIS cannot be asked.
    """
    if not isinstance(adapter, ListsCodes):
        return ""
    try:
        known = adapter.code_map()
    except AuthRejected:
        raise
    except Rejected as error:
        return str(error)
    found = {code: known.get(code, "it does not know it") for code in codes}
    untaken = [f"{code} ({found[code]})" for code in sorted(found) if found[code]]
    return f"the MIS does not take {', '.join(untaken)}" if untaken else ""


def _wants_sign_off(effect: Effect) -> bool:
    return isinstance(effect.proposal, SetCode) and effect.proposal.sign_off
