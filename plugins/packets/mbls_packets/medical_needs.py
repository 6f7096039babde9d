"""The medical needs referral: a pupil who is away for long through illness, and what the pupil needs to go on learning.

Attendance policy 2023, SEND- and health-related absences. The LA asks when illness goes on beyond the time it
names; it wants to know the illness with its evidence, the last regular attendance, and the pupil's needs and work.
"""

from __future__ import annotations

from itertools import groupby

from mbls_packets.attendance import attendance_facts
from mbls_packets.case import steps_table
from mbls_packets.checklist import listed
from mbls_packets.checklist_medical import covered_until, medical_items
from mbls_packets.chronology import chronology, messages
from mbls_packets.form import adults, needs, pupil_facts, reasons, referral_facts, signature, subject
from mbls_packets.register import certificate
from mbls_sync.api import (
    Event,
    Evidence,
    FactsSection,
    MarkLine,
    PacketSections,
    PolicyAt,
    Referral,
    School,
    TableSection,
    packet,
)

ILL = "I"
ATTENDED = ("present", "approved educational activity")
EVIDENCE = ("fit-note-received", "medical-evidence-seen", "appointment-evidence-seen", "information-pack-sent")
IN_TOUCH = ("kept-in-touch", "home-contacted", "medical-education-asked", "return-planned", "adjustments-reviewed")


@packet(
    kind="medical-needs",
    cites="Attendance policy 2023, SEND- and health-related absences",
    title="medical needs referral",
)
def build_packet(referral: Referral, evidence: Evidence, school: School, policy: PolicyAt) -> PacketSections:
    """Pupil and parents, the illness, what is known of needs and work, the register, what is still to be added."""
    items = medical_items(evidence, school)
    return PacketSections(
        kind="medical-needs",
        title="Medical needs referral",
        subject=subject(evidence),
        sections=(
            referral_facts(referral, evidence, school),
            pupil_facts(evidence),
            adults(evidence),
            _illness(evidence),
            _spells(evidence),
            reasons(referral, evidence),
            steps_table("Medical evidence held", _of(evidence, EVIDENCE), evidence),
            steps_table("Contact kept during the illness", _of(evidence, IN_TOUCH), evidence),
            needs(evidence),
            _to_be_written(),
            messages(evidence),
            attendance_facts(evidence, policy.count("figures.rolling_school_weeks")),
            chronology(evidence),
            *certificate(evidence),
            listed(items, "What medical needs services ask for. Add what is missing before it is sent."),
            signature(school),
        ),
        missing=tuple(item for item, here, _ in items if not here),
    )


def spells(evidence: Evidence) -> list[list[MarkLine]]:
    """The unbroken runs of illness among the sessions that count, oldest first."""
    counts = (mark for mark in evidence.marks if mark.meaning in ATTENDED or mark.meaning.endswith("absence"))
    return [list(run) for ill, run in groupby(counts, key=lambda mark: mark.code == ILL) if ill]


def _illness(evidence: Evidence) -> FactsSection:
    ill = [mark for mark in evidence.marks if mark.code == ILL]
    there = [mark for mark in evidence.marks if mark.meaning in ATTENDED]
    back = [message.expected_return for message in evidence.messages if message.expected_return]
    return FactsSection(
        "The illness",
        (
            ("Sessions missed through illness", f"{len(ill)} in the years known"),
            ("Last session attended", f"{there[-1].session.day:%d/%m/%Y} {there[-1].session.period}" if there else ""),
            ("Expected back, as home said", f"{back[-1]:%d/%m/%Y}" if back else ""),
            ("Fit note until", covered_until(evidence)),
            ("Diagnosis and treatment, as a doctor wrote it", ""),
        ),
    )


def _spells(evidence: Evidence) -> TableSection:
    rows = tuple(
        (run[0].session.day, run[-1].session.day, len(run), len({mark.session.day for mark in run}))
        for run in spells(evidence)
    )
    return TableSection("Spells of illness", ("From", "To", "Sessions", "Days"), rows)


def _of(evidence: Evidence, kinds: tuple[str, ...]) -> list[Event]:
    return [event for event in evidence.events if event.kind in kinds]


def _to_be_written() -> FactsSection:
    """What no MIS holds: for the SENCO and the class teacher to write, and for home and the doctor to sign."""
    return FactsSection(
        "For the school to write, and home and the doctor to sign",
        (
            ("The pupil's needs and abilities", ""),
            ("The programme of work", ""),
            ("Attainment", ""),
            ("General practitioner", ""),
            ("The doctor on fitness for full or part-time school", ""),
            ("Parents' consent, signed and dated", ""),
        ),
    )
