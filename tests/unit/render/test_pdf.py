"""The packet's PDF: tagged, readable by machine, the same twice, and deaf to markup in its data."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from mbls_sync.model.papers import (
    ChecklistSection,
    FactsSection,
    HerringboneSection,
    PacketSections,
    PlotSection,
    School,
    Section,
    TableSection,
)
from mbls_sync.render.pdf import packet_pdf
from mbls_sync.render.sections import packet_json, packet_rows

MADE = date(2026, 10, 13)
SCHOOL = School("s", "Example Lower School", "823", "Central Bedfordshire", "9999")
WEEKS = tuple(date(2026, 9, 7) + timedelta(7 * n) for n in range(39))
SECTIONS: tuple[Section, ...] = (
    FactsSection("Pupil", (("Legal surname", "Testpupil"), ("UPN", ""))),
    TableSection("Chronology", ("Date", "What", "Note"), ((WEEKS[0], "letter", 'sent #read("/etc/passwd") $x$ *b*'),)),
    TableSection("Messages", ("Date", "Reason"), ()),
    HerringboneSection("Certificate", tuple((w, ("/", "\\") * 4 + ("C1", "")) for w in WEEKS), (("/", "present"),)),
    PlotSection("Week by week", tuple((w, 8, 10) for w in WEEKS), ((WEEKS[3], "home visit"),), "8 of 10 every week."),
    ChecklistSection("Checklist", (("Pupil voice", False, "Class teacher"), ("Name", True, ""))),
)


def _packet(subject: str = "Amber Testpupil", sections: tuple[Section, ...] = SECTIONS) -> PacketSections:
    return PacketSections("ewo", "Referral", subject, sections, ("Pupil voice",))


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return packet_pdf(_packet(), SCHOOL, MADE)


def test_the_pdf_is_tagged_and_says_its_language_and_title(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == "Referral, Amber Testpupil"


def test_the_figure_has_a_text_for_whoever_cannot_see_it(pdf: bytes) -> None:
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    structure = [obj.get_object() for obj in root["/StructTreeRoot"]["/K"]]
    found: list[str] = []
    while structure:
        node = structure.pop()
        if isinstance(node, dict):
            found += [node["/S"]] if "/S" in node else []
            found += [str(node["/Alt"])] if "/Alt" in node else []
            kids = node.get("/K", [])
            structure += [
                k.get_object() for k in (kids if isinstance(kids, list) else [kids]) if hasattr(k, "get_object")
            ]
    assert "8 of 10 every week." in found
    assert {"/H1", "/H2", "/Table", "/TH"} <= set(found)


def test_every_section_is_a_bookmark_and_every_page_says_which_of_how_many(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    parts: list[Any] = reader.outline
    titles = [entry.title for part in parts for entry in (part if isinstance(part, list) else [part])]
    assert titles == ["Referral", *(section.heading for section in SECTIONS)]
    count = len(reader.pages)
    assert all(f"Page {n} of {count}" in page.extract_text() for n, page in enumerate(reader.pages, start=1))


def test_the_text_can_be_taken_out_again_and_markup_in_it_stays_text(pdf: bytes) -> None:
    text = _text(pdf)
    assert "Testpupil" in text
    assert '#read("/etc/passwd") $x$ *b*' in text
    assert "not recorded: see the checklist" in text
    assert "Class teacher" in text


def test_the_same_packet_gives_the_same_bytes(pdf: bytes) -> None:
    assert packet_pdf(_packet(), SCHOOL, MADE) == pdf


@pytest.mark.parametrize(
    "name", ["Łukasz Nguyễn", "عمر", "李 😀👨‍👩‍👧", "x\x00\x1f\ud800", "\u200b", "x" * 400, "]}\"'\\"]
)
def test_no_name_stops_a_packet(name: str) -> None:
    assert "Referral" in _text(packet_pdf(_packet(name, SECTIONS[:1]), SCHOOL, MADE))


def test_what_no_font_shows_is_written_by_its_number() -> None:
    text = _text(packet_pdf(_packet("Lou 李", SECTIONS[:1]), SCHOOL, MADE))
    assert "Lou [U+674E]" in text


def test_a_packet_without_a_week_is_still_set() -> None:
    empty = (PlotSection("Plot", (), (), "No week."), HerringboneSection("Certificate", (), ()))
    assert "Nothing is recorded." in _text(packet_pdf(_packet(sections=empty), SCHOOL, MADE))


def test_the_csv_and_json_hold_what_the_pdf_shows() -> None:
    rows = list(packet_rows(_packet()))
    assert ("Pupil", 1, "Legal surname", "Testpupil") in rows
    assert ("Certificate", 1, "Fri AM", "C1") in rows
    assert b'"Pupil voice"' in packet_json(_packet())


def test_an_address_of_ordinary_length_stays_whole_and_no_word_runs_off_the_page() -> None:
    address = "a.guardian.family140@example.invalid"[-31:]
    rows = ((1, "Jo Testparent", "mother", "07700 900101, 01632 960001", address, "y" * 300),)
    table = TableSection("Adults", ("Order", "Name", "Relationship", "Telephone", "E-mail", "Note"), rows)
    pages = PdfReader(io.BytesIO(packet_pdf(_packet(sections=(table,)), SCHOOL, MADE))).pages
    edges: list[float] = []
    pages[0].extract_text(visitor_text=lambda text, cm, tm, font, size: edges.append(tm[4]) if text.strip() else None)
    assert address in pages[0].extract_text()
    assert max(edges) < float(pages[0].mediabox.width)
