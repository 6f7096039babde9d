"""Pseudonyms: what ledger and audit call a pupil, so that a pupil can be erased and the proof still stands."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from mbls_sync.model.marks import PupilId
from mbls_sync.store.schema import detail, item, outbox, page, person
from mbls_sync.store.transaction import Tx, insert


def pseudonym(tx: Tx, pupil: PupilId) -> str:
    """The pupil's pseudonym: random, made when first asked for, the same ever after."""
    return assigned(tx, [pupil])[pupil]


def pseudonyms(tx: Tx) -> Mapping[PupilId, str]:
    """Every pupil's pseudonym."""
    return dict(_known(tx))


def assigned(tx: Tx, pupils: Iterable[PupilId]) -> Mapping[PupilId, str]:
    """Every known pupil's pseudonym, with one for each of `pupils`."""
    known = _known(tx)
    missing = [pupil for pupil in dict.fromkeys(pupils) if pupil not in known]
    call(tx, {pupil: secrets.token_hex(8) for pupil in missing})
    return known


def call(tx: Tx, names: Mapping[PupilId, str]) -> None:
    """Give pupils these pseudonyms, made elsewhere; whoever has one already keeps it."""
    known = _known(tx)
    fresh = {pupil: name for pupil, name in names.items() if pupil not in known}
    insert(tx, person, [{"school": tx.school, "pupil": p, "pseudonym": name} for p, name in fresh.items()])
    known.update(fresh)


def erase(tx: Tx, pupil: PupilId) -> bool:
    """Forget a pupil: pages, details, inputs, effects and the pseudonym's key. Ledger and audit still prove.

    Returns whether anything was known.
    """
    found = 0
    for table in (detail, page, item, outbox, person):
        gone = tx.connection.execute(table.delete().where(table.c.school == tx.school, table.c.pupil == pupil))
        found += gone.rowcount
    tx.people = None
    return bool(found)


def _known(tx: Tx) -> dict[PupilId, str]:
    if tx.people is None:
        rows = tx.connection.execute(select(person.c.pupil, person.c.pseudonym).where(person.c.school == tx.school))
        tx.people = {PupilId(pupil): name for pupil, name in rows}
    return tx.people
