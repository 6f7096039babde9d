"""A letter or a certificate as a tagged PDF (PDF/UA-1), to print or to attach."""

from __future__ import annotations

from datetime import date

from mbls_sync.model.papers import School
from mbls_sync.render.html import long_day
from mbls_sync.render.letter import LetterText
from mbls_sync.render.pdf import typeset


def letter_pdf(letter: LetterText, school: School, made: date) -> bytes:
    """The letter on the school's paper, or the certificate as a sheet to hang up. `made` is the date it carries."""
    values = {
        "subject": letter.subject,
        "blocks": [{"is_list": block.is_list, "lines": list(block.lines)} for block in letter.blocks],
        "school": school.name,
        "address": school.address,
        "reach": " · ".join(filter(None, (school.telephone, school.email))),
        "made": long_day(made),
        "date": [made.year, made.month, made.day],
    }
    return typeset(f"{letter.layout}.typ", values, made)
