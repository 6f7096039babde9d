"""The core's own tasks about marks that could not simply be written: a person looks, and nothing is silent."""

from __future__ import annotations

from collections.abc import Sequence

from mbls_sync.engine.apply import Round
from mbls_sync.engine.limits import Cap
from mbls_sync.engine.resolve import core_decision, end_of, end_of_day, office
from mbls_sync.engine.world import World
from mbls_sync.model.decisions import Decision, Judged
from mbls_sync.model.deliveries import Effect, State
from mbls_sync.model.proposals import RaiseTask, Rank, SetCode

WRITE_RULE = "CORE-WRITE"
"""A mark is conflicted, refused, or its fate is not known."""
CAP_RULE = "CORE-CAP"
"""More marks wait than one pass may write."""
AFTER_DELIVERY = frozenset({WRITE_RULE, CAP_RULE})
CITES = "Attendance register"


def after_delivery(world: World, marks: Sequence[Effect], cap: Cap | None) -> Round:
    """What the core asks of a person once marks have been sent. `marks` are those still asked for, and the open."""
    decisions = [decision for effect in marks if (decision := _about(world, effect)) is not None]
    if cap is not None:
        decisions.append(_capped(world, cap))
    ordered = tuple(sorted(decisions, key=lambda decision: decision.key))
    return Round(Judged(ordered, (), (), world.now), frozenset(), AFTER_DELIVERY)


def _about(world: World, effect: Effect) -> Decision | None:
    wanted, kind = effect.proposal, _KIND.get(effect.state)
    overdue = effect.state is State.ACCEPTED and effect.changed_at.astimezone(world.now.tzinfo).date() < world.today
    kind = "mark-not-shown" if overdue else kind
    if kind is None or not isinstance(wanted, SetCode):
        return None
    session = wanted.subject.session
    task = RaiseTask(
        kind=kind,
        title=f"Look at the mark of {session} in the MIS: {wanted.code} was to be set",
        why=effect.reason,
        due=end_of_day(world, session),
        role=office(world),
        rank=Rank.NOT_CODED,
        pupil=wanted.subject.pupil,
        occasion=f"{session} {wanted.code}",
        session=session,
        facts=(("Asked for because", wanted.reason),),
    )
    return core_decision(world, WRITE_RULE, CITES, task)


def _capped(world: World, cap: Cap) -> Decision:
    task = RaiseTask(
        kind="write-cap",
        title="Look at the marks that wait to be written, then approve or discard them",
        why=f"{cap.reason}: writing stopped, because a fault must not change half a register",
        due=end_of(world),
        role=office(world),
        rank=Rank.NOT_CODED,
        occasion=str(world.today),
        steps=("mbls-sync outbox list", "mbls-sync outbox approve"),
    )
    return core_decision(world, CAP_RULE, CITES, task)


_KIND = {
    State.CONFLICTED: "mark-conflict",
    State.REFUSED: "mark-refused",
    State.UNKNOWN: "mark-unknown",
}
