"""The fields of a return that say who the pupil is, where they live and who their adults are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mbls_sync.api import Cell, Contact, PolicyAt, ReturnDue, ReturnEntry, School


@dataclass(frozen=True, slots=True)
class Line:
    """One pupil's line while it is laid out: what a field may look at."""

    entry: ReturnEntry
    due: ReturnDue
    school: School
    policy: PolicyAt


Field = Callable[[Line], Cell]
"""Fills one cell. An empty text is what the school does not hold: the lint names it, a form shows it as missing."""


def laestab(line: Line) -> Cell:
    """The LA's and the establishment's number in one."""
    return f"{line.school.la_code}{line.school.establishment_number}"


def adults(line: Line) -> Cell:
    """Each adult with relationship, parental responsibility, numbers and e-mail, in the order of calling."""
    return "; ".join(map(_adult, sorted(line.entry.pupil.contacts, key=lambda adult: adult.priority)))


def parents(line: Line) -> Cell:
    """The adults who have parental responsibility; all, where the MIS says of nobody that they have it."""
    known = sorted(line.entry.pupil.contacts, key=lambda adult: adult.priority)
    named = [adult for adult in known if adult.parental_responsibility] or known
    return "; ".join(f"{adult.name}{_said(adult.relationship)}" for adult in named)


def emergency_phones(line: Line) -> Cell:
    """Every telephone number of the adults, in the order in which they are called."""
    return "; ".join(line.entry.pupil.numbers)


def parents_email(line: Line) -> Cell:
    """The first e-mail address that an adult gave."""
    found = sorted(line.entry.pupil.contacts, key=lambda adult: adult.priority)
    return next((adult.email for adult in found if adult.email), "")


def needs(line: Line) -> Cell:
    """Special educational needs, EHC plan and social care, as the MIS holds them."""
    pupil = line.entry.pupil
    words = {
        "SEN support": pupil.sen_status == "K",
        "EHC plan": pupil.sen_status == "E" or bool(pupil.education_health_care_plan),
        "looked after": bool(pupil.looked_after),
        "child in need": bool(pupil.child_in_need),
        "child protection plan": bool(pupil.child_protection),
    }
    return ", ".join(word for word, holds in words.items() if holds) or "none recorded"


def siblings_said(line: Line) -> Cell:
    """Whether the pupil has brothers or sisters on this roll, in words: of other schools the MIS knows nothing."""
    return f"yes: {line.entry.siblings} at this school" if line.entry.siblings else "none at this school"


def _adult(adult: Contact) -> str:
    reach = [adult.mobile, adult.home_phone, adult.email]
    duty = "parental responsibility" if adult.parental_responsibility else ""
    about = ", ".join(filter(None, (adult.relationship, duty, *reach)))
    return f"{adult.name}{_said(about)}"


def _said(text: str) -> str:
    return f" ({text})" if text else ""


FIELDS_OF_PUPIL: Mapping[str, Field] = {
    "laestab": laestab,
    "la_code": lambda line: line.school.la_code,
    "establishment": lambda line: line.school.establishment_number,
    "urn": lambda line: line.school.urn,
    "school": lambda line: line.school.name,
    "school_phone": lambda line: line.school.telephone,
    "school_email": lambda line: line.school.email,
    "referrer": lambda line: line.school.attendance_officer,
    "head": lambda line: line.school.head,
    "upn": lambda line: line.entry.pupil.upn,
    "admission_number": lambda line: line.entry.pupil.admission_number,
    "surname": lambda line: line.entry.pupil.surname,
    "forename": lambda line: line.entry.pupil.forename,
    "full_name": lambda line: line.entry.pupil.legal_name,
    "preferred_forename": lambda line: line.entry.pupil.preferred_forename,
    "born": lambda line: line.entry.pupil.born,
    "sex": lambda line: line.entry.pupil.sex,
    "year_group": lambda line: line.entry.pupil.year_group,
    "class": lambda line: line.entry.pupil.class_name,
    "ethnicity": lambda line: line.entry.pupil.ethnicity,
    "admitted": lambda line: line.entry.pupil.admitted,
    "left": lambda line: line.entry.pupil.left,
    "address": lambda line: line.entry.pupil.address,
    "postcode": lambda line: line.entry.pupil.postcode,
    "csa_from": lambda line: line.entry.pupil.compulsory_school_age_from,
    "adults": adults,
    "parents": parents,
    "emergency_phones": emergency_phones,
    "parents_email": parents_email,
    "needs": needs,
    "siblings": lambda line: line.entry.siblings,
    "siblings_said": siblings_said,
}
"""By the name that an LA's profile uses."""
