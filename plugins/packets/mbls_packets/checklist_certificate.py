"""What a court's certificate needs before the head signs it."""

from __future__ import annotations

from mbls_packets.checklist import HEAD, OFFICE, Item, register_items, school_items, settled
from mbls_sync.api import Evidence, School


def certificate_items(evidence: Evidence, school: School) -> tuple[Item, ...]:
    """Every item; a certificate of an open register would be another the day after."""
    pupil = evidence.pupil
    return settled(
        (
            *school_items(school),
            ("Legal name and date of birth", bool(pupil.surname and pupil.forename and pupil.born), OFFICE),
            *register_items(evidence),
            ("Each mark compared with the register in the MIS", False, f"{HEAD}: compare, then sign"),
            ("Signed and dated by the headteacher", False, f"{HEAD}: sign the page before this"),
        )
    )
