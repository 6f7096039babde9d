"""What LAs' referral forms ask for, item by item: here or missing, and who can mend it."""

from __future__ import annotations

from collections.abc import Iterable

from mbls_packets.case import LEAVE_DECIDED, requests_for_leave
from mbls_sync.api import ChecklistSection, Evidence, PolicyAt, School, of_this_case

Item = tuple[str, bool, str]

IT = "IT: mbls-sync.toml, [school]"
OFFICE = "Office: complete it in the MIS"
OFFICER = "Attendance officer: ask the parents"
LEAD = "Designated safeguarding lead"
HEAD = "Headteacher"
SENDCO = "SENDCO"


def checklist(evidence: Evidence, school: School, policy: PolicyAt) -> tuple[Item, ...]:
    """Every item of a referral; the third text is empty where nothing is to be done."""
    return settled((*_of_the_form(evidence, school), *_of_the_case(evidence, policy), *_on_paper()))


def listed(items: tuple[Item, ...], intro: str) -> ChecklistSection:
    """Items as a section that goes to the LA with the packet."""
    return ChecklistSection("Checklist", items, intro)


def taken_off(items: tuple[Item, ...], intro: str) -> ChecklistSection:
    """Items as the last page of a paper for a court or a parent, which the school keeps."""
    says = f"{intro} This page is the school's own: take it off before the paper is given."
    return ChecklistSection("Checklist", items, says, taken_off=True)


def settled(items: Iterable[Item]) -> tuple[Item, ...]:
    """Items with nothing to be done beside those that are here."""
    return tuple((item, here, "" if here else mend) for item, here, mend in items)


def school_items(school: School) -> tuple[Item, ...]:
    """What the settings say of the school."""
    return (
        ("School's address, telephone and e-mail", bool(school.address and school.telephone and school.email), IT),
        ("Name of headteacher and referrer", bool(school.head and school.attendance_officer), IT),
    )


def register_items(evidence: Evidence) -> tuple[Item, ...]:
    """What the register has to hold before anybody is given an extract of it."""
    return (
        ("Register certificate of this year", bool(evidence.marks), "IT: load the register"),
        ("No session left as N or without a mark", not open_sessions(evidence),
         "Attendance officer: settle each before sending, or the LA returns the packet"),
    )  # fmt: skip


def _of_the_form(evidence: Evidence, school: School) -> tuple[Item, ...]:
    pupil = evidence.pupil
    adults = pupil.contacts
    return (
        *school_items(school),
        ("Legal name, date of birth, UPN and sex",
         bool(pupil.surname and pupil.forename and pupil.born and pupil.upn and pupil.sex), OFFICE),
        ("Ethnicity and English as an additional language",
         bool(pupil.ethnicity) and pupil.english_additional_language is not None, OFFICE),
        ("Home language; need of an interpreter or translation", False, OFFICER),
        ("Address with postcode", bool(pupil.address and pupil.postcode), OFFICE),
        ("Who the child lives with; other significant adults", False, OFFICER),
        ("More than one adult to contact, each with a number",
         sum(bool(a.mobile or a.home_phone) for a in adults) > 1, OFFICE),
        ("Parental responsibility of each adult",
         bool(adults) and all(a.parental_responsibility is not None for a in adults), OFFICE),
        ("Adults' titles, dates of birth and addresses; when they were last checked", False, OFFICER),
        ("Brothers and sisters of school age, their schools, concerns", False,
         "Attendance officer: names are left out here on purpose; the LA asks for them on its form"),
        ("SEN, EHC plan and free school meals",
         bool(pupil.sen_status) and None not in (pupil.education_health_care_plan, pupil.free_school_meals),
         f"{SENDCO}, then the office in the MIS"),
        ("Looked after, child in need, child protection",
         None not in (pupil.looked_after, pupil.child_in_need, pupil.child_protection),
         f"{LEAD}, then the office in the MIS"),
        ("Name of social worker or other worker; safeguarding concerns the LA must know", False, LEAD),
    )  # fmt: skip


def _of_the_case(evidence: Evidence, policy: PolicyAt) -> tuple[Item, ...]:
    done = {event.kind for event in of_this_case(evidence.events)}
    reasons = any(message.reason for message in evidence.messages)
    return (
        ("Attendance figures, with lates and unauthorised sessions of the last school weeks", True, ""),
        *register_items(evidence),
        ("Register certificate of the year before", evidence.previous is not None,
         "Office: export last year's register from the MIS"),
        ("Reasons for absence that home gave", reasons, OFFICER),
        ("Letters sent to the parents in this case, with their dates", _any(done, "letter-sent", "-invited"),
         "Attendance officer: record each that was sent"),
        ("Meetings held with the parents in this case, with date and outcome", _any(done, "-held"),
         "Attendance officer: record each that was held"),
        ("Home visits with date and outcome", _any(done, "home-visit"),
         "Attendance officer: record the visit, or the reason not to visit"),
        ("Barriers to attendance, bullying among them", any(kind.startswith("barrier-") for kind in done),
         "Attendance officer, with the class teacher"),
        ("Efforts to locate the child, where nobody knows where it is",
         "whereabouts-unknown" not in done or _any(done, "enquiry-made", "enquiries-made"),
         "Attendance officer: record whom you asked, as enquiry-made"),
        ("Early Help assessment and review, or the reason for none", any("early-help" in kind for kind in done), LEAD),
        ("Decision on each request for leave that is recorded", decided(evidence, policy),
         f"{HEAD}: record the decision, add the letter"),
        ("No other pupil named in messages, notes or comments", not evidence.others_named,
         "Attendance officer: read them; another pupil's name or number stands there. Strike it out before sending"),
    )  # fmt: skip


def _on_paper() -> tuple[Item, ...]:
    """What no MIS export holds; always for a person to add."""
    return (
        (
            "Copies of the letters, minutes of the meetings, the plan and its reviews",
            False,
            "Attendance officer: add them to the packet",
        ),
        ("Parents told of the referral, and whether they agree, with the date", False, "Attendance officer"),
        ("Health and medical facts with evidence; mental health; parents' literacy", False, f"{LEAD} and SENDCO"),
        ("Pupil voice", False, "Class teacher, or whoever the pupil trusts"),
        ("Other agencies involved", False, LEAD),
        ("Suspensions, part-time timetable, attainment, strengths", False, "Class teacher and SENDCO"),
        ("Notice to Improve, earlier penalty notices or legal action; warning given", False, HEAD),
        ("Risks for a lone worker on a visit", False, LEAD),
        ("Signed certificate and declaration of the headteacher", False, f"{HEAD}: sign the last page"),
    )


def _any(kinds: set[str], *endings: str) -> bool:
    return any(kind.endswith(endings) for kind in kinds)


def open_sessions(evidence: Evidence) -> bool:
    """Whether a session is without a mark or still N."""
    unmarked = evidence.figures.unmarked + (evidence.previous.unmarked if evidence.previous else 0)
    return unmarked > 0 or any(mark.code == "N" for mark in evidence.marks)


def decided(evidence: Evidence, policy: PolicyAt) -> bool:
    """Whether a decision followed each request; one decision settles one request."""
    decisions = [event.at for event in evidence.events if event.kind in LEAVE_DECIDED]
    for request in sorted(requests_for_leave(evidence, policy), key=lambda request: request.received_at):
        after = [at for at in decisions if at >= request.received_at]
        if not after:
            return False
        decisions.remove(after[0])
    return True
