"""The core's own tasks about what it could not do by itself: a person looks, and nothing is silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from mbls_sync.engine.apply import Round
from mbls_sync.engine.dead_letters import confirm_within, dead_as, what_to_do
from mbls_sync.engine.limits import CODES, OLD_DAYS, OVER_CAP, Hold
from mbls_sync.engine.overdue import OVERDUE_RULE, overdue_returns
from mbls_sync.engine.resolve import core_decision, end_of, end_of_day, office
from mbls_sync.engine.world import World
from mbls_sync.model.decisions import Decision, Judged
from mbls_sync.model.deliveries import Effect, Kind
from mbls_sync.model.outages import Outage
from mbls_sync.model.proposals import RaiseTask, Rank, SetCode

WRITE_RULE = "CORE-WRITE"
"""A mark is conflicted, refused, or did not come to show in the MIS."""
CAP_RULE = "CORE-CAP"
"""Marks wait for a person before any of them is written."""
MIS_RULE = "CORE-MIS"
"""A source does not answer."""
AFTER_DELIVERY = frozenset({WRITE_RULE, CAP_RULE, MIS_RULE, OVERDUE_RULE})
CITES = "Attendance register"

LOOK = ("mbls-sync outbox list --kind mark", "mbls-sync outbox approve ID, or discard ID --reason TEXT")

_HELD: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    OVER_CAP: (
        "Look at the marks that wait to be written, then approve or discard them",
        "writing stopped, because a fault must not change half a register",
        LOOK,
    ),
    OLD_DAYS: (
        "Look at the marks of long ago that wait to be written, then approve or discard them",
        "what lies so far back is changed on a person's word only",
        LOOK,
    ),
    CODES: (
        "Have the MIS take every code that the policy sets; until then no mark is written",
        "a mark that the MIS cannot take would be lost at the busiest minute of the morning",
        ("Add or unlock the codes in the MIS, or correct write/codes.yaml.", "mbls-sync check"),
    ),
}


def after_delivery(
    world: World, effects: Sequence[Effect], holds: Sequence[Hold] = (), outages: Sequence[Outage] = ()
) -> Round:
    """What the core asks of a person once marks have been sent. `effects` are those still asked for, and the open."""
    dead = (_dead_letter(world, effect) for effect in effects if effect.kind is Kind.MARK)
    decisions = [
        *(decision for decision in dead if decision is not None),
        *(_held(world, hold) for hold in holds),
        *(_away(world, outage) for outage in outages),
        *overdue_returns(world, effects),
    ]
    ordered = tuple(sorted(decisions, key=lambda decision: decision.key))
    return Round(Judged(ordered, (), (), world.now), frozenset(), AFTER_DELIVERY)


def _dead_letter(world: World, effect: Effect) -> Decision | None:
    wanted = effect.proposal
    kind = dead_as(effect, world.now, confirm_within(world.policy()))
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
        steps=what_to_do(kind, effect.key[:12]),
        facts=(("Asked for because", wanted.reason),),
    )
    return core_decision(world, WRITE_RULE, CITES, task)


def _held(world: World, hold: Hold) -> Decision:
    title, because, steps = _HELD[hold.kind]
    task = RaiseTask(
        kind=hold.kind,
        title=title,
        why=f"{hold.reason}: {because}",
        due=end_of(world),
        role=office(world),
        rank=Rank.NOT_CODED,
        occasion=str(world.today),
        steps=steps,
    )
    return core_decision(world, CAP_RULE, CITES, task)


def _away(world: World, outage: Outage) -> Decision:
    since = outage.since.astimezone(world.calendar.zone)
    task = RaiseTask(
        kind="mis-away",
        title=f"Work by what is known: {outage.source} has not answered since {_when(world, since)}",
        why=f"{outage.says}. It is asked less and less often until it answers, and this line then goes by itself",
        due=end_of(world),
        role=office(world),
        rank=Rank.REGISTER,
        occasion=f"{outage.source} {since.isoformat(timespec='minutes')}",
        steps=("Tell whoever looks after the MIS; mbls-sync check says what was tried.",),
    )
    return core_decision(world, MIS_RULE, CITES, task)


def _when(world: World, moment: datetime) -> str:
    return f"{moment:%H.%M}" if moment.date() == world.today else f"{moment:%H.%M on %d %B}"
