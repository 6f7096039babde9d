"""Notes when a source stops answering and when it answers again, each once, and leaves it alone in between."""

from __future__ import annotations

from datetime import datetime

from mbls_sync.errors import AuthRejected, MisError, Unreachable
from mbls_sync.model.outages import Outage
from mbls_sync.pipeline.parts import PassInputs, Tally
from mbls_sync.store import breaker, leases
from mbls_sync.store.transaction import Tx


def worth_asking(given: PassInputs, source: str, now: datetime) -> bool:
    """Whether the source is to be asked now. A person who runs a command by hand wants to know, and always asks."""
    if not given.patient:
        return True
    with given.store.read() as tx:
        return breaker.may_ask(tx, source, now)


def note_failure(given: PassInputs, source: str, error: MisError, tally: Tally, doing: str = "") -> None:
    """A source failed. What goes on failing is said once; to a person who asks by hand, each time."""
    is_away = isinstance(error, Unreachable | AuthRejected)
    begun: Outage | None = None
    if is_away:
        with given.store.begin() as tx:
            _check(tx, given)
            begun = breaker.failed(tx, source, given.now(), error)
    tally.unreachable |= isinstance(error, Unreachable)
    if begun is not None:
        tally.outages.append(begun)
    if begun is not None or not is_away or not given.patient:
        tally.problems.append(f"{source}: {doing}{error}")


def note_answer(given: PassInputs, source: str, tally: Tally) -> None:
    """A source answered; where it had been away, that is said."""
    with given.store.read() as tx:
        if breaker.standing(tx, source) is None:
            return
    with given.store.begin() as tx:
        _check(tx, given)
        ended = breaker.answered(tx, source)
    if ended is not None:
        tally.outages.append(ended)


def standing_outages(tx: Tx, given: PassInputs) -> tuple[Outage, ...]:
    """The sources of this pass that are away."""
    found = (breaker.standing(tx, source.name) for source in given.sources)
    return tuple(outage for outage in found if outage is not None)


def _check(tx: Tx, given: PassInputs) -> None:
    if given.fence:
        leases.check(tx, given.fence)
