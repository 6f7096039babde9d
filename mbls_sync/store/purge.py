"""Drops what is over its term, class by class, each in one transaction with its own audit entry.

A purge that is killed half-way has dropped some classes whole and others not at all; the next one finds the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, func, select, true

from mbls_sync.contracts import Resource
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.deliveries import State
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sendings import SendState
from mbls_sync.store import audit, disclosures, inputs, leases, people, quarantine, tombstones
from mbls_sync.store.database import Store
from mbls_sync.store.schema import detail, held_pull, item, outbox, page, sending
from mbls_sync.store.schema import quarantine as quarantined
from mbls_sync.store.signing import SigningKey
from mbls_sync.store.transaction import Tx

DROPPED = "retention.purged"
"""The kind of the audit entry that states what a class lost."""

ROLL = (Resource.PUPILS, Resource.CONTACTS, Resource.FLAGS, Resource.PATTERNS)
HAPPENINGS = (Resource.MESSAGES, Resource.SIGN_INS, Resource.LEAVE_REQUESTS)


@dataclass(frozen=True, slots=True)
class Cut:
    """What goes: our copy of the register before `copy_from`, entries before `entries_from`, and the leavers.

    Nothing of a pupil in `held` goes, but for whole years of the register, which `copy_from` keeps for them, and what
    the log says of them. Of whom a legal hold is about, in `on_hold`, that stays too.
    """

    copy_from: AcademicYear
    entries_from: AcademicYear
    copy_moment: datetime
    entries_moment: datetime
    held: frozenset[PupilId] = frozenset()
    on_hold: frozenset[PupilId] = frozenset()
    everybody_held: bool = False


@dataclass(frozen=True, slots=True)
class Warrant:
    """Why something is dropped, when, and the key that signs for it."""

    why: str
    at: datetime
    key: SigningKey


@dataclass(frozen=True, slots=True)
class Segment:
    """One academic year of a chained book; it goes whole, and leaves a tombstone."""

    name: str
    book: str
    year: AcademicYear

    def count(self, tx: Tx) -> int:
        """How many entries would go."""
        return tombstones.count(tx, self.book, self.year)

    def drop(self, tx: Tx, by: Warrant) -> int:
        """Drop the entries, and the register's pages that they prove, in the caller's transaction; how many."""
        for table in (page, detail) if self.book == "ledger" else ():
            tx.connection.execute(delete(table).where(table.c.school == tx.school, table.c.year == self.year.start))
        return tombstones.bury(tx, self.book, self.year, by.why, by.at, by.key)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table that are over their term."""

    name: str
    table: Table
    where: ColumnElement[bool]

    def count(self, tx: Tx) -> int:
        """How many rows would go."""
        mine = and_(self.table.c.school == tx.school, self.where)
        return tx.connection.execute(select(func.count()).select_from(self.table).where(mine)).scalar_one()

    def drop(self, tx: Tx, by: Warrant) -> int:
        """Drop them in the caller's transaction, audited; how many there were."""
        mine = and_(self.table.c.school == tx.school, self.where)
        gone = tx.connection.execute(delete(self.table).where(mine)).rowcount
        if gone:
            audit.append(tx, DROPPED, self.name, {"rows": gone, "why": by.why}, by.at)
        return gone


Part = Segment | Rows
"""One class of what is over its term."""


def run(store: Store, cut: Cut, by: Warrant, fence: int = 0) -> Iterator[tuple[str, int]]:
    """Drop every class, one transaction each, and say after each what it was and how many rows went."""
    with store.read() as tx:
        planned = tuple(parts(tx, cut))
    for part in planned:
        with store.begin() as tx:
            _still_the_writer(tx, fence)
            gone = part.drop(tx, by)
        yield part.name, gone
    with store.begin() as tx:
        _still_the_writer(tx, fence)
        forgotten = erase(tx, leavers(tx, inputs.roll(tx), cut), by)
    yield "leavers", forgotten
    store.compact()


def _still_the_writer(tx: Tx, fence: int) -> None:
    if fence:
        leases.check(tx, fence)


def parts(tx: Tx, cut: Cut) -> Iterator[Part]:
    """Every class that may hold something over its term, segments of the past first."""
    if cut.everybody_held:
        return
    for year in tombstones.years(tx, "ledger"):
        if year < cut.copy_from:
            yield Segment(f"our copy of the register {year}", "ledger", year)
    names = {name for pupil, name in people.pseudonyms(tx).items() if pupil in cut.on_hold}
    log = disclosures.entries(tx) if names else ()
    kept = {entry.year for entry in log if names.intersection(entry.subjects)}
    for year in tombstones.years(tx, "disclosure"):
        if year < cut.entries_from and year not in kept:
            yield Segment(f"log of disclosures {year}", "disclosure", year)
    free = item.c.pupil.not_in(cut.held)
    old = and_(item.c.moment < cut.copy_moment, free)
    yield Rows("messages, sign-ins and requests", item, and_(item.c.resource.in_(map(str, HAPPENINGS)), old))
    yield Rows("earlier versions of the roll", item, _superseded(cut))
    chronology = and_(item.c.resource == str(Resource.EVENTS), item.c.moment < cut.entries_moment, free)
    yield Rows("case chronology", item, chronology)
    closed = outbox.c.state.not_in([str(state) for state in State if state.is_open])
    yield Rows(
        "closed effects",
        outbox,
        and_(closed, outbox.c.changed_at < cut.entries_moment, outbox.c.pupil.not_in(cut.held)),
    )
    ended = sending.c.state.not_in([str(state) for state in SendState if state.is_owed])
    of_others = and_(true(), *(~sending.c.subjects.contains(name) for name in sorted(names)))
    yield Rows("sendings", sending, and_(ended, sending.c.changed_at < cut.entries_moment, of_others))
    settled = quarantined.c.state != quarantine.OPEN
    yield Rows(
        "settled rows of the quarantine", quarantined, and_(settled, quarantined.c.observed_at < cut.copy_moment)
    )
    yield Rows(
        "held pulls", held_pull, and_(held_pull.c.state != quarantine.OPEN, held_pull.c.observed_at < cut.copy_moment)
    )


def leavers(tx: Tx, pupils: Iterable[Pupil], cut: Cut) -> tuple[PupilId, ...]:
    """Pupils who left before everything that is kept, of whom nothing is owed and whom no kept disclosure is about."""
    if cut.everybody_held:
        return ()
    names = people.pseudonyms(tx)
    told = {name for entry in disclosures.entries(tx) if entry.year >= cut.entries_from for name in entry.subjects}
    return tuple(
        pupil.id
        for pupil in pupils
        if pupil.left is not None
        and AcademicYear.of(pupil.left) < min(cut.entries_from, cut.copy_from)
        and pupil.id not in cut.held
        and names.get(pupil.id) not in told
    )


def erase(tx: Tx, gone: Collection[PupilId], by: Warrant) -> int:
    """Forget leavers and the key of their pseudonyms, audited; ledger, log and audit still prove."""
    for pupil in gone:
        name = people.pseudonym(tx, pupil)
        people.erase(tx, pupil)
        audit.append(tx, DROPPED, "leavers", {"pupil": name, "why": by.why}, by.at)
    return len(gone)


def _superseded(cut: Cut) -> ColumnElement[bool]:
    """Versions of the roll that were no longer known at the start of our copy: none of its days is judged by them."""
    later = item.alias("later")
    newer = select(later.c.version).where(
        later.c.school == item.c.school,
        later.c.resource == item.c.resource,
        later.c.key == item.c.key,
        later.c.version > item.c.version,
        later.c.known_from <= cut.copy_moment,
    )
    return and_(item.c.resource.in_(map(str, ROLL)), item.c.pupil.not_in(cut.held), newer.exists())
