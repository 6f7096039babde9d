"""The lint of packets says what is so in the case, and whose each missing item is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from mbls_sync.delivery.lint_packets import PacketPaper, complete, support, third_notice
from mbls_sync.model.codes import Meaning
from mbls_sync.model.happenings import Event
from mbls_sync.model.papers import ChecklistSection, Evidence, PacketSections
from mbls_sync.model.pupils import Contact
from mbls_sync.testing.paper_builders import a_paper_policy, a_referral, some_evidence

DESK: Any = SimpleNamespace(policy=lambda _day=None: a_paper_policy())


def a_paper(evidence: Evidence, *items: tuple[str, bool, str]) -> PacketPaper:
    sections = PacketSections("penalty-notice", "Request", "somebody", (ChecklistSection("Checklist", items, ""),))
    return PacketPaper(a_referral(), sections, evidence, DESK)


def a_case(*kinds: str, **fields: Any) -> Evidence:
    made = some_evidence()
    events = [Event(made.at - timedelta(days=90 - n), kind, made.pupil.id) for n, kind in enumerate(kinds)]
    return replace(made, events=tuple(events), **fields)


def test_a_letter_of_a_case_that_was_closed_is_no_support_in_this_one() -> None:
    assert not list(support(a_paper(a_case("support-letter-sent"))))
    assert list(support(a_paper(a_case("support-letter-sent", "case-closed"))))


def test_a_letter_that_warns_is_no_support() -> None:
    assert list(support(a_paper(a_case("punctuality-letter-sent"))))


def test_an_absence_of_long_ago_does_not_undo_that_all_that_counts_is_holiday() -> None:
    made = a_case()
    missed = [mark.session for mark in made.marks if mark.meaning == Meaning.UNAUTHORISED]
    assert missed[-1].day - missed[0].day > timedelta(weeks=10)
    marks = [replace(m, code="G") if m.session in missed[1:] else m for m in made.marks]
    assert not list(support(a_paper(replace(made, marks=tuple(marks)))))
    marks = [replace(m, code="O") if m.session == missed[-1] else m for m in marks]
    assert list(support(a_paper(replace(made, marks=tuple(marks)))))


def test_a_notice_in_a_name_that_nobody_has_stops_a_request_until_a_person_says_whose_it_was() -> None:
    case = a_case("penalty-notice-issued")
    mother = Contact(1, "Jo Testparent", "mother", True)
    named = replace(case, pupil=replace(case.pupil, contacts=(mother,)))
    (issued,) = named.events
    (fault,) = third_notice(a_paper(replace(named, events=(replace(issued, outcome="J. Testparent"),))))
    assert "names nobody who is in the MIS" in fault.says
    assert not list(third_notice(a_paper(replace(named, events=(replace(issued, outcome="jo testparent"),)))))
    withdrawn = replace(issued, kind="penalty-notice-withdrawn", at=issued.at + timedelta(1))
    assert not list(third_notice(a_paper(replace(named, events=(issued, withdrawn)))))


@pytest.mark.parametrize(
    ("mend", "owner", "how"),
    [
        ("Attendance officer: ask the parents", "attendance officer", "ask the parents."),
        (
            "Designated safeguarding lead and SENDCO",
            "designated safeguarding lead",
            "Designated safeguarding lead and SENDCO.",
        ),
        ("SENDCO, then the office in the MIS", "SENDCO", "SENDCO, then the office in the MIS."),
        ("IT: mbls-sync.toml, [school]", "IT", "mbls-sync.toml, [school]."),
    ],
)
def test_each_missing_item_is_its_own_owner_s(mend: str, owner: str, how: str) -> None:
    (fault,) = complete(a_paper(a_case(), ("Something", False, mend), ("Else", True, "")))
    assert (fault.owner, fault.mend) == (owner, how)
