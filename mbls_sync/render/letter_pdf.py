"""A letter or certificates as a tagged PDF (PDF/UA-1), to print or to attach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mbls_sync.model.papers import School
from mbls_sync.render.letter import LetterText
from mbls_sync.render.pdf import letterhead, typeset


def letter_pdf(letter: LetterText, school: School, made: date) -> bytes:
    """The letter on the school's paper, or the certificate as a sheet to hang up. `made` is the date it carries."""
    if letter.layout == "certificate":
        return certificates_pdf([letter], school, made)
    return letters_pdf([letter], school, made)


def letters_pdf(letters: Sequence[LetterText], school: School, made: date) -> bytes:
    """One or more letters on the school's paper, to print at once: two-sided, each still begins on its own sheet."""
    title = letters[0].subject if len(letters) == 1 else f"{len(letters)} letters"
    sheets = [_sheet(letter) for letter in letters]
    return typeset("letter.typ", {"title": title, "sheets": sheets, **letterhead(school, made)}, made)


def certificates_pdf(certificates: Sequence[LetterText], school: School, made: date) -> bytes:
    """One or more certificates, a page each, to print at once."""
    first = certificates[0]
    whom = " ".join(first.blocks[0].lines) if first.blocks else ""
    title = f"{first.subject}, {whom}" if len(certificates) == 1 else f"{len(certificates)} certificates"
    sheets = [_sheet(certificate) for certificate in certificates]
    return typeset("certificate.typ", {"title": title, "sheets": sheets, **letterhead(school, made)}, made)


def _sheet(letter: LetterText) -> Mapping[str, Any]:
    blocks = [{"is_list": block.is_list, "lines": list(block.lines)} for block in letter.blocks]
    return {"subject": letter.subject, "blocks": blocks}
