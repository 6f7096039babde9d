"""Cells that come more than once in one pull: alike they count once, unlike none of them is taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mbls_sync.contracts import BadRow
from mbls_sync.intake.drafts import Drafts
from mbls_sync.model.marks import MarkRow, PupilId
from mbls_sync.model.sessions import Period

MOST_NAMED = 10

Cell = tuple[PupilId, date, Period]


@dataclass(frozen=True, slots=True)
class Repeats:
    """The rows that contradict each other, their cells, and how many rows only say again what one says."""

    bad: tuple[BadRow, ...] = ()
    refused: frozenset[Cell] = frozenset()
    duplicates: int = 0
    warnings: tuple[str, ...] = ()


def cell_of(row: MarkRow) -> Cell:
    """The cell of the register that a row is about."""
    return row.pupil, row.day, row.period


def settle_repeats(source: str, marks: Sequence[MarkRow], again: Sequence[MarkRow], drafts: Drafts) -> Repeats:
    """Judge every cell that comes `again`; a cell whose rows differ is put back in its draft to what is held."""
    if not again:
        return Repeats()
    rows: dict[Cell, list[MarkRow]] = {cell_of(row): [] for row in again}
    for row in marks:
        if cell_of(row) in rows and _is_known(row, drafts):
            rows[cell_of(row)].append(row)
    unlike = {cell: said for cell, said in rows.items() if len({row.code for row in said}) > 1}
    for cell in unlike:
        _, (before, after, _), slot = drafts.at(*cell)
        after[slot] = before[slot]
    alike = [said for cell, said in rows.items() if cell not in unlike]
    return Repeats(
        bad=tuple(_contradiction(source, row, said) for said in unlike.values() for row in said),
        refused=frozenset(unlike),
        duplicates=sum(len(said) - 1 for said in alike),
        warnings=_named(source, alike),
    )


def bad_mark(source: str, row: MarkRow, why: str) -> BadRow:
    """A mark that goes to quarantine. Its pupil stands in the text, which no log ever shows."""
    reason = f"the mark of {row.day:%d/%m/%Y} {row.period} {why}"
    return BadRow(source, row.line, reason, 1, f"{row.pupil} {row.day:%d/%m/%Y} {row.period} {row.code[:40]}")


def named_lines(lines: Iterable[int]) -> str:
    """Lines as a person reads them, the first few of many."""
    ordered = sorted(set(lines))
    return ", ".join(map(str, ordered[:MOST_NAMED])) + (" …" if len(ordered) > MOST_NAMED else "")


def _is_known(row: MarkRow, drafts: Drafts) -> bool:
    place = drafts.places[row.day]
    return place is not None and place[2][row.code] >= 0


def _contradiction(source: str, row: MarkRow, said: Sequence[MarkRow]) -> BadRow:
    lines = named_lines(other.line for other in said)
    return bad_mark(
        source, row, f"comes with different codes on lines {lines}; which is right would be a guess, so none is taken"
    )


def _named(source: str, alike: Sequence[Sequence[MarkRow]]) -> tuple[str, ...]:
    if not alike:
        return ()
    pairs = "; ".join(named_lines(row.line for row in said) for said in alike[:MOST_NAMED])
    more = " …" if len(alike) > MOST_NAMED else ""
    return (f"{source}: {len(alike)} marks come more than once with the same code, on lines {pairs}{more}",)
