"""The referral to the EWO: one packet that answers what any LA's form asks, and says openly what is not known.

Attendance policy 2023, Appendix A, 10. The LA publishes no list of fields; the packet holds the union of
what other LAs' forms ask for, and each item that the MIS lacks stands in the checklist with who can mend it.
"""

from __future__ import annotations

from mbls_packets.attendance import absences, attendance_facts, plot
from mbls_packets.checklist import checklist, listed
from mbls_packets.chronology import chronology, leave_requests, messages
from mbls_packets.form import adults, needs, pupil_facts, reasons, referral_facts, signature, subject
from mbls_packets.register import certificate, uncommon_codes
from mbls_sync.api import Evidence, PacketSections, PolicyAt, Referral, School, packet


@packet(kind="ewo", cites="Attendance policy 2023, Appendix A, 10", title="referral to the EWO")
def build_packet(referral: Referral, evidence: Evidence, school: School, policy: PolicyAt) -> PacketSections:
    """Form, figures, register certificate, chronology, plot and checklist, in the order in which they are read."""
    items = checklist(evidence, school, policy)
    years = certificate(evidence)
    return PacketSections(
        kind="ewo",
        title="Referral to the Education Welfare Officer",
        subject=subject(evidence),
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
            leave_requests(evidence, policy),
            listed(items, "Everything that the forms of other LAs ask for. Better completed than left blank."),
            signature(school),
        ),
        missing=tuple(item for item, here, _ in items if not here),
    )
