"""Proves that the ledger and the log of disclosures are whole, and that the registers are what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Text, select, type_coerce

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.registers import EMPTY_PAGE, Encoding, PageGrid
from mbls_sync.store import audit, chain, disclosures, people, tombstones
from mbls_sync.store.encodings import encoding
from mbls_sync.store.entries import Completion, disagreements, read_body
from mbls_sync.store.schema import ledger, page
from mbls_sync.store.signing import SigningKey
from mbls_sync.store.transaction import Head, Tx

PREFIX = "ledger "


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """Whether the ledger proves the registers, how many entries were read, and what is wrong, in words."""

    ok: bool
    entries: int
    problems: tuple[str, ...]


def verify(tx: Tx) -> LedgerReport:
    """Read every entry of ledger, audit and disclosures, and compare each register with the replay of its entries.

    A purged segment is proved by its tombstone, and that by the audit; who made it, by `verify_signed` alone.

    Each problem names the chain and the entry that was edited, deleted, reordered or cut, or the register
    and session that differ. A pupil stands in them by pseudonym.
    """
    known = encoding(tx)
    entries, wrong = disclosures.verify(tx)
    problems = [*audit.verify(tx), *tombstones.verify(tx), *wrong]
    purged = tombstones.latest(tx, "ledger")
    for year in _years(tx):
        replay = _Replay(known, f"{PREFIX}{year}")
        check = _walk(tx, year, replay, purged.get(year, chain.START))
        entries += check.walked
        problems += [*check.problems, *replay.problems, *_compare(tx, year, replay.pages, known)]
    return LedgerReport(not problems, entries, tuple(problems))


def verify_signed(tx: Tx, key: SigningKey | None) -> LedgerReport:
    """As `verify`; and every tombstone is signed by the school's `key`, so that none was made by another hand."""
    found = verify(tx)
    problems = (*found.problems, *tombstones.verify_signatures(tx, key))
    return LedgerReport(not problems, found.entries, problems)


@dataclass
class _Replay:
    """Rebuilds a year's pages, by pseudonym, from its entries."""

    known: Encoding
    chain: str
    pages: dict[str, bytearray] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def see(self, seq: int, person: str, kind: str, body: str) -> None:
        try:
            sight = read_body(kind, body)
            sight.apply(self.pages.setdefault(person, bytearray(EMPTY_PAGE)))
            wrong = [] if isinstance(sight, Completion) else list(disagreements(sight.codes, self.known))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            wrong = ["cannot be read"]
        self.problems += [f"{self.chain}: entry {seq}: {what}" for what in wrong]


def _years(tx: Tx) -> list[AcademicYear]:
    found = {int(name.removeprefix(PREFIX)[:4]) for name in chain.names(tx, PREFIX)}
    for table in (ledger, page):
        found |= set(
            tx.connection.execute(select(table.c.year).where(table.c.school == tx.school).distinct()).scalars()
        )
    return [AcademicYear(year) for year in sorted(found)]


def _walk(tx: Tx, year: AcademicYear, replay: _Replay, start: Head) -> chain.Check:
    mine = (ledger.c.school == tx.school, ledger.c.year == year.start)
    seals = tx.connection.execute(select(ledger.c.hash, ledger.c.seq).where(*mine))
    check = chain.Check(replay.chain, chain.head(tx, replay.chain), dict(seals.all()), start=start)
    for row in tx.connection.execute(_raw().where(*mine).order_by(ledger.c.seq)):
        content = (row.school, row.year, row.kind, row.person, row.seen, row.source, row.body)
        check.see(chain.Link(row.seq, row.previous, row.hash, content))
        replay.see(row.seq, row.person, row.kind, row.body)
    check.end()
    return check


def _raw() -> Any:
    # The moment as its text: one that was edited into nonsense must be named, not stop the proof.
    plain = [column for column in ledger.c if column.name != "observed_at"]
    return select(*plain, type_coerce(ledger.c.observed_at, Text).label("seen"))


def _compare(tx: Tx, year: AcademicYear, replayed: Mapping[str, bytearray], known: Encoding) -> Iterator[str]:
    """What the registers say otherwise than the ledger; an erased pupil has no register to compare."""
    names = people.pseudonyms(tx)
    rows = tx.connection.execute(
        select(page.c.pupil, page.c.marks).where(page.c.school == tx.school, page.c.year == year.start)
    )
    stored = {names.get(pupil, "without a pseudonym"): bytes(marks) for pupil, marks in rows}
    for name in sorted(set(stored) | (set(replayed) & set(names.values()))):
        held, proven = stored.get(name, EMPTY_PAGE), bytes(replayed.get(name, EMPTY_PAGE))
        if held != proven:
            yield f"register {year}: pupil {name}: {_difference(held, proven, year, known)}"


def _difference(held: bytes, proven: bytes, year: AcademicYear, known: Encoding) -> str:
    if len(held) != len(proven):
        return "the page is not a page"
    slots = [slot for slot, pair in enumerate(zip(held, proven, strict=True)) if pair[0] != pair[1]]
    session = PageGrid(year).session(slots[0])
    return (
        f"{session} holds {_code(held[slots[0]], known)} where the ledger proves {_code(proven[slots[0]], known)}"
        f" ({len(slots)} differ in all)"
    )


def _code(byte: int, known: Encoding) -> str:
    if not byte:
        return "no mark"
    return known.code(byte) if byte in known.pairs else f"the unknown byte {byte}"
