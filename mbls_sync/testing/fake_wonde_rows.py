"""The shapes in which Wonde describes people: wrapped objects, dates with a zone, flags in three spellings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from mbls_sync.model.pupils import Contact, Pupil

Row = Mapping[str, Any]
TITLES = frozenset({"Ms", "Mr", "Mrs", "Dr"})


def date_object(moment: datetime, zone: str = "UTC") -> Row:
    """A moment as PHP writes it."""
    kind = 3 if "/" in zone or zone == "UTC" else 2
    return {"date": f"{moment:%Y-%m-%d %H:%M:%S}.000000", "timezone_type": kind, "timezone": zone}


def day_object(day: date | None, zone: str = "UTC") -> Row | None:
    """Midnight of a day."""
    return None if day is None else date_object(datetime.combine(day, time()), zone)


def student_row(pupil: Pupil, id: str, updated: datetime) -> Row:
    """One student, with what `include` adds to it."""
    flags = (pupil.free_school_meals, pupil.pupil_premium, pupil.looked_after)
    meals, premium, care = (_spelt(n, flag) for n, flag in enumerate(flags))
    number, _, street = pupil.address.partition(" ")
    road, _, town = street.partition(", ")
    home = {"house_number": number, "street": road, "district": None, "town": town, "postcode": pupil.postcode}
    return {
        "id": id,
        "upi": f"upi-of-{pupil.id}",
        "mis_id": f"mis-{id}",
        "surname": pupil.surname,
        "forename": pupil.preferred_forename or pupil.forename,
        "legal_surname": pupil.surname,
        "legal_forename": pupil.forename,
        "gender": {"F": "FEMALE", "M": "MALE"}.get(pupil.sex, pupil.sex),
        "date_of_birth": day_object(pupil.born),
        "restored_at": None,
        "updated_at": date_object(updated.astimezone(UTC)),
        "education_details": {
            "data": {
                "admission_number": pupil.admission_number,
                "upn": pupil.upn,
                "current_nc_year": pupil.year_group,
                "admission_date": day_object(pupil.admitted, "Europe/London"),
                "leaving_date": day_object(pupil.left, "Europe/London"),
            }
        },
        "extended_details": {
            "data": {
                "ethnicity_code": pupil.ethnicity,
                "sen_status": pupil.sen_status,
                "in_lea_care": care,
                "free_school_meals": meals,
                "premium_pupil_indicator": premium,
                "english_as_additional_language": pupil.english_additional_language,
                "child_in_need": pupil.child_in_need,
                "child_protection_plan": pupil.child_protection,
                "young_carer": pupil.young_carer,
                "enrolment_status": pupil.enrolment_status,
            }
        },
        "contact_details": {"data": {"addresses": {"home": home}}},
        "groups": {
            "data": [
                {"id": "G1", "type": "HOUSE", "name": "Example House"},
                {"id": f"G-{pupil.class_name}", "type": "REGISTRATION", "name": pupil.class_name},
            ]
        },
    }


def contact_row(contact: Contact) -> Row:
    """One adult of a student."""
    title, _, rest = contact.name.partition(" ")
    if title not in TITLES:
        title, rest = "", contact.name
    forename, _, surname = rest.partition(" ")
    return {
        "title": title,
        "forename": forename,
        "surname": surname,
        "relationship": {
            "data": {
                "relationship": contact.relationship,
                "priority": contact.priority,
                "parental_responsibility": contact.parental_responsibility,
            }
        },
        "contact_details": {
            "data": {
                "phones": {"mobile": contact.mobile, "home": contact.home_phone},
                "emails": {"email": contact.email},
            }
        },
    }


def _spelt(kind: int, flag: bool | None) -> Any:
    """A boolean, 0 or 1, or a word: all three were seen."""
    if flag is None:
        return None
    return (flag, int(flag), str(flag).lower())[kind]
