"""Each packet of the synthetic school says what its golden files say, twice the same, and can be read by everybody.

`python -m tests.acceptance.renew_golden_packets` writes the golden files anew where a change of them is meant.
"""

from __future__ import annotations

import io
from dataclasses import replace
from random import Random

import pdfua
import pypdf
import pytest

from mbls_sync.delivery.desk import Desk
from tests.acceptance.renew_golden_packets import GOLDEN, a_referral, files, kept, text_of, the_desk

KINDS = ("attendance-certificate", "ewo", "medical-needs", "notice-to-improve", "penalty-notice")


def shuffled(desk: Desk) -> Desk:
    """The same desk, its lists in another order."""
    random = Random(5)
    effects, roll = list(desk.effects), list(desk.roll)
    random.shuffle(effects)
    random.shuffle(roll)
    histories = dict(reversed(desk.histories.items()))
    return replace(desk, effects=tuple(effects), roll=tuple(roll), histories=histories)


@pytest.mark.parametrize("kind", KINDS)
def test_each_file_is_the_golden_one(kind: str) -> None:
    made = kept(files(the_desk(), kind))
    assert made
    assert made == {name: (GOLDEN / name).read_bytes() for name in made}


def test_no_golden_file_is_left_over() -> None:
    named = {name for kind in KINDS for name in kept(files(the_desk(), kind))}
    assert {file.name for file in GOLDEN.iterdir()} == named


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_come_out_whatever_the_order(kind: str) -> None:
    assert files(the_desk(), kind) == files(shuffled(the_desk()), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_pdf_passes_the_checker_and_is_tagged(kind: str) -> None:
    """The checker covers 16 of 106 rules of PDF/UA-1; the compiler that sets the PDF refuses what it knows of it."""
    (pdf,) = (data for name, data in files(the_desk(), kind).items() if name.endswith(".pdf"))
    report = pdfua.validate(io.BytesIO(pdf))
    assert [finding for finding in report.findings if finding.severity is pdfua.Severity.ERROR] == []
    root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"]
    assert "/Outlines" in root


@pytest.mark.parametrize("kind", KINDS)
def test_its_text_is_read_in_the_order_of_its_sections(kind: str) -> None:
    desk = the_desk()
    made = files(desk, kind)
    (pdf,) = (data for name, data in made.items() if name.endswith(".pdf"))
    text = " ".join(text_of(pdf).decode().split())
    headings = [" ".join(title.split()) for title in _outline(pdf)]
    assert len(headings) > 5
    place = 0
    for heading in headings:
        assert heading in text[place:], f"{heading} does not follow the sections before it"
        place = text.index(heading, place) + len(heading)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_about_nobody_else(kind: str) -> None:
    desk = the_desk()
    mine = a_referral(desk, kind).pupil
    said = b" ".join(kept(files(desk, kind)).values()).decode(errors="replace")
    assert [pupil.upn for pupil in desk.roll if pupil.upn and pupil.id != mine and pupil.upn in said] == []


def _outline(pdf: bytes) -> list[str]:
    found: list[str] = []

    def walk(items: list[object]) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item)
            else:
                found.append(str(getattr(item, "title", "")))

    walk(pypdf.PdfReader(io.BytesIO(pdf)).outline)
    return found
