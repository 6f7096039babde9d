"""The EWO packet: the form, the register certificate, the chronology, and what is openly missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from mbls_packets.case import warnings
from mbls_packets.ewo import build_packet

from mbls_sync.api import (
    ChecklistSection,
    Contact,
    Event,
    Evidence,
    FactsSection,
    HerringboneSection,
    LeaveRequest,
    MarkLine,
    Message,
    PacketSections,
    Period,
    PlotSection,
    Pupil,
    PupilFigures,
    PupilId,
    Referral,
    RequestKind,
    School,
    Session,
    TableSection,
)
from mbls_sync.model.decisions import Because
from mbls_sync.testing.paper_builders import a_paper_policy

S = TypeVar("S")
SCHOOL = School("test", "Example Lower School", "823", "Central Bedfordshire", "9999", address="2 Test Lane",
                telephone="01632 960000", email="office@example.org", head="Test Head",
                attendance_officer="Test Officer")  # fmt: skip
REFERRAL = Referral("ewo", PupilId("A1"), "2026-27.1", date(2026, 10, 13), "No improvement after a term of support.",
                    Because("STG-08", "Appendix A, 10"))  # fmt: skip
MONDAY = date(2026, 9, 7)


def _mark(day: date, period: Period, code: str, title: str, meaning: str, comment: str | None = None) -> MarkLine:
    return MarkLine(Session(day, period), code, title, meaning, comment=comment)


@pytest.fixture
def evidence() -> Evidence:
    pupil = Pupil(PupilId("A1"), "Testpupil", "Amber", upn="A000000000001", born=date(2020, 1, 5), sex="F",
                  year_group="2", class_name="Otters", address="1 Test Lane", postcode="ZZ1 1ZZ",
                  contacts=(Contact(1, "Jo Testparent", "mother", None, "07700 900101"),))  # fmt: skip
    marks = (
        _mark(date(2025, 9, 8), Period.AM, "/", "present in the morning", "present"),
        _mark(MONDAY, Period.AM, "/", "present in the morning", "present"),
        _mark(MONDAY, Period.PM, "N", "reason not yet established", "unauthorised absence"),
        _mark(MONDAY + timedelta(1), Period.AM, "C1", "performance", "authorised absence", "licence seen"),
    )
    at = datetime(2026, 10, 13, 9, 18, tzinfo=UTC)
    return Evidence(
        pupil=pupil,
        at=at,
        figures=PupilFigures(pupil.id, 101, 91, 0, 6, 4, 0, 1, 0, False, False, 4),
        previous=None,
        marks=marks,
        events=(
            Event(at - timedelta(20), "support-letter-sent", pupil.id, by="Test Officer"),
            Event(at - timedelta(1), "home-visit", pupil.id, "no answer", "Test Officer", "attendance officer"),
        ),
        messages=(Message(pupil.id, at, "mother", "stomach ache"),),
        requests=(),
        weekly=((MONDAY, 8, 10), (MONDAY + timedelta(7), 10, 10)),
        siblings=1,
    )


def _build(evidence: Evidence) -> PacketSections:
    return build_packet(REFERRAL, evidence, SCHOOL, a_paper_policy())


def _of(packet: PacketSections, kind: type[S]) -> list[S]:
    return [section for section in packet.sections if isinstance(section, kind)]


def _table(packet: PacketSections, heading: str) -> TableSection:
    return next(table for table in _of(packet, TableSection) if table.heading == heading)


def test_what_the_mis_lacks_is_missing_by_name_and_says_who_can_mend_it(evidence: Evidence) -> None:
    packet = _build(evidence)
    (listed,) = _of(packet, ChecklistSection)
    missing = [item for item, here, _ in listed.items if not here]
    assert packet.missing == tuple(missing)
    assert "Parental responsibility of each adult" in missing
    assert "Pupil voice" in missing
    assert all(mend for _, here, mend in listed.items if not here)


def test_an_n_that_is_left_stands_in_the_checklist_before_the_la_finds_it(evidence: Evidence) -> None:
    left = "No session left as N or without a mark"
    assert left in _build(evidence).missing
    settled = replace(evidence, marks=tuple(m for m in evidence.marks if m.code != "N"))
    assert left not in _build(settled).missing


def test_each_year_has_its_certificate_with_a_key_to_every_code_used(evidence: Evidence) -> None:
    this_year, before = _of(_build(evidence), HerringboneSection)
    assert this_year.heading == "Register certificate 2026-27"
    assert this_year.weeks == ((MONDAY, ("/", "N", "C1", *[""] * 7)),)
    assert [code for code, _ in this_year.key] == ["/", "C1", "N"]
    assert before.weeks[0][0] == date(2025, 9, 8)


def test_an_uncommon_code_is_explained_with_its_comment(evidence: Evidence) -> None:
    (row,) = _table(_build(evidence), "Uncommon codes explained").rows
    assert row[0] == "C1"
    assert row[4] == "licence seen"


def test_absences_that_follow_each_other_with_one_code_are_one_row_and_presence_is_none(evidence: Evidence) -> None:
    tuesday = MONDAY + timedelta(1)
    more = _mark(tuesday, Period.PM, "C1", "performance", "authorised absence", "licence seen")
    rows = _table(_build(replace(evidence, marks=(*evidence.marks, more))), "Absences this year").rows
    assert [(row[2], row[3]) for row in rows] == [(1, "N"), (2, "C1")]
    assert rows[1][:2] == ("08/09/2026 AM", "08/09/2026 PM")


def test_the_chronology_is_in_order_with_who_and_what_came_of_it(evidence: Evidence) -> None:
    rows = _table(_build(evidence), "School Attendance Intervention Chronology").rows
    assert [row[2] for row in rows] == ["support letter sent", "home visit"]
    assert rows[1][3:] == ("no answer", "Test Officer, attendance officer")


def test_the_plot_says_in_words_what_it_shows(evidence: Evidence) -> None:
    (plot,) = _of(_build(evidence), PlotSection)
    assert "2 school weeks" in plot.description
    assert "8 of 10" in plot.description
    assert [text for _, text in plot.steps] == ["support letter sent", "home visit: no answer"]


def test_nothing_is_said_of_another_pupil_but_a_count(evidence: Evidence) -> None:
    facts = dict(pair for section in _of(_build(evidence), FactsSection) for pair in section.facts)
    assert facts["Brothers or sisters at this school"].startswith("1 (a guess")


def test_the_rolling_weeks_are_those_in_force(evidence: Evidence) -> None:
    facts = dict(pair for section in _of(_build(evidence), FactsSection) for pair in section.facts)
    assert facts["Unauthorised in the last 10 school weeks"] == "4 sessions"


def test_the_checklist_calls_nothing_here_that_the_packet_does_not_hold(evidence: Evidence) -> None:
    at = evidence.at
    invited = replace(evidence, events=(Event(at, "support-meeting-invited", evidence.pupil.id),))
    missing = _build(invited).missing
    assert "Copies of the letters, minutes of the meetings, the plan and its reviews" in missing
    assert "Meetings held with the parents in this case, with date and outcome" in missing
    assert not any(item.startswith("Letters sent") for item in missing)
    praised = replace(evidence, events=(Event(at, "praise-sent"),))
    assert any(item.startswith("Letters sent") for item in _build(praised).missing)


def test_the_letters_of_a_case_that_was_closed_are_no_step_of_this_one(evidence: Evidence) -> None:
    closed = Event(evidence.at - timedelta(5), "case-closed", evidence.pupil.id)
    events = (evidence.events[0], closed, evidence.events[1])
    missing = _build(replace(evidence, events=events)).missing
    assert any(item.startswith("Letters sent") for item in missing)
    assert "Home visits with date and outcome" not in missing


def test_each_request_for_leave_asks_for_a_decision_that_followed_it(evidence: Evidence) -> None:
    item = "Decision on each request for leave that is recorded"
    day = evidence.at.date()
    asked = [LeaveRequest(evidence.pupil.id, evidence.at + timedelta(n), day, day, "wedding") for n in (0, 2)]
    once = Event(evidence.at + timedelta(1), "leave-refused", evidence.pupil.id)
    weighed = replace(once, kind="leave-ground-weighed")
    undecided = replace(evidence, requests=tuple(asked), events=(*evidence.events, once, weighed))
    assert item in _build(undecided).missing
    decided = replace(undecided, events=(*undecided.events, replace(once, at=evidence.at + timedelta(3))))
    assert item not in _build(decided).missing


@pytest.mark.parametrize("kind", [RequestKind.LUNCH, RequestKind.APPOINTMENT])
def test_a_request_for_lunch_at_home_or_an_appointment_is_no_leave_that_waits_for_a_decision(
    evidence: Evidence, kind: RequestKind
) -> None:
    day = evidence.at.date()
    asked = LeaveRequest(evidence.pupil.id, evidence.at, day, day, "each day", kind=kind)
    packet = _build(replace(evidence, requests=(asked,)))
    assert "Decision on each request for leave that is recorded" not in packet.missing
    assert _table(packet, "Requests for leave").rows == ()


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [("lunch at home", None), ("Dentist", None), ("a wedding", "not said: taken for leave"),
     ("Eid", "religious observance, by its words")],
)  # fmt: skip
def test_a_request_that_names_no_kind_is_told_by_its_words_and_where_they_do_not_tell_that_is_said(
    evidence: Evidence, purpose: str, kind: str | None
) -> None:
    asked = LeaveRequest(evidence.pupil.id, evidence.at, evidence.at.date(), evidence.at.date(), purpose)
    packet = _build(replace(evidence, requests=(asked,)))
    table = _table(packet, "Requests for leave")
    assert [row[3] for row in table.rows] == ([] if kind is None else [kind])
    assert ("1 about an appointment or lunch" in table.intro) == (kind is None)
    assert ("Decision on each request for leave that is recorded" in packet.missing) == (kind is not None)


def test_a_decision_made_by_marking_its_task_done_is_one_and_a_refusal_warns(evidence: Evidence) -> None:
    item, day = "Decision on each request for leave that is recorded", evidence.at.date()
    asked = LeaveRequest(evidence.pupil.id, evidence.at, day, day, "wedding")
    done = Event(evidence.at + timedelta(1), "leave-decided", evidence.pupil.id, "refused")
    refused = replace(evidence, requests=(asked,), events=(*evidence.events, done))
    assert item not in _build(refused).missing
    assert done in warnings(refused)
    granted = replace(done, outcome="granted")
    assert granted not in warnings(replace(refused, events=(*evidence.events, granted)))


def test_a_text_that_names_another_pupil_is_to_be_read_before_it_is_sent(evidence: Evidence) -> None:
    item = "No other pupil named in messages, notes or comments"
    assert item not in _build(evidence).missing
    assert item in _build(replace(evidence, others_named=2)).missing


def test_the_office_s_own_bookkeeping_is_no_step_of_the_chronology(evidence: Evidence) -> None:
    put_off = Event(evidence.at, "task-snoozed", evidence.pupil.id, "2026-10-20")
    packet = _build(replace(evidence, events=(*evidence.events, put_off)))
    assert len(_table(packet, "School Attendance Intervention Chronology").rows) == 2


@pytest.mark.parametrize(
    "emptied",
    [
        lambda e: replace(e, marks=(), weekly=(), events=(), messages=()),
        lambda e: replace(e, pupil=Pupil(PupilId("A1"))),
        lambda e: replace(e, figures=PupilFigures(PupilId("A1"), 0, 0, 0, 0, 0, 0, 0, 0, False, False, 0)),
    ],
)
def test_a_packet_about_a_pupil_of_whom_little_is_known_is_still_whole(
    evidence: Evidence, emptied: Callable[[Evidence], Evidence]
) -> None:
    assert len(_build(emptied(evidence)).sections) >= 12
