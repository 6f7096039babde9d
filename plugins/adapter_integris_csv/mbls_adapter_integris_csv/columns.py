"""How the columns of an export may be headed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mbls_sync.api import Resource

IDENTITY = {
    "upn": "UPN, Unique Pupil Number, Pupil UPN, Student UPN",
    "admission_number": "Admission Number, Adm No, Adm Number, Admission No, Admin No",
}
MARKS = IDENTITY | {
    "date": "Date, Session Date, Attendance Date, Mark Date",
    "session": "Session, AM/PM, Period, Session Type, Half Day",
    "mark": "Mark, Code, Mark Code, Attendance Code, Attendance Mark, Raw Mark, Register Mark",
    "minutes_late": "Minutes Late, Mins Late, Late Minutes",
    "comment": "Comment, Comments, Mark Comment",
    "amended_by": "Amended By, Changed By",
    "amended_role": "Role, Amended By Role, Amended Role",
    "amended_at": "Amended At, Amended On, Date Amended",
    "amended_reason": "Amendment Reason, Reason for Amendment, Amended Reason",
    "week_commencing": "Week Commencing, W/C, Week Beginning, Week Starting, Week",
    "start_date": "Start Date, Attendance Start Date, Marks From, From Date, From",
    "extract_date": "Extract Date, Extracted On, End Date, Attendance End Date, To Date, To",
    "marks": "Marks, Mark String, Attendance Marks, Session Marks, Attendance String",
}
PUPILS = IDENTITY | {
    "surname": "Legal Surname, Surname, Last Name, Family Name",
    "forename": "Legal Forename, Forename, First Name, Given Name",
    "preferred_forename": "Preferred Forename, Preferred Name, Known As, Chosen Forename",
    "born": "Date of Birth, DOB, Birth Date",
    "sex": "Sex, Gender, Legal Sex",
    "year_group": "Year Group, Year, NC Year, NCY, National Curriculum Year",
    "class_name": "Class, Reg Group, Registration Group, Form, Tutor Group, Class Name",
    "admitted": "Admission Date, Date of Admission, Entry Date, Date Admitted",
    "left": "Leaving Date, Date of Leaving, Leave Date, Date Left",
    "enrolment_status": "Enrolment Status, Enrol Status",
    "address": "Address, Home Address",
    "postcode": "Postcode, Post Code",
    "free_school_meals": "FSM, Free School Meals, FSM Eligible",
    "pupil_premium": "Pupil Premium, PP",
    "sen_status": "SEN Status, SEN, SEN Provision",
    "education_health_care_plan": "EHCP, EHC Plan, Education Health and Care Plan",
    "looked_after": "LAC, Looked After, In Care",
    "child_in_need": "CIN, Child in Need",
    "child_protection": "CP, Child Protection, Child Protection Plan",
    "english_additional_language": "EAL, English as an Additional Language",
    "ethnicity": "Ethnicity, Ethnic Group",
    "young_carer": "Young Carer",
}
FLAGS = IDENTITY | {"flag": "Flag, Flag Name", "from": "From, From Date, Start Date", "to": "To, To Date, End Date"}
PATTERNS = IDENTITY | {
    "from": "From, From Date, Start Date",
    "to": "To, To Date, End Date",
    "sessions": "Sessions, Pattern, Attends",
}
CONTACTS = IDENTITY | {
    "priority": "Priority, Contact Priority, Order",
    "name": "Name, Contact Name, Full Name",
    "relationship": "Relationship, Relation",
    "parental_responsibility": "Parental Responsibility, PR",
    "mobile": "Mobile, Mobile Phone, Mobile Number",
    "home_phone": "Home Phone, Telephone, Phone, Home Telephone",
    "email": "Email, Email Address",
}
MESSAGES = IDENTITY | {
    "received_at": "Received At, Received, Received On, Date Received",
    "sender": "From, Sender, From Whom, Caller",
    "reason": "Reason, Message",
    "expected_return": "Expected Return, Expected Back, Return Date, Expected Return Date",
}
SIGN_INS = IDENTITY | {
    "date": "Date, Day",
    "time": "Time",
    "direction": "Direction, In/Out, Signed",
    "reason": "Reason",
}
LEAVE_REQUESTS = IDENTITY | {
    "received_at": "Received At, Received, Received On, Date Received",
    "first": "From Date, First Day, From, Start Date",
    "last": "To Date, Last Day, To, End Date",
    "purpose": "Purpose, Type",
    "reason": "Reason",
    "kind": "Kind, Request Kind, Kind of Request",
    "starts": "From Session, First Session",
    "ends": "To Session, Last Session",
    "leaves_at": "Leaves At, Time Out, Appointment Time",
    "back_at": "Back At, Time Back",
    "licence": "Licence, Performance Licence",
    "licence_number": "Licence Number, Licence No, Licence Reference",
    "licence_first": "Licence From, Licence Start",
    "licence_last": "Licence To, Licence End",
    "body": "Religious Body, Body",
}
EVENTS = IDENTITY | {
    "at": "At, Date and Time, When, Date",
    "kind": "Kind, Event",
    "outcome": "Outcome",
    "by": "By, Done By",
    "role": "Role",
    "note": "Note, Notes",
    "ref": "Ref, Reference",
}

COLUMNS: Mapping[Resource, Mapping[str, str]] = {
    Resource.MARKS: MARKS,
    Resource.PUPILS: PUPILS,
    Resource.FLAGS: FLAGS,
    Resource.PATTERNS: PATTERNS,
    Resource.CONTACTS: CONTACTS,
    Resource.MESSAGES: MESSAGES,
    Resource.SIGN_INS: SIGN_INS,
    Resource.LEAVE_REQUESTS: LEAVE_REQUESTS,
    Resource.EVENTS: EVENTS,
}
FIELDS = frozenset(field for fields in COLUMNS.values() for field in fields)


def plain(header: str) -> str:
    """A header without case, spaces and punctuation."""
    return "".join(ch for ch in header.casefold() if ch.isalnum())


def headers_of(resource: Resource, extra: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The field that each plain header of `resource` stands for; `extra` spellings win."""
    fields = COLUMNS[resource]
    known = {plain(alias): field for field, aliases in fields.items() for alias in aliases.split(",")}
    known |= {plain(alias): field for field, aliases in extra.items() if field in fields for alias in aliases}
    return known


def resource_of(stem: str) -> Resource:
    """What a file of this name (without its ending) holds: marks, unless it is named after another resource.

    What follows the name behind a digit, such as a date, does not matter: `pupils 2026-09-01`.
    """
    name = plain(stem).rstrip("0123456789")
    return next((r for r in Resource if plain(r) == name), Resource.MARKS)
