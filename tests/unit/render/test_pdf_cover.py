"""The first page of a packet names what is missing, and no row of a table is cut by the end of a page."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader

from mbls_sync.model.papers import ChecklistSection, FactsSection, PacketSections, School, TableSection
from mbls_sync.render.pdf import packet_pdf

DAY = date(2026, 10, 13)
SCHOOL = School(
    "s",
    "Example Lower School",
    "823",
    "Central Bedfordshire",
    "9999",
    address="2 Test Lane, Exampleton",
    telephone="01632 960000",
    email="office@example.org",
)


def _pages(packet: PacketSections) -> list[str]:
    pdf = packet_pdf(packet, SCHOOL, DAY)
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_cover_names_each_item_that_is_missing() -> None:
    facts = FactsSection("Pupil", (("UPN", "A000000000001"),))
    cover = _pages(PacketSections("ewo", "Referral", "Amber Testpupil", (facts,), ("Pupil voice", "Home visits")))[0]
    assert "2 of the items asked for are missing" in cover
    assert "Pupil voice" in cover
    assert "Home visits" in cover


def test_a_checklist_that_is_taken_off_is_the_last_page_and_nothing_of_it_stands_before() -> None:
    facts = FactsSection("Certificate", (("Signature", "_" * 40),))
    own = ChecklistSection("Checklist", (("Signed", False, "Headteacher"),), taken_off=True)
    *given, last = _pages(PacketSections("x", "Certificate of attendance", "A Testpupil", (facts, own), ("Signed",)))
    assert given
    assert not any("missing" in text or "Signed" in text for text in given)
    assert f"Page {len(given)} of {len(given)}" in given[-1], "nobody asks where the last page is"
    assert "Missing" in last
    assert "____" not in last


def test_it_is_on_the_school_s_paper() -> None:
    first, *_ = _pages(PacketSections("ewo", "Referral", "A Testpupil", (FactsSection("Pupil", (("UPN", "x"),)),)))
    head = first[: first.index("Referral")]
    assert all(part in head for part in (SCHOOL.name, SCHOOL.address, SCHOOL.telephone, SCHOOL.email))


@pytest.mark.parametrize("before", range(36, 48, 2))
def test_what_the_head_signs_is_on_one_page(before: int) -> None:
    filling = TableSection("X", ("No",), tuple((n,) for n in range(before)))
    facts = (("Declaration", "A true copy."), ("Name", "H. Example"), ("Signature", "_" * 40), ("Date", "_" * 39))
    pages = _pages(PacketSections("ewo", "Referral", "A Testpupil", (filling, FactsSection("Certificate", facts))))
    (page,) = (text for text in pages if "A true copy." in text)
    assert page.count("_" * 39) == 2
    assert "Certificate" in page


def test_a_contact_stands_whole_on_one_page_and_a_telephone_number_on_one_line() -> None:
    rows = tuple((n, f"Contact{n} Testparent", f"07700 9{n:05}, 01632 9{n:05}, 01632 8{n:05}") for n in range(80))
    pages = _pages(PacketSections("ewo", "Referral", "A Testpupil", (TableSection("X", ("No", "Name", "Tel"), rows),)))
    assert len(pages) > 1
    for number in range(80):
        (page,) = (text for text in pages if f"Contact{number} " in text)
        assert f"8{number:05}" in page, "the last number stands where the name stands"
        assert f"07700\u00a09{number:05}" in page or f"07700 9{number:05}" in page


def test_a_text_longer_than_a_page_is_still_whole() -> None:
    words = " ".join(f"word{n}" for n in range(3000))
    text = " ".join(_pages(PacketSections("ewo", "Referral", "A", (FactsSection("Said", (("What", words),)),))))
    assert "word2999" in text
