"""The log of what left the school: about whom, to whom, when, under which duty, by which channel, with which hash.

Append-only, one chain an academic year; a pupil stands in it by pseudonym. Source: UK GDPR Articles 5(2), 15(1)(c)
and 30: to whom personal data were disclosed can be shown, and told to whom they are about.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, select, type_coerce

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.store import chain, tombstones
from mbls_sync.store.schema import disclosure, moment_text
from mbls_sync.store.transaction import Head, Tx, insert

BOOK = "disclosure"
PREFIX = f"{BOOK} "


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One file that left the school. `members` are the SHA-256 of each file in it; `by` is who or what sent it."""

    document: str
    channel: str
    recipient: str
    duty: str
    file: str
    sha256: str
    members: Mapping[str, str]
    subjects: tuple[str, ...]
    by: str
    at: datetime
    seq: int = 0
    hash: str = ""

    @property
    def year(self) -> AcademicYear:
        """The academic year in whose segment it stands."""
        return AcademicYear.of(self.at.date())


def record(tx: Tx, left: Disclosure) -> None:
    """Add an entry in the caller's transaction. Nothing in it names a pupil."""
    content = {
        "document": left.document,
        "channel": left.channel,
        "recipient": left.recipient,
        "duty": left.duty,
        "file": left.file,
        "sha256": left.sha256,
        "members": chain.canonical(dict(left.members)),
        "subjects": chain.canonical(sorted(left.subjects)),
        "by": left.by,
    }
    name = tombstones.chain_of(BOOK, left.year)
    sealed = (tx.school, left.year.start, *content.values(), moment_text(left.at))
    (link,) = chain.sealed(chain.head(tx, name), [sealed])
    row = {"school": tx.school, "year": left.year.start, "seq": link.seq, **content, "at": left.at}
    insert(tx, disclosure, [row | {"previous": link.previous, "hash": link.hash}])
    chain.move_head(tx, name, Head(link.seq, link.hash))


def entries(tx: Tx, *, subject: str | None = None) -> Iterator[Disclosure]:
    """Every entry, oldest first, or those about one pseudonym."""
    query = select(disclosure).where(disclosure.c.school == tx.school)
    for row in tx.connection.execute(query.order_by(disclosure.c.year, disclosure.c.seq)):
        found = _entry(row)
        if subject is None or subject in found.subjects:
            yield found


def verify(tx: Tx) -> tuple[int, tuple[str, ...]]:
    """How many entries were read, and what is wrong with their chains, in words."""
    walked, problems = 0, []
    purged = tombstones.latest(tx, BOOK)
    known = {AcademicYear(int(name.removeprefix(PREFIX)[:4])) for name in chain.names(tx, PREFIX)}
    for year in sorted({*known, *tombstones.years(tx, BOOK)}):
        check = _walk(tx, year, purged.get(year, chain.START))
        walked += check.walked
        problems += check.problems
    return walked, tuple(problems)


def _walk(tx: Tx, year: AcademicYear, start: Head) -> chain.Check:
    mine = (disclosure.c.school == tx.school, disclosure.c.year == year.start)
    seals = tx.connection.execute(select(disclosure.c.hash, disclosure.c.seq).where(*mine))
    name = tombstones.chain_of(BOOK, year)
    check = chain.Check(name, chain.head(tx, name), dict(seals.all()), start=start)
    # The moment as its text: one that was edited into nonsense must be named, not stop the proof.
    plain = [column for column in disclosure.c if column.name != "at"]
    raw = select(*plain, type_coerce(disclosure.c.at, Text).label("seen")).where(*mine)
    for row in tx.connection.execute(raw.order_by(disclosure.c.seq)):
        facts = (row.document, row.channel, row.recipient, row.duty, row.file, row.sha256, row.members, row.subjects)
        content = (row.school, row.year, *facts, row.by, row.seen)
        check.see(chain.Link(row.seq, row.previous, row.hash, content))
    check.end()
    return check


def _entry(row: Any) -> Disclosure:
    return Disclosure(
        document=row.document,
        channel=row.channel,
        recipient=row.recipient,
        duty=row.duty,
        file=row.file,
        sha256=row.sha256,
        members=json.loads(row.members),
        subjects=tuple(json.loads(row.subjects)),
        by=row.by,
        at=row.at,
        seq=row.seq,
        hash=row.hash,
    )
