"""Every input but marks, append-only: who is on roll, and what home, the office and the head have said.

A row is added only where it differs from the latest with its key; nothing is replaced, so that any
moment can be judged as it was known then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select

from mbls_sync.contracts import ContactsOf, FlagsOf, Item, PatternsOf, Resource
from mbls_sync.model.happenings import Event, LeaveRequest, Message, SignIn
from mbls_sync.model.pupils import Pupil
from mbls_sync.store import first_load as school_load
from mbls_sync.store.codec import RESOURCE_OF_TYPE, item_text, read_item
from mbls_sync.store.schema import item as table
from mbls_sync.store.schema import moment_text, storable
from mbls_sync.store.transaction import Tx, chunks, insert

ALWAYS = datetime(1, 1, 1, tzinfo=UTC)
"""From when a fact without a moment of its own is known, where it came with a first load."""

LONDON = ZoneInfo("Europe/London")
"""The zone of the calendar's default: what a sign-in's time of day is read in where the caller names none."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Candidate:
    key: str
    pupil: str
    moment: datetime
    payload: str


def append(tx: Tx, items: Sequence[Item], observed_at: datetime, source: str, zone: tzinfo = LONDON) -> tuple[int, int]:
    """Store rows; returns how many were new or changed, and how many were as stored.

    What comes with the first load of a resource is reconstructed: it is known from its own moment (when a
    message came, when a pupil signed in, which is a time of day in `zone`), and the roll always. Everything
    later is known from `observed_at`.
    """
    by_resource: dict[Resource, list[Item]] = {}
    for item in items:
        by_resource.setdefault(RESOURCE_OF_TYPE[type(item)], []).append(item)
    stored = sum(
        _append_resource(tx, resource, mine, observed_at, source, zone) for resource, mine in by_resource.items()
    )
    return stored, len(items) - stored


def _append_resource(
    tx: Tx, resource: Resource, items: Sequence[Item], observed_at: datetime, source: str, zone: tzinfo
) -> int:
    candidates = [_candidate(item, zone) for item in items]
    latest = _latest(tx, resource, sorted({candidate.key for candidate in candidates}))
    first_load = _is_first_load(tx, resource, observed_at)
    rows = []
    for candidate in candidates:
        version, payload = latest.get(candidate.key, (0, None))
        if payload == candidate.payload:
            continue
        latest[candidate.key] = (version + 1, candidate.payload)
        rows.append(
            {
                "school": tx.school,
                "resource": str(resource),
                "key": candidate.key,
                "version": version + 1,
                "pupil": candidate.pupil,
                "moment": candidate.moment,
                "observed_at": observed_at,
                "known_from": candidate.moment if first_load else observed_at,
                "source": source,
                "payload": candidate.payload,
            }
        )
    insert(tx, table, rows)
    return len(rows)


def _candidate(item: Item, zone: tzinfo) -> _Candidate:
    payload = storable(item_text(item))
    match item:
        case Pupil():
            return _Candidate(item.id, item.id, ALWAYS, payload)
        case ContactsOf() | FlagsOf() | PatternsOf():
            return _Candidate(item.pupil, item.pupil, ALWAYS, payload)
        case Message():
            key = storable(f"{item.pupil} {moment_text(item.received_at)} {item.sender}")
            return _Candidate(key, item.pupil, item.received_at, payload)
        case SignIn():
            moment = datetime.combine(item.day, item.time, tzinfo=zone)
            return _Candidate(f"{item.pupil} {item.day} {item.time} {item.direction}", item.pupil, moment, payload)
        case LeaveRequest():
            key = f"{item.pupil} {item.first} {item.last} {moment_text(item.received_at)}"
            return _Candidate(key, item.pupil, item.received_at, payload)
        case Event():
            # An event is never mended, only followed by another: what is not the same in every word is another.
            key = hashlib.sha256(payload.encode()).hexdigest()
            return _Candidate(key, item.pupil or "", item.at, payload)


def _latest(tx: Tx, resource: Resource, keys: Sequence[str]) -> dict[str, tuple[int, str | None]]:
    found: dict[str, tuple[int, str | None]] = {}
    for some in chunks(keys):
        rows = tx.connection.execute(
            select(table.c.key, table.c.version, table.c.payload)
            .where(*_of(tx, resource), table.c.key.in_(some))
            .order_by(table.c.version)
        )
        found |= {key: (version, payload) for key, version, payload in rows}
    return found


def _is_first_load(tx: Tx, resource: Resource, observed_at: datetime) -> bool:
    first = tx.connection.execute(select(func.min(table.c.observed_at)).where(*_of(tx, resource))).scalar()
    # A first load may come in several pages, each stored on its own but seen at one moment.
    return first is None or first == observed_at or school_load.begin(tx)


def roll(tx: Tx, at: datetime | None = None) -> tuple[Pupil, ...]:
    """Every pupil ever on the roll as known at `at`, with contacts, flags and patterns, in order of id."""
    return everybody(
        _known(tx, Resource.PUPILS, Pupil, at),
        _known(tx, Resource.CONTACTS, ContactsOf, at),
        _known(tx, Resource.FLAGS, FlagsOf, at),
        _known(tx, Resource.PATTERNS, PatternsOf, at),
    )


def everybody(
    pupils: Iterable[Pupil],
    contacts: Iterable[ContactsOf],
    flags: Iterable[FlagsOf],
    patterns: Iterable[PatternsOf],
) -> tuple[Pupil, ...]:
    """The pupils, each with contacts, flags and patterns."""
    contacts_of = {of.pupil: of.contacts for of in contacts}
    flags_of = {of.pupil: of.flags for of in flags}
    patterns_of = {of.pupil: of.patterns for of in patterns}
    return tuple(
        replace(
            pupil,
            contacts=contacts_of.get(pupil.id, ()),
            flags=flags_of.get(pupil.id, ()),
            patterns=patterns_of.get(pupil.id, ()),
        )
        for pupil in pupils
    )


def messages(tx: Tx, at: datetime | None = None, *, since: datetime | None = None) -> tuple[Message, ...]:
    """Messages from home in order of time, known at `at`, received from `since` on."""
    return tuple(_known(tx, Resource.MESSAGES, Message, at, since))


def sign_ins(tx: Tx, at: datetime | None = None, *, since: datetime | None = None) -> tuple[SignIn, ...]:
    """Sign-ins and sign-outs in order of time, known at `at`, made from `since` on."""
    return tuple(_known(tx, Resource.SIGN_INS, SignIn, at, since))


def requests(tx: Tx, at: datetime | None = None, *, since: datetime | None = None) -> tuple[LeaveRequest, ...]:
    """Requests for leave in order of time, known at `at`, received from `since` on."""
    return tuple(_known(tx, Resource.LEAVE_REQUESTS, LeaveRequest, at, since))


def events(
    tx: Tx, at: datetime | None = None, *, since: datetime | None = None, always: Collection[str] = ()
) -> tuple[Event, ...]:
    """Events in order of time, known at `at`, that happened from `since` on; of the kinds in `always`, whenever."""
    found = _known(tx, Resource.EVENTS, Event, at, since, always)
    return tuple(e for e in found if since is None or e.at >= since or e.kind in always)


@dataclass(frozen=True, slots=True)
class Versions(Generic[T]):
    """Every version of every row of one resource, read once, to be asked for as known at many moments."""

    rows: tuple[tuple[str, datetime, datetime, T], ...]

    def at(self, moment: datetime) -> tuple[T, ...]:
        """The latest row of each key that is known at `moment`, in order of time and, at one time, of key."""
        latest = {key: (when, row) for key, when, known_from, row in self.rows if known_from <= moment}
        return tuple(row for _, (_, row) in sorted(latest.items(), key=_by_time))


def versions(
    tx: Tx, resource: Resource, kind: type[T], since: datetime | None = None, always: Collection[str] = ()
) -> Versions[T]:
    """Every version of a resource's rows, of moments from `since` on; a row that holds a word of `always` whenever."""
    query = select(table.c.key, table.c.moment, table.c.known_from, table.c.payload).where(*_of(tx, resource))
    if since is not None:
        query = query.where(_lately(since, always))
    rows = [
        (key, moment, known_from, read_item(resource, payload))
        for key, moment, known_from, payload in tx.connection.execute(query.order_by(table.c.version))
    ]
    return Versions(tuple((*place, row) for *place, row in rows if isinstance(row, kind)))


def everything_about(tx: Tx, pupil: str) -> Iterator[tuple[str, datetime, str, str]]:
    """Every row ever stored about a pupil, oldest first: resource, known from when, from which source, and its text."""
    columns = (table.c.resource, table.c.known_from, table.c.source, table.c.payload)
    mine = select(*columns).where(table.c.school == tx.school, table.c.pupil == pupil)
    for row in tx.connection.execute(mine.order_by(table.c.resource, table.c.moment, table.c.key, table.c.version)):
        yield row.resource, row.known_from, row.source, row.payload


def _of(tx: Tx, resource: Resource) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.school == tx.school, table.c.resource == str(resource)


def _lately(since: datetime, always: Collection[str]) -> ColumnElement[bool]:
    return or_(table.c.moment >= since, *(table.c.payload.contains(word, autoescape=True) for word in always))


def _known(
    tx: Tx,
    resource: Resource,
    kind: type[T],
    at: datetime | None,
    since: datetime | None = None,
    always: Collection[str] = (),
) -> Iterator[T]:
    """The latest row of each key that is known at `at`, in order of time and, at one time, of key."""
    query = select(table.c.key, table.c.moment, table.c.payload).where(*_of(tx, resource)).order_by(table.c.version)
    if at is not None:
        query = query.where(table.c.known_from <= at)
    if since is not None:
        query = query.where(_lately(since, always))
    latest = {key: (moment, payload) for key, moment, payload in tx.connection.execute(query)}
    # Sorted here, not by the database: two databases need not order text alike.
    for _, (_, payload) in sorted(latest.items(), key=_by_time):
        found = read_item(resource, payload)
        if isinstance(found, kind):
            yield found


def _by_time(pair: tuple[str, tuple[datetime, object]]) -> tuple[datetime, str]:
    key, (moment, _) = pair
    return moment, key
