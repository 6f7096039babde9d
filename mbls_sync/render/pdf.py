"""Tagged PDFs (PDF/UA-1), the same bytes for the same contents, without network or system fonts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from unicodedata import category

import typst

from mbls_sync.model.papers import PacketSections, School
from mbls_sync.render.cells import readable
from mbls_sync.render.html import TEMPLATES, long_day
from mbls_sync.render.sections import LONGEST_WORD, typeset_values

BREAK = "\u200b"
"""A place where a line may end: without it an endless word would run off the page and be lost in print."""

_ENDLESS = re.compile(rf"\S{{{LONGEST_WORD - 8}}}(?=\S{{8}})")

_VARIANTS = {chr(number) for number in range(0xFE00, 0xFE10)}

_FAR = re.compile("[\u0370-\u1dff\u2190-\U0010ffff]")
"""Beyond the Latin script and its punctuation: written by number only where the compiler names nothing better."""

_UNSHOWABLE = re.compile(r'the text `"(.+?)"` could not be displayed')


def packet_pdf(packet: PacketSections, school: School, made: date) -> bytes:
    """The packet on the school's paper, with bookmarks, page numbers and a text layer. `made` is the date it carries.

    Text comes in as JSON and is never run as markup; the compiler sees the templates' folder and nothing else.
    """
    values = {
        "title": packet.title,
        "subject": packet.subject,
        **letterhead(school, made),
        "missing": list(packet.missing),
        "sections": [typeset_values(section) for section in packet.sections],
    }
    return typeset("packet.typ", values, made)


def letterhead(school: School, made: date) -> Mapping[str, Any]:
    """What stands at the head of the school's paper, and the date."""
    return {
        "school": school.name,
        "address": school.address,
        "reach": " · ".join(filter(None, (school.telephone, school.email))),
        "made": long_day(made),
        "date": [made.year, made.month, made.day],
    }


def typeset(template: str, values: Mapping[str, Any], made: date) -> bytes:
    """The values, set by a template of this folder, as a tagged PDF that carries the date `made`.

    The template reads them as JSON from its input `packet`.
    """
    return _set(template, json.dumps(_shown(values), ensure_ascii=False), made)


def _shown(value: Any) -> Any:
    """The tree with every text made readable; what joins or turns characters shows nothing by itself."""
    if isinstance(value, str):
        shown = "".join(ch for ch in readable(value) if category(ch) != "Cf" and ch not in _VARIANTS)
        return _ENDLESS.sub(lambda word: word[0] + BREAK, shown)
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list | tuple) else value


def _set(template: str, text: str, made: date) -> bytes:
    """Set the text, writing what no bundled font can show by its number, such as U+674E."""
    while True:
        try:
            return _compiled(template, text, made)
        except typst.TypstError as error:
            # A PDF/UA must be able to show all that it says; the compiler names what it cannot, a few at a time.
            named = _UNSHOWABLE.search(str(error))
            if named is None:
                raise
            strange = {ch for ch in named[1] if ch in text and not ch.isascii()} or set(_FAR.findall(text))
            if not strange:
                raise
            for character in strange:
                text = text.replace(character, f"[U+{ord(character):04X}]")


def _compiled(template: str, text: str, made: date) -> bytes:
    pdf: bytes = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"packet": text},
        pdf_standards=["ua-1"],
        timestamp=int(datetime.combine(made, time(), tzinfo=UTC).timestamp()),
    )
    return pdf
