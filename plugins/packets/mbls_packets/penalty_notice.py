"""The request that the LA issue a penalty notice: the ground, which notice it would be for each parent, the proof.

Attendance policy 2023, Legal intervention. The school asks, the LA issues. Central Bedfordshire asks for an
up-to-date register extract, the School Attendance Intervention Chronology, and the refusal letter where leave was
refused; the national framework for two notices at most to one parent about one pupil in three years.
"""

from __future__ import annotations

from collections.abc import Iterator

from mbls_packets.attendance import absences, attendance_facts
from mbls_packets.case import (
    is_only_holiday,
    marks_table,
    responsible,
    steps_table,
    support,
    warnings,
)
from mbls_packets.checklist import Item, listed
from mbls_packets.checklist_notices import notice_items
from mbls_packets.chronology import chronology, decisions, leave_requests, messages
from mbls_packets.form import adults, needs, pupil_facts, reasons, referral_facts, signature, subject
from mbls_packets.register import certificate, uncommon_codes
from mbls_sync.api import (
    ChecklistSection,
    Evidence,
    FactsSection,
    MarkLine,
    PacketSections,
    PolicyAt,
    Referral,
    School,
    TableSection,
    notices_to,
    packet,
    unauthorised_in,
    unplaced,
)

WEEKS, SESSIONS = "penalty_notice.school_weeks", "penalty_notice.sessions"


@packet(
    kind="penalty-notice",
    cites="Attendance policy 2023, Legal intervention",
    title="request to the LA to issue a penalty notice",
)
def build_packet(referral: Referral, evidence: Evidence, school: School, policy: PolicyAt) -> PacketSections:
    """Ground, parents and notices, support and warnings, leave, chronology, register, checklist, signature."""
    counted = unauthorised_in(evidence, policy.count(WEEKS))
    items = notice_items(evidence, school, counted, policy)
    return PacketSections(
        kind="penalty-notice",
        title="Request to issue a penalty notice",
        subject=subject(evidence),
        sections=(
            referral_facts(referral, evidence, school),
            _ground(counted, policy),
            marks_table("Unauthorised sessions that count", counted),
            reasons(referral, evidence),
            pupil_facts(evidence),
            _notices(evidence, policy),
            adults(evidence),
            needs(evidence),
            _talk_first(evidence),
            steps_table("Support given or offered", support(evidence), evidence, _support_intro(counted)),
            steps_table("Warnings given", warnings(evidence), evidence),
            leave_requests(evidence, policy),
            decisions(evidence),
            attendance_facts(evidence, policy.count(WEEKS)),
            chronology(evidence),
            *certificate(evidence),
            uncommon_codes(evidence),
            absences(evidence),
            messages(evidence),
            listed_section(items),
            signature(school),
        ),
        missing=tuple(item for item, here, _ in items if not here),
    )


def listed_section(items: tuple[Item, ...]) -> ChecklistSection:
    """What the LA asks for with a request."""
    return listed(items, "What the LA asks for with a request. It sends back what is incomplete.")


def _ground(counted: tuple[MarkLine, ...], policy: PolicyAt) -> FactsSection:
    wanted, weeks = policy.count(SESSIONS), policy.count(WEEKS)
    first, last = (counted[0], counted[-1]) if counted else (None, None)
    return FactsSection(
        "Ground",
        (
            ("Unauthorised sessions", f"{len(counted)} in the last {weeks} school weeks"),
            ("National threshold", f"{wanted} in {weeks} school weeks"),
            ("Threshold reached", "yes" if len(counted) >= wanted else "no"),
            ("First of them", f"{first.session.day:%d/%m/%Y} {first.session.period}" if first else "none"),
            ("Last of them", f"{last.session.day:%d/%m/%Y} {last.session.period}" if last else "none"),
            ("Holiday only", "yes" if is_only_holiday(counted) else "no"),
        ),
    )


def _notices(evidence: Evidence, policy: PolicyAt) -> TableSection:
    """Each parent with what was issued before, and which notice this would be."""
    years, most = policy.count("penalty_notice.years"), policy.count("penalty_notice.most")
    day, zone = evidence.at.date(), evidence.at.tzinfo
    charges = {1: policy.text("penalty_notice.first_charge"), 2: policy.text("penalty_notice.second_charge")}
    rows = []
    for parent in responsible(evidence):
        found = notices_to(parent.name, evidence.events, day, years=years, most=most, zone=zone)
        before = ", ".join(f"{one:%d/%m/%Y}" for one in found.counted) or "none"
        if found.issuable:
            would, charge = _ordinal(found.next), charges.get(found.next, "as the LA says")
        else:
            would, charge = f"not issuable before {found.until:%d/%m/%Y} is over", "none: weigh other measures"
        rows.append((parent.name, parent.relationship, before, would, charge))
    columns = ("Parent", "Relationship", f"Notices that count ({years} years)", "This would be", "Charge")
    intro = "A notice is to one parent about one pupil. Only notices that the school has recorded are known here."
    return TableSection("Parents, and which notice this would be", columns, (*rows, *_of_nobody(evidence)), intro)


def _of_nobody(evidence: Evidence) -> Iterator[tuple[str, str, str, str, str]]:
    """Notices in a name that no adult of the pupil's has: whose each was, a person must say."""
    for event in unplaced([contact.name for contact in evidence.pupil.contacts], evidence.events):
        issued = event.at.astimezone(evidence.at.tzinfo).date()
        named = event.outcome or "nobody is named"
        yield named, "no adult in the MIS is called so", f"{issued:%d/%m/%Y}", "not known: say whose notice it was", ""


def _talk_first(evidence: Evidence) -> FactsSection:
    """What the LA wants to be spoken to about before a request is made."""
    pupil = evidence.pupil
    found = [
        words
        for words, says in (
            ("a child protection plan", pupil.child_protection),
            ("a child in need", pupil.child_in_need),
            ("looked after", pupil.looked_after),
            ("an education, health and care plan", pupil.education_health_care_plan),
        )
        if says
    ]
    return FactsSection(
        "Before the request is made",
        (
            ("Known in the MIS", ", ".join(found) or "nothing"),
            (
                "Speak first with the School Attendance Officer where",
                "there is a plan for the child, mental ill health of child or parent, a parent who cannot read the "
                "letters, or a child missing education",
            ),
        ),
    )


def _support_intro(counted: tuple[MarkLine, ...]) -> str:
    if is_only_holiday(counted):
        return "All that counts is holiday without leave: no support is asked for beforehand."
    return "A notice comes only after support that was offered, and did not work or was not taken up."


def _ordinal(number: int) -> str:
    return {1: "the first", 2: "the second"}.get(number, f"number {number}")
