"""What is asked for with a request for a penalty notice, and what a Notice to Improve needs before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mbls_packets.case import is_only_holiday, is_refusal, responsible, support, warnings
from mbls_packets.checklist import HEAD, LEAD, OFFICE, OFFICER, Item, decided, register_items, school_items, settled
from mbls_sync.api import Evidence, MarkLine, PolicyAt, School


def notice_items(evidence: Evidence, school: School, counted: Sequence[MarkLine], policy: PolicyAt) -> tuple[Item, ...]:
    """What Central Bedfordshire and other LAs ask for with a request to issue a penalty notice."""
    holiday = is_only_holiday(counted)
    return settled(
        (
            *school_items(school),
            *_of_the_parents(evidence),
            *register_items(evidence),
            ("Unauthorised sessions that count", bool(counted), f"{HEAD}: no notice can be asked for without them"),
            ("Support given or offered, or holiday only", holiday or bool(support(evidence)),
             "Attendance officer: record each step; support comes before a notice"),
            ("Parents were warned that a notice may follow", bool(warnings(evidence)),
             "Attendance officer: record the warning (penalty-warning-sent, parents-told)"),
            ("Decision on each request for leave that is recorded", decided(evidence, policy),
             f"{HEAD}: record the decision"),
            ("Copy of the letter that refused leave", not _was_refused(evidence),
             "Office: print it from `letters`, or the paper file, and add it"),
            ("School Attendance Intervention Chronology", bool(evidence.events),
             "Attendance officer: record the steps of the case"),
            ("Earlier notices, also those by another school or of another LA", False,
             f"{HEAD}: ask the LA; only what was recorded here is known"),
            ("Spoken with the School Attendance Officer where a plan, health or literacy bears on it",
             not _bears(evidence), f"{LEAD}: speak first, then note when and with whom"),
            _others_unnamed(evidence),
            ("Signed declaration of the headteacher", False, f"{HEAD}: sign the last page"),
        )
    )  # fmt: skip


def improve_items(evidence: Evidence, school: School) -> tuple[Item, ...]:
    """What a Notice to Improve needs before the head signs it."""
    return settled(
        (
            *school_items(school),
            *_of_the_parents(evidence),
            *register_items(evidence),
            ("Still on the roll", evidence.pupil.on_roll(evidence.at.date()), f"{HEAD}: stop, nothing can improve"),
            ("Support given or offered", bool(support(evidence)),
             "Attendance officer: a notice is for support that was not taken up; record what was offered"),
            ("Reasonable adjustments and health were looked at", not _bears(evidence), f"{LEAD} and SENDCO"),
            ("Read to a parent who cannot read it, translated where needed", False, OFFICER),
            _others_unnamed(evidence),
            ("Last day of the improvement period written in", False, f"{HEAD}: by the school's calendar"),
            ("Signed by the headteacher", False, f"{HEAD}: sign the page before this"),
        )
    )  # fmt: skip


def _of_the_parents(evidence: Evidence) -> Iterator[Item]:
    pupil, adults = evidence.pupil, responsible(evidence)
    yield "Legal name and date of birth", bool(pupil.surname and pupil.forename and pupil.born), OFFICE
    yield (
        "Of compulsory school age",
        pupil.is_compulsory_school_age(evidence.at.date()),
        f"{HEAD}: stop; the law is not for younger pupils",
    )
    yield "Address with postcode", bool(pupil.address and pupil.postcode), OFFICE
    yield "Full name of each parent", bool(adults) and all(len(a.name.split()) > 1 for a in adults), OFFICE
    yield (
        "Parental responsibility of each adult",
        bool(adults) and all(a.parental_responsibility is not None for a in evidence.pupil.contacts),
        OFFICE,
    )
    yield "Each parent's own address and date of birth, checked in the last six months", False, OFFICER


def _was_refused(evidence: Evidence) -> bool:
    return any(is_refusal(event) for event in evidence.events)


def _bears(evidence: Evidence) -> bool:
    pupil = evidence.pupil
    return bool(pupil.child_protection or pupil.child_in_need or pupil.looked_after or pupil.education_health_care_plan)


def _others_unnamed(evidence: Evidence) -> Item:
    return (
        "No other pupil named in messages, notes or comments",
        not evidence.others_named,
        "Attendance officer: read them; strike the name out before sending",
    )
