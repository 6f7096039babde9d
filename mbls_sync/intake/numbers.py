"""Rows that name a pupil by admission number, brought to the pupil whom the roll knows by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mbls_sync.contracts import Item, Page
from mbls_sync.intake.repeats import named_lines
from mbls_sync.model.marks import BY_ADMISSION_NUMBER, MarkRow, PupilId
from mbls_sync.model.pupils import Pupil

Roll = Callable[[], Iterable[Pupil]]
"""Reads the roll, which is asked for only where a row names an admission number."""


def with_known_numbers(page: Page, roll: Roll) -> Page:
    """The page with every admission number that the roll knows in the pupil's own id.

    An export of marks may say no more than the admission number of a pupil whose UPN stands on the roll: one
    child must not become two. Zeros that a spreadsheet took from the front do not matter where only one pupil
    can be meant. What the roll does not know stays as it is, with a warning.
    """
    if not any(map(_is_number, {row.pupil for row in page.marks} | {_whose(item) for item in page.items})):
        return page
    whom = _Numbers(roll())
    marks = [row._replace(pupil=whom.of(row.pupil)) if _is_number(row.pupil) else row for row in page.marks]
    items = [_given_to(item, whom.of(pupil)) if _is_number(pupil := _whose(item)) else item for item in page.items]
    return replace(page, marks=marks, items=items, warnings=(*page.warnings, *_strangers(marks, whom)))


class _Numbers:
    """Whose an admission number is."""

    def __init__(self, roll: Iterable[Pupil]) -> None:
        self.ids: set[PupilId] = set()
        self._exact: dict[str, list[Pupil]] = {}
        self._bare: dict[str, list[Pupil]] = {}
        for pupil in roll:
            self.ids.add(pupil.id)
            if pupil.admission_number:
                self._exact.setdefault(pupil.admission_number, []).append(pupil)
                self._bare.setdefault(_bare(pupil.admission_number), []).append(pupil)

    def of(self, pupil: PupilId) -> PupilId:
        """The id of the one pupil with this number; the same where there is none, or more than one."""
        number = pupil.removeprefix(BY_ADMISSION_NUMBER)
        for found in (self._exact.get(number, []), self._bare.get(_bare(number), [])):
            # Whoever was first known by the number alone and then got a UPN is one pupil, known by the UPN.
            ids = {one.id for one in found if one.upn} or {one.id for one in found}
            if len(ids) == 1:
                return ids.pop()
        return pupil


def _is_number(pupil: PupilId | None) -> bool:
    return pupil is not None and pupil.startswith(BY_ADMISSION_NUMBER)


def _bare(number: str) -> str:
    return number.lstrip("0").casefold()


def _whose(item: Item) -> PupilId:
    """Whom a row beside the marks is about; nobody for the roll itself, which says who there is."""
    return PupilId("") if isinstance(item, Pupil) else item.pupil or PupilId("")


def _given_to(item: Item, pupil: PupilId) -> Item:
    return item if isinstance(item, Pupil) else replace(item, pupil=pupil)


def _strangers(marks: Sequence[MarkRow], whom: _Numbers) -> tuple[str, ...]:
    lines = [row.line for row in marks if _is_number(row.pupil) and whom.ids and row.pupil not in whom.ids]
    if not lines:
        return ()
    return (
        f"{len(lines)} marks carry an admission number that the roll does not know, or knows of more than one pupil; "
        f"they are kept under the number: lines {named_lines(lines)}",
    )
