"""A student at Wonde as a pupil and the adults to call. `upi` is no UPN, and an `id` does not outlast leaving."""

from __future__ import annotations

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from mbls_adapter_wonde.wire import Row, day_of, inner, inner_rows, text_of, yes_of
from mbls_sync.api import BY_ADMISSION_NUMBER, Contact, ContactsOf, Pupil, PupilId

INCLUDES = "education_details,extended_details,contact_details,groups,registration,contacts,contacts.contact_details"
SEX = {"MALE": "M", "FEMALE": "F"}
NURSERY = {"N", "N1", "N2", "NURSERY"}
BEHIND = 99
"""The place of an adult to whom the MIS gives none."""


def whom(row: Row) -> PupilId:
    """Who a student is: the UPN, else the admission number, else the MIS's own id; empty where none is given."""
    details = inner(row, "education_details")
    upn = "".join(text_of(details.get("upn")).split()).upper()
    number = text_of(details.get("admission_number"))
    own = text_of(row.get("mis_id")) or text_of(row.get("id"))
    return PupilId(upn or (f"{BY_ADMISSION_NUMBER}{number}" if number else f"mis:{own}" if own else ""))


def pupil_of(row: Row, zone: ZoneInfo, group_type: str) -> Pupil:
    """One pupil. Raises BadValue."""
    education, extended = inner(row, "education_details"), inner(row, "extended_details")
    sex = text_of(row.get("gender")).upper()
    forename = text_of(row.get("legal_forename")) or text_of(row.get("forename"))
    known_as = text_of(row.get("forename"))
    sen = text_of(extended.get("sen_status"))
    address, postcode = _home(row)
    return Pupil(
        id=whom(row),
        surname=text_of(row.get("legal_surname")) or text_of(row.get("surname")),
        forename=forename,
        preferred_forename="" if known_as == forename else known_as,
        upn="".join(text_of(education.get("upn")).split()).upper(),
        admission_number=text_of(education.get("admission_number")),
        born=day_of(row.get("date_of_birth"), zone),
        sex=SEX.get(sex, sex),
        year_group=_year_group(text_of(education.get("current_nc_year"))),
        class_name=_class_name(row, group_type),
        admitted=day_of(education.get("admission_date"), zone),
        left=day_of(education.get("leaving_date"), zone),
        enrolment_status=text_of(extended.get("enrolment_status")),
        address=address,
        postcode=postcode,
        free_school_meals=yes_of(extended.get("free_school_meals")),
        pupil_premium=yes_of(extended.get("premium_pupil_indicator")),
        sen_status=sen,
        education_health_care_plan=None if not sen else sen.upper() in ("E", "EHCP"),
        looked_after=yes_of(extended.get("in_lea_care")),
        child_in_need=yes_of(extended.get("child_in_need")),
        child_protection=yes_of(extended.get("child_protection_plan")),
        english_additional_language=yes_of(extended.get("english_as_additional_language")),
        ethnicity=text_of(extended.get("ethnicity_code")) or text_of(extended.get("ethnicity")),
        young_carer=yes_of(extended.get("young_carer")),
    )


def contacts_of(row: Row) -> ContactsOf:
    """The adults to call for a student, in order of priority."""
    found = sorted(map(_contact, inner_rows(row, "contacts")), key=lambda contact: contact.priority)
    return ContactsOf(whom(row), tuple(found))


def _contact(row: Row) -> Contact:
    tie, details = inner(row, "relationship"), inner(row, "contact_details")
    phones = inner(details, "phones")
    place = text_of(tie.get("priority"))
    name = " ".join(filter(None, (text_of(row.get(part)) for part in ("title", "forename", "surname"))))
    return Contact(
        priority=int(place) if place.isdecimal() and int(place) > 0 else BEHIND,
        name=name,
        relationship=text_of(tie.get("relationship")),
        parental_responsibility=yes_of(tie.get("parental_responsibility")),
        mobile=text_of(phones.get("mobile")),
        home_phone=text_of(phones.get("home")),
        email=_first(inner(details, "emails"), ("email", "primary", "home")),
    )


def _first(row: Row, names: Iterable[str]) -> str:
    return next((said for name in names if (said := text_of(row.get(name)))), "")


def _home(row: Row) -> tuple[str, str]:
    home = inner(inner(inner(row, "contact_details"), "addresses"), "home")
    house = " ".join(filter(None, (text_of(home.get("house_number")), text_of(home.get("street")))))
    parts = [house, text_of(home.get("district")), text_of(home.get("town"))]
    return ", ".join(filter(None, parts)), text_of(home.get("postcode"))


def _class_name(row: Row, group_type: str) -> str:
    """A primary school has no classes: its form is a group of type REGISTRATION."""
    groups = [group for group in inner_rows(row, "groups") if text_of(group.get("type")).upper() == group_type.upper()]
    return text_of(groups[0].get("name")) if groups else text_of(inner(row, "registration").get("name"))


def _year_group(said: str) -> str:
    word = said.upper().removeprefix("YEAR").strip()
    if word in NURSERY:
        return "N1" if word == "N1" else "N2"
    if word in ("R", "RECEPTION", "0"):
        return "R"
    number = re.fullmatch(r"0*(\d{1,2})", word)
    return number[1] if number else said
