"""Registers: what the MIS holds now, one page a pupil and academic year, and what was known at any moment.

A page and the ledger's entries about it are stored by one call in one transaction, so that the ledger
can always prove the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from mbls_sync.errors import StoreError
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.happenings import AmendedMark
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.registers import EMPTY_PAGE, Encoding, PageGrid, RegisterPages
from mbls_sync.store import ledger, people
from mbls_sync.store.encodings import encoding, grow_encoding
from mbls_sync.store.entries import Amendment, Change, Completion, First, Sight, changed_slots, codes_of, first_sight
from mbls_sync.store.past import PastPages
from mbls_sync.store.schema import detail, page, storable
from mbls_sync.store.transaction import Tx, chunks, upsert

__all__ = [
    "PageChange",
    "amendments",
    "apply",
    "details",
    "encoding",
    "grow_encoding",
    "load",
    "past",
    "years",
]

EMPTY_DETAIL = MarkDetail()


@dataclass(frozen=True, slots=True)
class PageChange:
    """One pupil's page before and after a pull, with the details the pull gave.

    `details` holds every slot whose detail is new or other than it was; `MarkDetail()` clears one. The
    detail of a slot whose code changes is dropped unless it is given anew.
    """

    pupil: PupilId
    year: AcademicYear
    before: bytes
    after: bytes
    details: Mapping[int, MarkDetail] = field(default_factory=dict)


def years(tx: Tx) -> tuple[AcademicYear, ...]:
    """The academic years of which any mark is held, oldest first."""
    rows = tx.connection.execute(select(page.c.year).where(page.c.school == tx.school).distinct())
    return tuple(sorted(AcademicYear(year) for (year,) in rows))


def load(tx: Tx, year: AcademicYear, at: datetime | None = None) -> RegisterPages:
    """Every page of a year as the MIS holds it now, or as it was known at `at`, which is in the school's zone.

    What counts as known at a moment is `PastPages`'.
    """
    rows = tx.connection.execute(
        select(page.c.pupil, page.c.marks).where(page.c.school == tx.school, page.c.year == year.start)
    )
    pages = {PupilId(pupil): bytes(marks) for pupil, marks in rows}
    if at is not None:
        pages = PastPages(year, pages, ledger.since(tx, year, at), people.pseudonyms(tx)).at(at)
    return RegisterPages(year, encoding(tx), dict(sorted(pages.items())))


def past(tx: Tx, year: AcademicYear, first: datetime) -> PastPages:
    """The year's pages to be asked for as known at one moment after another, from `first` on."""
    now_held = load(tx, year).pages
    return PastPages(year, now_held, ledger.since(tx, year, first), people.pseudonyms(tx))


def apply(
    tx: Tx, changes: Sequence[PageChange], observed_at: datetime, source: str, *, first_load: bool = False
) -> None:
    """Store pages and details, and what was seen of them in the ledger, in the caller's transaction.

    `source` is what a person would look for (a file's name). `first_load` says that the school's very first
    load goes on: it may take several pulls. Raises StoreError where a page is no longer
    what the change was made from; nothing of the transaction should then be kept.
    """
    known = encoding(tx)
    by_year: dict[AcademicYear, list[PageChange]] = {}
    for change in changes:
        if change.before != change.after or change.details:
            by_year.setdefault(change.year, []).append(change)
    for year, mine in sorted(by_year.items()):
        _apply_year(tx, year, mine, known, observed_at, source, first_load)


def _apply_year(
    tx: Tx,
    year: AcademicYear,
    changes: Sequence[PageChange],
    known: Encoding,
    observed_at: datetime,
    source: str,
    first_load: bool,
) -> None:
    stored = _stored(tx, year, [change.pupil for change in changes])
    _refuse_stale(changes, stored, year)
    names = people.assigned(tx, (change.pupil for change in changes))
    told = details(tx, year) if any(_amended_again(change) for change in changes) else {}
    loading = ledger.loaded_at(tx, year, observed_at) if stored else frozenset()
    sights = [
        (names[change.pupil], sight)
        for change in changes
        for sight in _sights(
            change, known, told, first_load=first_load or change.pupil not in stored or names[change.pupil] in loading
        )
    ]
    ledger.append(tx, year, sights, observed_at, source)
    rows = [
        {"school": tx.school, "year": year.start, "pupil": change.pupil, "marks": change.after}
        for change in changes
        if change.before != change.after
    ]
    upsert(tx, page, rows)
    _store_details(tx, year, changes)


def _stored(tx: Tx, year: AcademicYear, pupils: Sequence[PupilId]) -> dict[PupilId, bytes]:
    query = select(page.c.pupil, page.c.marks).where(page.c.school == tx.school, page.c.year == year.start)
    found: dict[PupilId, bytes] = {}
    for some in chunks(pupils):
        rows = tx.connection.execute(query.where(page.c.pupil.in_(some)))
        found |= {PupilId(pupil): bytes(marks) for pupil, marks in rows}
    return found


def _refuse_stale(changes: Sequence[PageChange], stored: Mapping[PupilId, bytes], year: AcademicYear) -> None:
    stale = sum(stored.get(change.pupil, EMPTY_PAGE) != change.before for change in changes)
    if stale or len({change.pupil for change in changes}) < len(changes):
        raise StoreError(
            f"{stale} pages of the register {year} changed after they were read or one is changed twice: "
            f"storing would undo what another pull stored. Nothing was stored; pull again"
        )


def _amended_again(change: PageChange) -> bool:
    return any(
        change.before[slot] == change.after[slot] and change.before[slot] and _amendment(told) != Amendment()
        for slot, told in change.details.items()
    )


def _sights(
    change: PageChange, known: Encoding, told: Mapping[tuple[PupilId, int], MarkDetail], *, first_load: bool
) -> Iterator[Sight]:
    before, after = change.before, change.after
    first = first_sight(before, after, known, reconstructed=first_load)
    if first is not None:
        yield first
    for slot in changed_slots(before, after):
        codes = codes_of(bytes((before[slot], after[slot])), known)
        amendment = _amendment(change.details.get(slot, EMPTY_DETAIL))
        yield Change(slot, before[slot], after[slot], codes, amendment)
    for slot, now in sorted(change.details.items()):
        amendment = _amendment(now)
        as_it_was = before[slot] and before[slot] == after[slot]
        if as_it_was and amendment not in (Amendment(), _amendment(told.get((change.pupil, slot), EMPTY_DETAIL))):
            yield Completion(slot, amendment)


def _amendment(told: MarkDetail) -> Amendment:
    return Amendment(told.amended_reason, told.amended_by, told.amended_role, told.amended_at)


def _store_details(tx: Tx, year: AcademicYear, changes: Sequence[PageChange]) -> None:
    gone: list[tuple[PupilId, int]] = []
    rows = []
    for change in changes:
        gone += [(change.pupil, slot) for slot in changed_slots(change.before, change.after)]
        for slot, told in change.details.items():
            key = {"school": tx.school, "year": year.start, "pupil": change.pupil, "slot": slot}
            if told == EMPTY_DETAIL:
                gone.append((change.pupil, slot))
            else:
                rows.append(key | _detail_row(told))
    mine = (detail.c.school == tx.school, detail.c.year == year.start)
    for pupil, slot in gone:
        tx.connection.execute(delete(detail).where(*mine, detail.c.pupil == pupil, detail.c.slot == slot))
    upsert(tx, detail, rows)


def _detail_row(told: MarkDetail) -> dict[str, Any]:
    row = {column.name: getattr(told, column.name) for column in fields(MarkDetail)}
    return {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}


def details(tx: Tx, year: AcademicYear) -> Mapping[tuple[PupilId, int], MarkDetail]:
    """What the MIS says beside the codes of a year, by pupil and slot."""
    told = [detail.c[column.name] for column in fields(MarkDetail)]
    rows = tx.connection.execute(
        select(detail.c.pupil, detail.c.slot, *told).where(detail.c.school == tx.school, detail.c.year == year.start)
    )
    return {(PupilId(pupil), slot): MarkDetail(*rest) for pupil, slot, *rest in rows}


def amendments(tx: Tx, pupil: PupilId | None = None) -> tuple[AmendedMark, ...]:
    """Every change of a mark, oldest first, of all pupils or one; facts that came later complete their change.

    Changes of an erased pupil are left out: nobody can say any more whose they are.
    """
    names = people.pseudonyms(tx)
    by_pseudonym = {name: who for who, name in names.items()}
    if pupil is not None and pupil not in names:
        return ()
    found: dict[tuple[AcademicYear, str, int, int], AmendedMark] = {}
    last: dict[tuple[AcademicYear, str, int], int] = {}
    for entry in ledger.changes(tx, None if pupil is None else names[pupil]):
        sight, who = entry.sight, by_pseudonym.get(entry.person)
        if who is None or isinstance(sight, First):
            continue
        mark = (entry.year, entry.person, sight.slot)
        if isinstance(sight, Change):
            last[mark] = entry.seq
            found[*mark, entry.seq] = _amended_mark(who, entry.year, sight, entry.observed_at)
        elif mark in last:
            key = (*mark, last[mark])
            found[key] = replace(found[key], **_told(sight.amendment))
    return tuple(found.values())


def _amended_mark(pupil: PupilId, year: AcademicYear, change: Change, observed_at: datetime) -> AmendedMark:
    session = PageGrid(year).session(change.slot)
    original, amended = change.code(change.original), change.code(change.amended)
    plain = AmendedMark(pupil, session, original, amended, observed_at)
    return replace(plain, **_told(change.amendment))


def _told(amendment: Amendment) -> dict[str, Any]:
    return {column.name: getattr(amendment, column.name) for column in fields(Amendment)}
