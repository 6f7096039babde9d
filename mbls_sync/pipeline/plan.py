"""Judges, and brings the outbox to what should be open: planned effects and their audit in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from mbls_sync.engine.apply import Round, judge
from mbls_sync.engine.core_tasks import AFTER_DELIVERY, after_delivery
from mbls_sync.engine.late_lines import late_lines_judged
from mbls_sync.engine.limits import Hold
from mbls_sync.engine.reconcile import Change, What, reconcile
from mbls_sync.engine.resolve import resolve
from mbls_sync.engine.subjects import Subjects
from mbls_sync.engine.world import World
from mbls_sync.model.deliveries import Mode
from mbls_sync.model.marks import PupilId
from mbls_sync.pipeline.outages import standing_outages
from mbls_sync.pipeline.parts import PassInputs, Tally
from mbls_sync.pipeline.world import JUDGED_AT, build_world, inherited_keys, remember_inherited
from mbls_sync.store import leases, meta, outbox, people
from mbls_sync.store.transaction import Tx

MODE = "mode"


@dataclass(frozen=True)
class Plan:
    """What one round of judging came to. `mode_since` is when the present mode was set."""

    world: World
    subjects: Subjects
    round: Round
    mode_since: datetime

    @cached_property
    def asked(self) -> frozenset[str]:
        """The keys that the rules ask for now."""
        return _keys(self.round)


def look_back(given: PassInputs, moment: datetime, tally: Tally) -> None:
    """Judge as of a past moment and report what would have been opened; store nothing."""
    now = moment.astimezone(given.calendar.zone)
    with given.store.read() as tx:
        world = build_world(tx, given, now, at=None if given.hindsight else now)
        keys, _ = inherited_keys(tx, given, given.registry.rules, now)
        names = dict(people.pseudonyms(tx))
    found = resolve(judge(world, given.registry.rules, lambda pupil: names.get(pupil, "a pupil")), world)
    _count_round(found, tally)
    _count_changes(reconcile(found, (), world, keys), tally)


def plan(given: PassInputs, now: datetime, tally: Tally) -> Plan:
    """Judge the school as it is known now, and store what must change because of it.

    Effects are compared in the same transaction that changes them: what a person approves or ticks off
    meanwhile is seen, not overwritten.
    """
    with given.store.read() as tx:
        world = build_world(tx, given, now)
        keys, memory = inherited_keys(tx, given, given.registry.rules, now)
        names = dict(people.pseudonyms(tx))
        still_open = outbox.standing(tx, ())
    subjects = Subjects(world)

    def pseudonym(pupil: PupilId) -> str:
        return names.get(pupil, "a pupil")

    found = resolve(judge(world, given.registry.rules, pseudonym, subjects), world)
    settled = late_lines_judged(found, still_open, world, given.registry.rules, pseudonym)
    _count_round(settled, tally)
    with given.store.begin() as tx:
        _check(tx, given)
        since = _mode_since(tx, given.mode, now)
        remember_inherited(tx, given, memory)
        known = [e for e in outbox.standing(tx, _keys(settled)) if e.because.rule not in AFTER_DELIVERY]
        store_changes(tx, reconcile(settled, known, world, keys), tally)
        meta.put(tx, JUDGED_AT, now.isoformat())
    return Plan(world, subjects, settled, since)


def plan_after_delivery(given: PassInputs, made: Plan, holds: Sequence[Hold], tally: Tally) -> None:
    """Open, keep or withdraw the core's own tasks: marks not simply written, sources that are away, late returns."""
    with given.store.begin() as tx:
        _check(tx, given)
        known = outbox.standing(tx, made.asked)
        wanted = after_delivery(made.world, known, holds, standing_outages(tx, given))
        opened = outbox.by_keys(tx, _keys(wanted)).values()
        mine = {e.key: e for e in (*known, *opened) if e.because.rule in AFTER_DELIVERY}
        store_changes(tx, reconcile(wanted, [mine[key] for key in sorted(mine)], made.world), tally)


def store_changes(tx: Tx, changes: Iterable[Change], tally: Tally) -> None:
    """Store every change with its audit entry, and count it."""
    found = list(changes)
    for change in found:
        if change.what is not What.KEEP:
            outbox.put(tx, change.effect, f"{change.what}: {change.reason}")
    _count_changes(found, tally)


def _keys(round: Round) -> frozenset[str]:
    return frozenset(decision.key for decision in round.judged.decisions)


def _mode_since(tx: Tx, mode: Mode, now: datetime) -> datetime:
    """Since when the mode has been what it is. What was opened before that waits for a person, or to be asked anew."""
    known = json.loads(meta.get(tx, MODE) or "{}")
    since = datetime.fromisoformat(known["since"]) if known.get("mode") == str(mode) else None
    # A moment yet to come was written under a wrong clock: kept, it would hold back all that is asked for till then.
    if since is not None and since <= now:
        return since
    meta.put(tx, MODE, json.dumps({"mode": str(mode), "since": now.isoformat()}))
    return now


def _check(tx: Tx, given: PassInputs) -> None:
    if given.fence:
        leases.check(tx, given.fence)


def _count_round(round: Round, tally: Tally) -> None:
    judged = round.judged
    tally.judged = judged
    tally.add(decisions=len(judged.decisions), conflicts=len(judged.conflicts), failures=len(judged.failures))


def _count_changes(changes: Iterable[Change], tally: Tally) -> None:
    for change in changes:
        tally.changes.append(change)
        tally.add(**{str(change.what): 1})
