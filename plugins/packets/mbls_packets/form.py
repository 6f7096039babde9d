"""The referral form: who refers, who the pupil is, who the adults are, what the school knows that bears on it."""

from __future__ import annotations

from datetime import time

from mbls_sync.api import Contact, Evidence, Facts, FactsSection, Pupil, Referral, School, TableSection


def referral_facts(referral: Referral, evidence: Evidence, school: School) -> FactsSection:
    """The school, the referrer, and why the case is put to the LA."""
    facts: Facts = (
        ("School", school.name),
        ("LA and establishment number", f"{school.la_code}/{school.establishment_number}"),
        ("School's address", school.address),
        ("Telephone", school.telephone),
        ("E-mail", school.email),
        ("Headteacher", school.head),
        ("Referred by", school.attendance_officer),
        ("Role", "attendance officer" if school.attendance_officer else ""),
        ("Referral opened", f"{referral.opened:%d/%m/%Y}"),
        ("Evidence as known on", f"{evidence.at:%d/%m/%Y}"),
        ("Why it is referred", referral.cause),
        ("Section of the policy", _cited(referral)),
    )
    return FactsSection("Referral", facts)


def _cited(referral: Referral) -> str:
    because = referral.because
    return f"{because.cites} ({because.rule})" if because.rule else because.cites


def pupil_facts(evidence: Evidence) -> FactsSection:
    """The pupil by legal name, where the pupil lives, and what an LA's form asks beside."""
    pupil, siblings = evidence.pupil, evidence.siblings
    asked: Facts = (
        ("Ethnicity", pupil.ethnicity),
        ("English as an additional language", yes_no(pupil.english_additional_language)),
        (
            "Brothers or sisters at this school",
            f"{siblings} (a guess from address and numbers)" if siblings else "none known",
        ),
    )
    return FactsSection("Pupil", (*pupil_on_roll(evidence).facts, *asked))


def pupil_on_roll(evidence: Evidence) -> FactsSection:
    """The pupil as the roll names one, for those whom nothing else about the family concerns."""
    pupil = evidence.pupil
    left: Facts = (("On roll until", f"{pupil.left:%d/%m/%Y}"),) if pupil.left else ()
    facts: Facts = (
        ("Legal surname", pupil.surname),
        ("Legal forename", pupil.forename),
        ("Known as", pupil.preferred_forename or pupil.forename),
        ("UPN", pupil.upn),
        ("Date of birth", f"{pupil.born:%d/%m/%Y}" if pupil.born else ""),
        ("Of compulsory school age", _age(evidence)),
        ("Sex", pupil.sex),
        ("Year group and class", ", ".join(filter(None, (pupil.year_group, pupil.class_name)))),
        ("On roll since", f"{pupil.admitted:%d/%m/%Y}" if pupil.admitted else ""),
        *left,
        ("Address", ", ".join(filter(None, (pupil.address, pupil.postcode)))),
    )
    return FactsSection("Pupil", facts)


def adults(evidence: Evidence) -> TableSection:
    """Every adult that the school would call, in order."""
    ordered = sorted(evidence.pupil.contacts, key=lambda contact: contact.priority)
    rows = tuple(_adult(contact) for contact in ordered)
    columns = ("Order", "Name", "Relationship", "Parental responsibility", "Telephone", "E-mail")
    return TableSection("Parents, carers and emergency contacts", columns, rows)


def needs(evidence: Evidence) -> FactsSection:
    """What the MIS holds about needs, and who else is involved."""
    pupil, day = evidence.pupil, evidence.at.date()
    named = ", ".join(flag.name for flag in pupil.flags if flag.covers(day))
    facts: Facts = (
        ("Special educational needs", pupil.sen_status),
        ("Education, health and care plan", yes_no(pupil.education_health_care_plan)),
        ("Free school meals", yes_no(pupil.free_school_meals)),
        ("Pupil premium", yes_no(pupil.pupil_premium)),
        ("Looked after by the LA", yes_no(pupil.looked_after)),
        ("Child in need", yes_no(pupil.child_in_need)),
        ("Child protection plan", yes_no(pupil.child_protection)),
        ("Young carer", yes_no(pupil.young_carer)),
        ("Other flags in the MIS today", named or "none"),
    )
    return FactsSection("Needs and agencies", facts)


def reasons(referral: Referral, evidence: Evidence) -> FactsSection:
    """The dated values of the policy that the referral rests on, and the reasons that home gave."""
    given = dict.fromkeys(message.reason.strip() for message in evidence.messages if message.reason.strip())
    values: Facts = tuple(
        (
            f"Value in force: {reading.parameter}",
            f"{_value(reading.value)} since {reading.since:%d/%m/%Y} ({reading.cites})",
        )
        for reading in referral.because.readings
    )
    said = "; ".join(given) or "none recorded"
    return FactsSection("Reasons given, and what the referral rests on", (("Reasons that home gave", said), *values))


def school_facts(school: School) -> FactsSection:
    """The school, by what an authority knows it."""
    facts: Facts = (
        ("School", school.name),
        ("LA and establishment number", f"{school.la_code}/{school.establishment_number}"),
        ("School's address", school.address),
        ("Telephone", school.telephone),
        ("Headteacher", school.head),
    )
    return FactsSection("School", facts)


def subject(evidence: Evidence) -> str:
    """Whom a packet is about: the legal name, and the date of birth where it is known."""
    pupil = evidence.pupil
    born = f", born {pupil.born:%d/%m/%Y}" if pupil.born else ""
    return f"{pupil.legal_name}{born}"


def signature(school: School) -> FactsSection:
    """What the headteacher signs: on paper, because nothing signs for a person."""
    return declaration(
        school, "The register entries in this packet are a true copy of the school's attendance register."
    )


def declaration(school: School, says: str) -> FactsSection:
    """Words that the headteacher signs on paper."""
    line = "_" * 40
    facts: Facts = (
        ("Declaration", says),
        ("Name", school.head or line),
        ("Role", "Headteacher"),
        ("Signature", line),
        ("Date", line),
    )
    return FactsSection("Certificate of the headteacher", facts)


def yes_no(flag: bool | None) -> str:
    """A flag in words; nothing where the MIS says nothing, so that it shows as missing."""
    return "" if flag is None else "yes" if flag else "no"


def _value(value: object) -> str:
    """A value of the policy in words."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return yes_no(value) if isinstance(value, bool) else str(value)


def _age(evidence: Evidence) -> str:
    pupil: Pupil = evidence.pupil
    start = pupil.compulsory_school_age_from
    if start is None:
        return ""
    return f"{'yes' if evidence.at.date() >= start else 'not yet'}, from {start:%d/%m/%Y}"


def _adult(contact: Contact) -> tuple[int, str, str, str, str, str]:
    numbers = ", ".join(filter(None, (contact.mobile, contact.home_phone)))
    responsible = yes_no(contact.parental_responsibility) or "not recorded"
    return contact.priority, contact.name, contact.relationship, responsible, numbers, contact.email
