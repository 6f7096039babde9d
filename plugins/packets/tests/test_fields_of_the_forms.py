"""The table of what LAs' forms ask for names sections that the referral has."""

from __future__ import annotations

import re
from pathlib import Path

from mbls_packets.ewo import build_packet

from mbls_sync.api import School
from mbls_sync.testing.paper_builders import a_paper_policy, a_referral, some_evidence

TABLE = Path(__file__).parents[1] / "README.md"
FORMS = {"CB", "ES", "ST", "BI", "NO", "SW", "KE", "SP", "UL"}
WHOLE = "the packet itself"


def rows() -> list[list[str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| asked for")) + 2
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start:] if line.startswith("|")]


def test_every_field_is_asked_by_a_known_form_and_every_form_stands_in_the_table() -> None:
    asked = [set(row[1].split()) for row in rows()]
    assert all(forms and forms <= FORMS for forms in asked)
    assert set().union(*asked) == FORMS


def test_every_field_is_answered_in_a_section_that_there_is() -> None:
    school = School("s", "Example School", "823", "Central Bedfordshire", "9999")
    packet = build_packet(a_referral(), some_evidence(), school, a_paper_policy())
    headings = {re.sub(r" \d{4}-\d{2}$", "", section.heading) for section in packet.sections} | {WHOLE}
    named = {re.sub(r" \(.*\)$", "", place.strip()) for row in rows() for place in row[2].split(";")}
    assert named <= headings


def test_every_field_says_from_what_or_why_not() -> None:
    assert all(row[3] for row in rows())


def test_every_event_that_answers_a_field_is_one_that_a_person_is_told_to_record() -> None:
    told = (Path(__file__).parents[3] / "config" / "events.yaml").read_text(encoding="utf-8").split()
    named = {kind for row in rows() for kind in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row[3])} - {"early-help"}
    assert len(named) > 5
    assert [kind for kind in sorted(named) if kind not in told] == []
