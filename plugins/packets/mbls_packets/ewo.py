"""The referral to the EWO: one packet that answers what any LA's form asks, and says openly what is not known.

Attendance policy 2023, Appendix A, 10. The LA publishes no list of fields; the packet holds the union of
what other LAs' forms ask for, and each item that the MIS lacks stands in the checklist with who can mend it.
"""

from __future__ import annotations

from mbls_packets.ewo_attendance import absences, attendance_facts, plot
from mbls_packets.ewo_checklist import checklist
from mbls_packets.ewo_chronology import chronology, leave_requests, messages
from mbls_packets.ewo_form import adults, needs, pupil_facts, reasons, referral_facts, signature
from mbls_packets.ewo_register import certificate, uncommon_codes
from mbls_sync.api import ChecklistSection, Evidence, PacketSections, PolicyAt, Referral, School, packet


@packet(kind="ewo", cites="Attendance policy 2023, Appendix A, 10", title="referral to the EWO")
def build_packet(referral: Referral, evidence: Evidence, school: School, policy: PolicyAt) -> PacketSections:
    """Form, figures, register certificate, chronology, plot and checklist, in the order in which they are read."""
    items = checklist(evidence, school)
    listed = ChecklistSection(
        "Checklist",
        items,
        "Everything that the forms of other LAs ask for. What is missing is better completed than left blank.",
    )
    years = certificate(evidence)
    return PacketSections(
        kind="ewo",
        title="Referral to the Education Welfare Officer",
        subject=_subject(evidence),
        sections=(
            referral_facts(referral, evidence, school),
            pupil_facts(evidence),
            adults(evidence),
            needs(evidence),
            attendance_facts(evidence, policy.count("figures.rolling_school_weeks")),
            reasons(referral, evidence),
            plot(evidence),
            *years,
            uncommon_codes(evidence),
            absences(evidence),
            chronology(evidence),
            messages(evidence),
            leave_requests(evidence),
            listed,
            signature(school),
        ),
        missing=tuple(item for item, here, _ in items if not here),
    )


def _subject(evidence: Evidence) -> str:
    pupil = evidence.pupil
    born = f", born {pupil.born:%d/%m/%Y}" if pupil.born else ""
    return f"{pupil.legal_name}{born}"
