"""Letter drafts: what a named role reads, mends and sends; nothing is ever sent from here."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.drafts import Draft, drafts_of
from mbls_sync.delivery.files import put
from mbls_sync.delivery.letter_sample import filled
from mbls_sync.delivery.letter_values import letter_values
from mbls_sync.model.papers import School
from mbls_sync.render.html import page
from mbls_sync.render.letter import LetterText, letter_text
from mbls_sync.render.letter_pdf import letter_pdf

ENDINGS = (".html", ".txt", ".pdf")


def clear_letters(desk: Desk, folder: Path) -> None:
    """Take away the drafts that are no longer called for, so that none is sent by mistake."""
    stems = {draft.stem for draft in drafts_of(desk)}
    for place in sorted(folder.glob("*.html")):
        if place.stem not in stems:
            for ending in ENDINGS:
                place.with_suffix(ending).unlink(missing_ok=True)


def write_letter(draft: Draft, desk: Desk, templates: Path, folder: Path) -> list[Path]:
    """One draft as text and as a page, and as a PDF where it is for paper.

    Raises ConfigurationError where the template cannot be filled.
    """
    values = letter_values(draft.pupils, draft.facts, desk)
    values["due"] = draft.due.astimezone(desk.now.tzinfo).date()
    return put_letter(letter_text(templates, draft.template, values), draft, desk.school, desk.now, folder)


def put_letter(letter: LetterText, draft: Draft, school: School, now: datetime, folder: Path) -> list[Path]:
    """The files of one letter. A PDF whose page has not changed is not set anew."""
    html = page(f"{letter.layout}.html.j2", school=school, now=now, letter=letter, draft=draft)
    text = put(folder, f"{draft.stem}.txt", f"Subject: {letter.subject}\n\n{letter.body}".encode())
    shown, paper = folder / f"{draft.stem}.html", folder / f"{draft.stem}.pdf"
    is_same = shown.is_file() and shown.read_bytes() == html
    written = [text, put(folder, shown.name, html)]
    if not letter.is_for_paper:
        return written
    if not (is_same and paper.is_file()):
        put(folder, paper.name, letter_pdf(letter, school, now.date()))
    return [*written, paper]


def try_letters(templates: Path, school: School, now: datetime, folder: Path) -> list[Path]:
    """Every letter of a folder of templates, filled with a made-up pupil, to look at.

    Raises ConfigurationError or ParameterError at the first that cannot be filled, naming file and line.
    """
    return [
        file
        for template in templates_in(templates)
        for file in put_letter(
            tried(templates, template, school, now), _sample_draft(template, now), school, now, folder
        )
    ]


def tried(templates: Path, template: str, school: School, now: datetime) -> LetterText:
    """One letter filled with a made-up pupil."""
    return letter_text(templates, template, filled(template, templates, school, now))


def templates_in(folder: Path) -> list[str]:
    """The templates of a folder, by name."""
    return sorted(file.stem for file in folder.glob("*.j2"))


def _sample_draft(template: str, now: datetime) -> Draft:
    why = "This is a sample about a made-up pupil, to see how the letter looks."
    return Draft(template, template, (), (), "attendance officer", why, now)
