"""All drafts of one sort in one file, class by class: what is printed before an assembly, or goes to every family.

Texts are a table, which a service that sends texts can read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.drafts import Draft, drafts_of
from mbls_sync.delivery.files import put, sha256
from mbls_sync.delivery.letter_values import letter_values
from mbls_sync.model.pupils import Pupil
from mbls_sync.render.csv_person import csv_for_person
from mbls_sync.render.letter import CERTIFICATE, TEXT, LetterText, letter_text
from mbls_sync.render.letter_pdf import certificates_pdf, letters_pdf

COLUMNS = ("Class", "Pupils", "To", "Mobile", "Text")


def write_in_one(desk: Desk, templates: Path, folder: Path) -> list[Path]:
    """One file for each sort of which more than one lies ready; it is set anew only where one of them has changed.

    Certificates and letters that every family is sent alike are a PDF, texts a CSV. What is written about one pupil
    alone is not among them: each of those is read, and mended, before it goes.
    """
    sorts: dict[str, list[Draft]] = {}
    for draft in drafts_of(desk):
        if draft.to_all or draft.template.endswith((CERTIFICATE, TEXT)):
            sorts.setdefault(draft.template, []).append(draft)
    written = [_together(name, found, desk, templates, folder) for name, found in sorts.items() if len(found) > 1]
    for old in set(folder.glob("all-*")) - set(written):
        old.unlink()
    return written


def _together(name: str, drafts: list[Draft], desk: Desk, templates: Path, folder: Path) -> Path:
    drafts.sort(key=lambda draft: _place(draft, desk))
    letters = [_letter(draft, desk, templates) for draft in drafts]
    whom = [_whom(draft, desk) for draft in drafts]
    content = "\f".join(f"{row}\n{letter.subject}\n{letter.body}" for row, letter in zip(whom, letters, strict=True))
    ending = "csv" if name.endswith(TEXT) else "pdf"
    place = folder / f"all-{name}-{sha256(content.encode())[:8]}.{ending}"
    if place.is_file():
        return place
    if ending == "csv":
        rows = [(*row, letter.body.strip()) for row, letter in zip(whom, letters, strict=True)]
        return put(folder, place.name, csv_for_person(COLUMNS, rows))
    write = certificates_pdf if name.endswith(CERTIFICATE) else letters_pdf
    return put(folder, place.name, write(letters, desk.school, desk.now.date()))


def _letter(draft: Draft, desk: Desk, templates: Path) -> LetterText:
    values = letter_values(draft.pupils, draft.facts, desk)
    values["due"] = draft.due.astimezone(desk.now.tzinfo).date()
    return letter_text(templates, draft.template, values)


def _whom(draft: Draft, desk: Desk) -> tuple[str, str, str, str]:
    """The class, the pupils, the adult who is reached first, and the number."""
    pupils = _pupils(draft, desk)
    adults = [contact for pupil in pupils for contact in pupil.contacts if contact.parental_responsibility is not False]
    first = next((adult for adult in adults if adult.mobile), None)
    name, mobile = (first.name, first.mobile) if first else ("", "")
    return pupils[0].class_name if pupils else "", ", ".join(pupil.name for pupil in pupils), name, mobile


def _place(draft: Draft, desk: Desk) -> tuple[str, str, str]:
    pupils = _pupils(draft, desk)
    return (pupils[0].class_name, pupils[0].name, draft.stem) if pupils else ("", "", draft.stem)


def _pupils(draft: Draft, desk: Desk) -> Sequence[Pupil]:
    return [desk.pupils[id] for id in draft.pupils if id in desk.pupils]
