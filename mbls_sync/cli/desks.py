"""Lays out the attendance officer's desk, as it is now or as it would have been, for the commands that read from it."""

from __future__ import annotations

from dataclasses import replace

from mbls_sync.cli.asking import moment
from mbls_sync.cli.wiring import Office
from mbls_sync.delivery.desk import Desk
from mbls_sync.engine.subjects import Subjects
from mbls_sync.engine.world import World
from mbls_sync.errors import ConfigurationError
from mbls_sync.model.deliveries import Effect
from mbls_sync.pipeline.one_pass import run_pass
from mbls_sync.pipeline.papers import desk_of
from mbls_sync.pipeline.parts import JUDGE
from mbls_sync.pipeline.world import build_world
from mbls_sync.store import outbox, quarantine
from mbls_sync.store.database import Store, Tx


def desk_now(office: Office, store: Store) -> Desk:
    """The desk with the whole outbox, open and closed, by what is known now."""
    with store.read() as tx:
        world = build_world(tx, office.inputs(store, frozenset()), office.local_now())
        unread = tuple(held.row for held in quarantine.open_rows(tx))
        return replace(_desk(office, world, outbox.load(tx), len(unread)), unread=unread)


def desk_at(office: Office, store: Store, at: str | None, hindsight: bool) -> Desk:
    """The desk of `--at`: its effects are what would have been called for then. Without `at`, the desk now."""
    if at is None:
        return desk_now(office, store)
    when = moment(at, office.zone, office.clock())
    given = office.inputs(store, frozenset({JUDGE}))
    report = run_pass(replace(given, at=when, hindsight=hindsight))
    with store.read() as tx:
        world = build_world(tx, given, when, at=None if hindsight else when)
    return _desk(office, world, tuple(change.effect for change in report.changes))


def the_effect(tx: Tx, id: str) -> Effect:
    """The effect that a key, or the beginning of one, names. Raises ConfigurationError where none does."""
    found = outbox.by_key(tx, id)
    if found is None:
        raise ConfigurationError(f"nothing has the id {id!r}; `mbls-sync tasks list` and `outbox list` show the ids")
    return found


def _desk(office: Office, world: World, effects: tuple[Effect, ...], quarantined: int = 0) -> Desk:
    return desk_of(world, Subjects(world), office.settings.mode, office.codebook, effects, quarantined, office.profile)
