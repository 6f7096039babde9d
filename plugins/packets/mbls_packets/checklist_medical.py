"""What medical needs services ask for, item by item."""

from __future__ import annotations

from mbls_packets.checklist import LEAD, OFFICE, OFFICER, SENDCO, Item, register_items, school_items, settled
from mbls_sync.api import Evidence, School

FIT_NOTE = "fit-note-received"
NOTES = (FIT_NOTE, "medical-evidence-seen")


def medical_items(evidence: Evidence, school: School) -> tuple[Item, ...]:
    """Every item; the third text says whose it is."""
    pupil = evidence.pupil
    kinds = {event.kind for event in evidence.events}
    return settled(
        (
            *school_items(school),
            ("Legal name, date of birth and UPN", bool(pupil.surname and pupil.forename and pupil.born and pupil.upn),
             OFFICE),
            ("Address with postcode", bool(pupil.address and pupil.postcode), OFFICE),
            ("An adult to contact, with a number", any(a.mobile or a.home_phone for a in pupil.contacts), OFFICE),
            *register_items(evidence),
            ("Medical evidence", bool(kinds & set(NOTES)), f"{OFFICER}, or the doctor; record it as fit-note-received"),
            ("When the pupil is expected back", _said_to_be_back(evidence), OFFICER),
            ("Diagnosis and treatment plan, as the health service wrote it", False, f"{LEAD} and SENDCO"),
            ("General practitioner", False, OFFICER),
            ("Parents' consent, signed", False, OFFICER),
            ("Needs, abilities, attainment and programme of work", "information-pack-sent" in kinds, SENDCO),
            ("SEN status and healthcare plan", bool(pupil.sen_status), f"{SENDCO}, then the office in the MIS"),
            ("No other pupil named in messages, notes or comments", not evidence.others_named,
             "Attendance officer: read them; strike the name out before sending"),
        )
    )  # fmt: skip


def covered_until(evidence: Evidence) -> str:
    """The last day of the latest fit note, as it was recorded; empty without one."""
    return next((event.outcome for event in reversed(evidence.events) if event.kind == FIT_NOTE), "")


def _said_to_be_back(evidence: Evidence) -> bool:
    return any(message.expected_return for message in evidence.messages) or bool(covered_until(evidence))
