"""What a page of marks changes in the register, cell by cell; nothing is stored here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mbls_sync.contracts import BadRow
from mbls_sync.intake.drafts import UNKNOWN, Draft, Drafts, open_drafts
from mbls_sync.intake.remarks import warnings_about
from mbls_sync.intake.repeats import bad_mark, cell_of, settle_repeats
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.marks import MarkDetail, MarkRow, PupilId
from mbls_sync.model.registers import Encoding, RegisterPages
from mbls_sync.model.sessions import Period
from mbls_sync.policy.codebook import CodeBook
from mbls_sync.store.registers import PageChange

DetailsOf = Callable[[AcademicYear], Mapping[tuple[PupilId, int], MarkDetail]]
"""The details held of one academic year, read only where a pull brings details."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a page of marks would change: `stored + unchanged + len(bad)` is the number of marks that came.

    `cleared` of the `held` marks that the page speaks of would lose their code.
    """

    changes: tuple[PageChange, ...]
    bad: tuple[BadRow, ...]
    stored: int
    unchanged: int
    duplicates: int
    cleared: int
    held: int
    warnings: tuple[str, ...]


def compare(
    source: str,
    marks: Sequence[MarkRow],
    held: Mapping[AcademicYear, RegisterPages],
    details_of: DetailsOf,
    encoding: Encoding,
    codes: CodeBook,
    calendar: SchoolCalendar,
) -> Compared:
    """Set each mark against what is held. `held` has the register of every academic year among the marks.

    A blank takes away a mark that is held and says nothing else. A code no national set holds, and a mark
    at a weekend, go to quarantine. A cell that comes twice alike counts once; twice with different codes, no
    row of it is taken, because which one is right would be a guess.
    """
    drafts = open_drafts({row.day for row in marks}, held, codes, encoding)
    bad, again, detailed = _draft(source, marks, drafts)
    repeats = settle_repeats(source, marks, again, drafts)
    bad += repeats.bad
    told = _told([row for row in detailed if cell_of(row) not in repeats.refused], drafts, details_of)
    changed = drafts.changed_cells()
    cleared, of = drafts.cleared_cells() if changed else (0, 0)
    stored = changed + sum(_is_only_detail(drafts.years[year][pupil], slot) for year, pupil, slot in told)
    return Compared(
        changes=_changes(drafts, told),
        bad=tuple(sorted(bad, key=lambda row: row.line)),
        stored=stored,
        unchanged=len(marks) - len(bad) - stored,
        duplicates=repeats.duplicates,
        cleared=cleared,
        held=of,
        warnings=(*repeats.warnings, *warnings_about(marks, drafts.codes_by_day(), codes, calendar)),
    )


def _draft(source: str, marks: Sequence[MarkRow], drafts: Drafts) -> tuple[list[BadRow], list[MarkRow], list[MarkRow]]:
    """Write each mark into its draft; gives the bad rows, those whose cell was there already, those with details."""
    bad: list[BadRow] = []
    again: list[MarkRow] = []
    detailed: list[MarkRow] = []
    places = drafts.places
    # This loop runs once a mark, 152,000 times on a first load.
    for row in marks:
        pupil, day, period, code, _, detail = row
        place = places[day]
        if place is None:
            bad.append(_weekend(source, row))
            continue
        years, slot, bytes_of = place
        byte = bytes_of[code]
        if byte == UNKNOWN:
            bad.append(_unknown(source, row))
            continue
        _, after, seen = years[pupil]
        if period is Period.PM:
            slot += 1
        if detail is not None:
            detailed.append(row)
        if seen[slot]:
            again.append(row)
            continue
        seen[slot] = 1
        after[slot] = byte
    return bad, again, detailed


Told = dict[tuple[AcademicYear, PupilId, int], MarkDetail]


def _told(detailed: Sequence[MarkRow], drafts: Drafts, details_of: DetailsOf) -> Told:
    """The details that are new, or other than those held."""
    found: Told = {}
    held: dict[AcademicYear, Mapping[tuple[PupilId, int], MarkDetail]] = {}
    for row in detailed:
        years, (before, after, _), slot = drafts.at(row.pupil, row.day, row.period)
        if row.detail is None:
            continue
        if years.year not in held:
            held[years.year] = details_of(years.year)
        if before[slot] != after[slot] or held[years.year].get((row.pupil, slot)) != row.detail:
            found[years.year, row.pupil, slot] = row.detail
    return found


def _is_only_detail(draft: Draft, slot: int) -> bool:
    before, after, _ = draft
    return before[slot] == after[slot]


def _changes(drafts: Drafts, told: Told) -> tuple[PageChange, ...]:
    details: dict[tuple[AcademicYear, PupilId], dict[int, MarkDetail]] = {}
    for (year, pupil, slot), detail in told.items():
        details.setdefault((year, pupil), {})[slot] = detail
    return tuple(
        PageChange(pupil, year, before, bytes(after), details.get((year, pupil), {}))
        for year, pupil, (before, after, _) in drafts
        if before != after or (year, pupil) in details
    )


def _weekend(source: str, row: MarkRow) -> BadRow:
    return bad_mark(source, row, "is a day at a weekend, and no register is taken then; look at the date")


def _unknown(source: str, row: MarkRow) -> BadRow:
    return bad_mark(
        source,
        row,
        f"carries {row.code[:20]!r}, which is no national attendance code; correct it in the MIS, or add the code "
        "with its dates and citation to codes.yaml",
    )
