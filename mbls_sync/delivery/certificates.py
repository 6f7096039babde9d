"""All certificates of one sort in one file, class by class, to print before an assembly."""

from __future__ import annotations

from pathlib import Path

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.drafts import Draft, drafts_of
from mbls_sync.delivery.files import put, sha256
from mbls_sync.delivery.letter_values import letter_values
from mbls_sync.render.letter import CERTIFICATE, LetterText, letter_text
from mbls_sync.render.letter_pdf import certificates_pdf


def write_certificates(desk: Desk, templates: Path, folder: Path) -> list[Path]:
    """One PDF for each sort of which more than one lies ready; it is set anew only where one of them has changed."""
    sorts: dict[str, list[Draft]] = {}
    for draft in drafts_of(desk):
        if draft.template.endswith(CERTIFICATE):
            sorts.setdefault(draft.template, []).append(draft)
    written = [_together(name, found, desk, templates, folder) for name, found in sorts.items() if len(found) > 1]
    for old in set(folder.glob("all-*.pdf")) - set(written):
        old.unlink()
    return written


def _together(name: str, drafts: list[Draft], desk: Desk, templates: Path, folder: Path) -> Path:
    letters = [_letter(draft, desk, templates) for draft in sorted(drafts, key=lambda draft: _place(draft, desk))]
    content = sha256("\f".join(f"{letter.subject}\n{letter.body}" for letter in letters).encode())
    place = folder / f"all-{name}-{content[:8]}.pdf"
    if place.is_file():
        return place
    return put(folder, place.name, certificates_pdf(letters, desk.school, desk.now.date()))


def _letter(draft: Draft, desk: Desk, templates: Path) -> LetterText:
    return letter_text(templates, draft.template, letter_values(draft.pupils, draft.facts, desk))


def _place(draft: Draft, desk: Desk) -> tuple[str, str, str]:
    pupil = desk.pupils.get(draft.pupils[0]) if draft.pupils else None
    return (pupil.class_name, pupil.name, draft.stem) if pupil else ("", "", draft.stem)
