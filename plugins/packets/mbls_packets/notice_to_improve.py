"""The Notice to Improve, as a draft for the head: what was missed, what help there is, what has to change by when.

Working together to improve school attendance: the attendance record, the duty, the support, the warning, the
improvement period, what is enough, and when a penalty notice may come early. It is sent to each parent alone.
"""

from __future__ import annotations

from datetime import date, timedelta

from mbls_packets.attendance import attendance_facts
from mbls_packets.case import marks_table, responsible, steps_table, support
from mbls_packets.checklist import taken_off
from mbls_packets.checklist_notices import improve_items
from mbls_packets.form import pupil_on_roll, signature, subject
from mbls_packets.register import certificate
from mbls_sync.api import (
    Evidence,
    FactsSection,
    PacketSections,
    PolicyAt,
    School,
    TableSection,
    packet,
    unauthorised_in,
)

WEEKS = "penalty_notice.school_weeks"


@packet(
    kind="notice-to-improve",
    cites="Working together to improve school attendance",
    title="Notice to Improve, draft",
)
def build_packet(evidence: Evidence, school: School, policy: PolicyAt) -> PacketSections:
    """The notice in the order in which national guidance lists its parts, then what is checked before it is sent."""
    counted = unauthorised_in(evidence, policy.count(WEEKS))
    items = improve_items(evidence, school)
    return PacketSections(
        kind="notice-to-improve",
        title="Notice to Improve attendance (draft)",
        subject=subject(evidence),
        sections=(
            _to_whom(evidence, school),
            pupil_on_roll(evidence),
            attendance_facts(evidence, policy.count(WEEKS)),
            marks_table("Sessions missed without the school's leave", counted),
            _duty(),
            steps_table("Help that was given or offered", support(evidence), evidence),
            _help_now(school),
            _what_has_to_change(evidence, policy),
            *certificate(evidence),
            signature(school),
            taken_off(items, "Before it is sent: one notice to each parent, signed by the head."),
        ),
        missing=tuple(item for item, here, _ in items if not here),
    )


def _to_whom(evidence: Evidence, school: School) -> TableSection:
    rows = tuple(
        (parent.name, parent.relationship, ", ".join(filter(None, (evidence.pupil.address, evidence.pupil.postcode))))
        for parent in responsible(evidence)
    )
    intro = f"From {school.name}. Each parent is sent a notice of their own."
    return TableSection("To", ("Parent", "Relationship", "Address of the child"), rows, intro)


def _duty() -> FactsSection:
    return FactsSection(
        "The law",
        (
            (
                "A parent's duty",
                "A parent of a child of compulsory school age sees to it that the child is educated; a child who is "
                "registered at a school attends it regularly (Education Act 1996, sections 7 and 444).",
            ),
            (
                "What may follow",
                "Where a child misses school without its leave, the local authority may issue a penalty notice or "
                "prosecute.",
            ),
        ),
    )


def _help_now(school: School) -> FactsSection:
    who = school.attendance_officer or "the attendance officer"
    reach = " or ".join(filter(None, (school.telephone, school.email)))
    return FactsSection(
        "Help that is there now",
        (("Speak with", who), ("How to reach us", reach), ("What we can do", "listen, and agree on a plan with you")),
    )


def _what_has_to_change(evidence: Evidence, policy: PolicyAt) -> FactsSection:
    weeks = policy.count("penalty_notice.improvement_weeks")
    starts = _next_monday(evidence.at.date())
    return FactsSection(
        "What has to change",
        (
            (
                "Improvement period",
                f"{weeks} school weeks from {starts:%d/%m/%Y}, or the first school day after it; write its last day "
                f"here: ________",
            ),
            ("What is enough", policy.text("penalty_notice.sufficient_improvement")),
            ("A penalty notice may come early", policy.text("penalty_notice.early_grounds")),
            ("If it does not improve", "the school asks the local authority to issue a penalty notice to each parent"),
            ("What a notice costs", policy.text("penalty_notice.first_charge")),
        ),
    )


def _next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())
