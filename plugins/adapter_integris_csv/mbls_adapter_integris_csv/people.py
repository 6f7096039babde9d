"""Rows about people: pupils, flags, patterns, contacts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from mbls_adapter_integris_csv.identity import plain_upn
from mbls_adapter_integris_csv.side_cells import Cells
from mbls_adapter_integris_csv.values import DAY_NAMES, BadCell, clean, read_period
from mbls_sync.api import Contact, ContactsOf, Flag, FlagsOf, Pattern, PatternsOf, Period, Pupil, PupilId

NURSERY = {"nursery": "N1", "n": "N1", "n1": "N1", "nursery1": "N1", "n2": "N2", "nursery2": "N2"}
RECEPTION = {"reception", "r", "rec", "yearr", "yr"}
T = TypeVar("T")


def read_pupil(row: Cells) -> Pupil:
    """One pupil."""
    return Pupil(
        id=row.whom,
        surname=row.text("surname"),
        forename=row.text("forename"),
        preferred_forename=row.text("preferred_forename"),
        upn=plain_upn(row.text("upn")),
        admission_number=row.text("admission_number"),
        born=row.day("born"),
        sex=row.text("sex"),
        year_group=year_group(row.text("year_group")),
        class_name=row.text("class_name"),
        admitted=row.day("admitted"),
        left=row.day("left"),
        enrolment_status=row.text("enrolment_status"),
        address=row.text("address"),
        postcode=row.text("postcode"),
        free_school_meals=row.yes("free_school_meals"),
        pupil_premium=row.yes("pupil_premium"),
        sen_status=row.text("sen_status"),
        education_health_care_plan=row.yes("education_health_care_plan"),
        looked_after=row.yes("looked_after"),
        child_in_need=row.yes("child_in_need"),
        child_protection=row.yes("child_protection"),
        english_additional_language=row.yes("english_additional_language"),
        ethnicity=row.text("ethnicity"),
        young_carer=row.yes("young_carer"),
    )


def read_flag(row: Cells) -> Flag:
    """One flag."""
    return Flag(row.needed("flag", str), row.day("from"), row.day("to"))


def read_pattern(row: Cells) -> Pattern:
    """One pattern; its sessions are written such as `Mon AM; Mon PM; Tue AM`."""
    return Pattern(row.day("from"), row.day("to"), row.needed("sessions", read_sessions))


def read_contact(row: Cells) -> Contact:
    """One adult to call; without a priority, behind those that have one."""
    return Contact(
        priority=row.optional("priority", _whole) or 99,
        name=row.text("name"),
        relationship=row.text("relationship"),
        parental_responsibility=row.yes("parental_responsibility"),
        mobile=row.text("mobile"),
        home_phone=row.text("home_phone"),
        email=row.text("email"),
    )


def read_sessions(text: str) -> frozenset[tuple[int, Period]]:
    """The sessions of a week that a text lists. A day without a period is both. Raises BadCell."""
    found: set[tuple[int, Period]] = set()
    for part in re.split(r"[;,|]", text):
        said = clean(part)
        if not said:
            continue
        words = re.fullmatch(r"([A-Za-z]+)[\s.\-_]*?(?:(am|pm|morning|afternoon)|all\s*day)?", said, re.IGNORECASE)
        weekday = DAY_NAMES.get(words[1].casefold()) if words else None
        if words is None or weekday is None:
            raise BadCell(f"{said[:40]!r} is no session of a week; write it such as Mon AM")
        found |= {(weekday, p) for p in ([read_period(words[2])] if words[2] else Period)}
    if not found:
        raise BadCell("no session is listed")
    return frozenset(found)


def year_group(text: str) -> str:
    """`N1`, `N2`, `R` or a number, however the MIS writes it; else the text as it stands."""
    said = "".join(ch for ch in text.casefold() if ch.isalnum())
    if said in NURSERY:
        return NURSERY[said]
    if said in RECEPTION:
        return "R"
    number = re.fullmatch(r"(?:year|yr|y|nc|ncy)?0*(\d{1,2})", said)
    return ("R" if number[1] == "0" else number[1]) if number else text


def contacts_of(rows: Iterable[tuple[PupilId, Contact]]) -> tuple[ContactsOf, ...]:
    """The contacts of each pupil, in order of priority."""
    return tuple(ContactsOf(p, tuple(sorted(own, key=lambda c: c.priority))) for p, own in _grouped(rows))


def flags_of(rows: Iterable[tuple[PupilId, Flag]]) -> tuple[FlagsOf, ...]:
    """The flags of each pupil, in the file's order."""
    return tuple(FlagsOf(p, tuple(own)) for p, own in _grouped(rows))


def patterns_of(rows: Iterable[tuple[PupilId, Pattern]]) -> tuple[PatternsOf, ...]:
    """The patterns of each pupil, in the file's order."""
    return tuple(PatternsOf(p, tuple(own)) for p, own in _grouped(rows))


def _grouped(rows: Iterable[tuple[PupilId, T]]) -> list[tuple[PupilId, list[T]]]:
    groups: dict[PupilId, list[T]] = {}
    for pupil, value in rows:
        groups.setdefault(pupil, []).append(value)
    return list(groups.items())


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > 3:
        raise BadCell(f"{text[:20]!r} is no whole number")
    return int(text)
