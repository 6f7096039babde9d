"""What each further packet says that its receiver asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from mbls_packets import attendance_certificate, medical_needs, notice_to_improve, penalty_notice

from mbls_sync.api import ChecklistSection, Contact, Event, FactsSection, MarkLine, PacketSections, TableSection
from mbls_sync.testing.builders import a_school
from mbls_sync.testing.paper_builders import a_paper_policy, a_referral, some_evidence

PARENTS = (
    Contact(1, "Jo Testparent", "mother", True, "07700 900101"),
    Contact(2, "Sam Testparent", "father", None, "07700 900102"),
    Contact(3, "Gran Example", "grandmother", False, "07700 900103"),
)


ILL_FROM = date(2026, 11, 23)


def evidence(**fields: Any) -> Any:
    made = some_evidence()
    return replace(made, pupil=replace(made.pupil, contacts=PARENTS), **fields)


def built(module: Any, case: Any) -> PacketSections:
    given = {"referral": a_referral(), "evidence": case, "school": a_school(), "policy": a_paper_policy()}
    names = module.build_packet.__code__.co_varnames[: module.build_packet.__code__.co_argcount]
    packet: PacketSections = module.build_packet(**{name: given[name] for name in names})
    return packet


def table(packet: PacketSections, heading: str) -> TableSection:
    return next(s for s in packet.sections if isinstance(s, TableSection) and s.heading == heading)


def facts(packet: PacketSections, heading: str) -> dict[str, str]:
    return dict(next(s for s in packet.sections if isinstance(s, FactsSection) and s.heading == heading).facts)


def issued(case: Any, parent: str, days_ago: int) -> Event:
    return Event(case.at - timedelta(days=days_ago), "penalty-notice-issued", case.pupil.id, parent)


def test_the_request_says_for_each_parent_which_notice_it_would_be() -> None:
    case = evidence()
    case = replace(case, events=(issued(case, "Jo Testparent", 500), issued(case, "Jo Testparent", 200)))
    rows = table(built(penalty_notice, case), "Parents, and which notice this would be").rows
    assert [(row[0], str(row[3]).split(" before")[0]) for row in rows] == [
        ("Jo Testparent", "not issuable"),
        ("Sam Testparent", "the first"),
    ]


def test_a_notice_in_a_name_that_no_adult_has_is_shown_and_counted_for_nobody() -> None:
    case = evidence()
    case = replace(case, events=(issued(case, "J. Testparent", 200), issued(case, "jo  TESTPARENT", 100)))
    rows = table(built(penalty_notice, case), "Parents, and which notice this would be").rows
    assert [row[0] for row in rows] == ["Jo Testparent", "Sam Testparent", "J. Testparent"]
    assert [row[3] for row in rows] == ["the second", "the first", "not known: say whose notice it was"]


def test_an_adult_without_responsibility_is_sent_nothing() -> None:
    for module in (penalty_notice, notice_to_improve):
        packet = built(module, evidence())
        headings = ("To", "Parents, and which notice this would be")
        named = [
            row[0] for s in packet.sections if isinstance(s, TableSection) and s.heading in headings for row in s.rows
        ]
        assert named == ["Jo Testparent", "Sam Testparent"]


def test_the_ground_counts_the_last_school_weeks_only() -> None:
    packet = built(penalty_notice, evidence())
    counted = table(packet, "Unauthorised sessions that count").rows
    assert facts(packet, "Ground")["Unauthorised sessions"] == f"{len(counted)} in the last 10 school weeks"
    every = [mark for mark in evidence().marks if mark.meaning == "unauthorised absence"]
    assert 0 < len(counted) < len(every)


def test_support_is_asked_for_unless_all_is_holiday() -> None:
    case = evidence(events=())
    item = "Support given or offered, or holiday only"
    assert item in built(penalty_notice, case).missing
    holiday = replace(case, marks=tuple(_as_holiday(mark) for mark in case.marks))
    assert item not in built(penalty_notice, holiday).missing


def _as_holiday(mark: MarkLine) -> MarkLine:
    return replace(mark, code="G") if mark.meaning == "unauthorised absence" else mark


def test_a_refused_request_asks_for_the_letter_that_refused_it() -> None:
    case = evidence()
    refused = Event(case.at, "leave-refused", case.pupil.id, "term time")
    item = "Copy of the letter that refused leave"
    assert item not in built(penalty_notice, case).missing
    assert item in built(penalty_notice, replace(case, events=(*case.events, refused))).missing


def test_the_notice_to_improve_has_every_part_that_guidance_names() -> None:
    packet = built(notice_to_improve, evidence())
    change = facts(packet, "What has to change")
    assert change["Improvement period"].startswith("6 school weeks from ")
    assert {"What is enough", "A penalty notice may come early", "If it does not improve"} <= change.keys()
    assert "The law" in [section.heading for section in packet.sections]
    assert "Help that was given or offered" in [section.heading for section in packet.sections]


def test_the_certificate_states_the_register_and_no_reason() -> None:
    case = evidence()
    packet = built(attendance_certificate, case)
    (year,) = table(packet, "Sessions").rows
    assert year[1] == len(case.marks)
    assert year[1] == sum(int(str(number)) for number in year[2:6])
    assert "a cold" not in repr(packet)


@pytest.mark.parametrize("module", [attendance_certificate, notice_to_improve])
def test_court_and_parents_are_told_nothing_of_the_family_that_they_did_not_ask(module: Any) -> None:
    case = evidence(siblings=2)
    case = replace(case, pupil=replace(case.pupil, ethnicity="WBRI", left=case.at.date()))
    stated = facts(built(module, case), "Pupil")
    assert stated["On roll until"] == f"{case.at:%d/%m/%Y}"
    assert not {"Ethnicity", "English as an additional language", "Brothers or sisters at this school"} & stated.keys()


def test_the_medical_referral_finds_the_spells_and_the_last_day_in_school() -> None:
    case = evidence()
    ill = tuple(
        replace(mark, code="I", meaning="authorised absence") if mark.session.day >= ILL_FROM else mark
        for mark in case.marks
    )
    packet = built(medical_needs, replace(case, marks=ill))
    (spell,) = table(packet, "Spells of illness").rows
    assert str(spell[0]) == "2026-11-23"
    assert facts(packet, "The illness")["Last session attended"].startswith("20/11/2026")


def test_a_fit_note_is_evidence_and_says_how_long() -> None:
    case = evidence()
    note = Event(case.at, "fit-note-received", case.pupil.id, "2027-01-29")
    packet = built(medical_needs, replace(case, events=(note,)))
    assert not {"Medical evidence", "When the pupil is expected back"} & set(packet.missing)
    assert facts(packet, "The illness")["Fit note until"] == "2027-01-29"
    assert [row[1] for row in table(packet, "Medical evidence held").rows] == ["fit note received"]


@pytest.mark.parametrize("module", [penalty_notice, notice_to_improve, attendance_certificate, medical_needs])
def test_what_is_missing_has_an_owner(module: Any) -> None:
    packet = built(module, evidence())
    (listed,) = (section for section in packet.sections if isinstance(section, ChecklistSection))
    assert all(mend for _, here, mend in listed.items if not here)
    assert packet.missing == tuple(item for item, here, _ in listed.items if not here)
