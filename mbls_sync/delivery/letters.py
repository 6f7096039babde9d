"""Letter drafts: what a named role reads, mends and sends; nothing is ever sent from here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.files import letter_stem, put, safe_name
from mbls_sync.delivery.path_back import path_words
from mbls_sync.errors import PaperRefused
from mbls_sync.figures.percentages import attendance, shown
from mbls_sync.model.deliveries import Effect, Kind
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import DraftLetter
from mbls_sync.render.html import page
from mbls_sync.render.letter import LetterText, letter_text


def clear_letters(desk: Desk, folder: Path) -> None:
    """Take away the drafts that are no longer called for, so that none is sent by mistake."""
    stems = {letter_stem(effect, desk.short_ids) for effect in desk.to_do(Kind.LETTER)}
    for place in sorted(folder.glob("*.html")):
        if place.stem not in stems:
            place.unlink()
            place.with_suffix(".txt").unlink(missing_ok=True)


def write_letter(effect: Effect, desk: Desk, templates: Path, folder: Path) -> list[Path]:
    """One draft as text and as a page. Raises ConfigurationError where the template cannot be filled."""
    draft, letter = _letter(effect, desk, templates)
    stem = letter_stem(effect, desk.short_ids)
    html = page("letter.html.j2", desk=desk, letter=letter, draft=draft)
    text = f"Subject: {letter.subject}\n\n{letter.body}"
    return [put(folder, f"{stem}.txt", text.encode("utf-8")), put(folder, f"{stem}.html", html)]


def _letter(effect: Effect, desk: Desk, templates: Path) -> tuple[DraftLetter, LetterText]:
    draft = effect.proposal
    if not isinstance(draft, DraftLetter):
        raise TypeError(f"an effect of kind {effect.kind} is no letter")
    return draft, letter_text(templates, draft.template, letter_values(draft, desk))


def letter_values(draft: DraftLetter, desk: Desk) -> Mapping[str, object]:
    """What a template may name: the draft's own facts, the pupil, the days missed, the school and today.

    A fact labelled `Days missed` is `days_missed`; a fact wins over a value of the same name here.
    """
    values = _school_values(desk)
    if draft.pupil is not None:
        values |= _pupil_values(draft.pupil, desk)
    values["due"] = draft.due.astimezone(desk.now.tzinfo).date()
    values |= {safe_name(label).replace("-", "_"): text for label, text in draft.facts}
    # The first line is the subject and a blank line ends a paragraph: a name of two lines would tear the letter.
    return {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in values.items()}


def _school_values(desk: Desk) -> dict[str, object]:
    school = desk.school
    return {
        "school": school.name,
        "telephone": school.telephone,
        "email": school.email,
        "head": school.head,
        "attendance_officer": school.attendance_officer or "The attendance officer",
        "today": desk.now.date(),
    }


def _pupil_values(id: PupilId, desk: Desk) -> dict[str, object]:
    history, pupil = desk.histories.get(id), desk.pupils.get(id)
    if history is None or pupil is None:
        raise PaperRefused(
            "a letter is drafted about a pupil who is no longer on the roll, so it was not written; "
            "mark its task as not needed"
        )
    figures = history.figures
    adults = [contact.name for contact in pupil.contacts if contact.parental_responsibility is not False]
    return {
        "forename": pupil.preferred_forename or pupil.forename,
        "surname": pupil.surname,
        "class_name": pupil.class_name,
        "year_group": pupil.year_group,
        "parents": " and ".join(adults[:2]) or "Parent or carer",
        "sessions_missed": figures.absent,
        "days_missed": days(figures.absent),
        "attendance_percent": f"{shown(attendance(figures))}%",
        "sessions_possible": figures.possible,
        "times_late": figures.late_before_close + figures.late_after_close,
        "path_back": " ".join(path_words(history, desk.policy())),
    }


def days(sessions: int) -> str:
    """Sessions in words a parent reads: a session is half a day."""
    whole, half = divmod(sessions, 2)
    if not whole:
        return "half a day" if half else "no days"
    number = f"{whole}½" if half else str(whole)
    return f"{number} day" if number == "1" else f"{number} days"
