"""The synthetic school as an MIS with a REST interface holds it; what no MIS holds stays in the drop folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from mbls_sync.demo.absence import Marks
from mbls_sync.demo.people import Family
from mbls_sync.model.codes import Code
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Session

WEEKDAYS = "Mon Tue Wed Thu Fri".split()
SOURCES = """\
[sources.integris]
adapter = "integris-csv"
resources = ["messages", "sign_ins", "leave_requests", "events"]

[sources.integris.options]
folder = "inbox"
settle_seconds = 0

[sources.mis]
adapter = "rest"

[sources.mis.options]
base_url = "{url}/api"
headers = {{ X-Api-Key = "{key}" }}
pager = {{ type = "page", param = "page", size_param = "per_page", size = 1000, pages = "meta.pages" }}

[sources.mis.options.resources.pupils]
path = "/students"
select = "data"
total = "meta.total"

[sources.mis.options.resources.pupils.fields]
mis_id = "id"
{pupil_fields}

[sources.mis.options.resources.contacts]
path = "/contacts"
select = "data"

[sources.mis.options.resources.contacts.fields]
mis_id = "student"
{contact_fields}

[sources.mis.options.resources.flags]
path = "/flags"
select = "data"

[sources.mis.options.resources.flags.fields]
mis_id = "student"
name = "flag"
first = "from"
last = "to"

[sources.mis.options.resources.patterns]
path = "/patterns"
select = "data"

[sources.mis.options.resources.patterns.fields]
mis_id = "student"
first = "from"
last = "to"
sessions = "sessions"

[sources.mis.options.resources.marks]
path = "/attendance"
select = "data"
total = "meta.total"
incremental = {{ start_param = "from", end_param = "to", look_back_days = 28, max_span_days = 90 }}

[sources.mis.options.resources.marks.fields]
mis_id = "student"
day = "date"
session = "half"
code = "mark"
"""
PUPIL = {
    "upn": "upn",
    "admission_number": "admissionNumber",
    "surname": "lastName",
    "forename": "firstName",
    "preferred_forename": "preferredName",
    "born": "dateOfBirth",
    "sex": "sex",
    "year_group": "yearGroup",
    "class_name": "className",
    "admitted": "admissionDate",
    "left": "leavingDate",
    "enrolment_status": "enrolmentStatus",
    "address": "address",
    "postcode": "postcode",
    "free_school_meals": "fsm",
    "pupil_premium": "pupilPremium",
    "sen_status": "senStatus",
    "education_health_care_plan": "ehcp",
    "looked_after": "lac",
    "child_in_need": "cin",
    "child_protection": "cp",
    "english_additional_language": "eal",
    "ethnicity": "ethnicity",
    "young_carer": "youngCarer",
}
CONTACT = {
    "priority": "priority",
    "name": "name",
    "relationship": "relationship",
    "parental_responsibility": "parentalResponsibility",
    "mobile": "mobile",
    "home_phone": "homePhone",
    "email": "email",
}


class Holds(Protocol):
    """The MIS: marks by its own id of a pupil and session, and lists of rows by name."""

    @property
    def marks(self) -> MutableMapping[tuple[str, Session], Code]:
        """Every mark, a blank too."""
        ...

    @property
    def lists(self) -> MutableMapping[str, list[dict[str, Any]]]:
        """The other lists."""
        ...


@dataclass
class OverRest:
    """Puts the school's people and marks into the MIS at `url`."""

    mis: Holds
    url: str
    key: str
    ids: dict[PupilId, int] = field(default_factory=dict)

    @property
    def sources(self) -> str:
        """The sources of the settings."""
        return SOURCES.format(url=self.url, key=self.key, pupil_fields=_fields(PUPIL), contact_fields=_fields(CONTACT))

    def people(self, inbox: Path, households: Sequence[Family]) -> None:  # noqa: ARG002 - what every MIS is given
        """Everybody on roll, whom to call, flags and patterns."""
        pupils = [pupil for household in households for pupil in household.pupils]
        self.ids = {pupil.id: number for number, pupil in enumerate(pupils, 1)}
        self.mis.lists["students"] = [{"id": self.ids[pupil.id], **_student(pupil)} for pupil in pupils]
        for name, rows in (("contacts", _contacts), ("flags", _flags), ("patterns", _patterns)):
            self.mis.lists[name] = [{"student": self.ids[p.id], **row} for p in pupils for row in rows(p)]

    def marks(self, inbox: Path, name: str, marks: Mapping[PupilId, Marks]) -> None:  # noqa: ARG002 - as above
        """Marks as they stand at one moment."""
        for pupil, line in marks.items():
            self.mis.marks.update({(str(self.ids[pupil]), session): code for session, code in line.items()})


def _student(pupil: Pupil) -> dict[str, Any]:
    row = {theirs: getattr(pupil, ours) for ours, theirs in PUPIL.items()}
    row["ehcp"] = pupil.sen_status == "E"
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}


def _contacts(pupil: Pupil) -> Iterator[dict[str, Any]]:
    for contact in pupil.contacts:
        yield {theirs: getattr(contact, ours) for ours, theirs in CONTACT.items()}


def _flags(pupil: Pupil) -> Iterator[dict[str, Any]]:
    for flag in pupil.flags:
        yield {"flag": flag.name, "from": flag.first.isoformat() if flag.first else None, "to": None}


def _patterns(pupil: Pupil) -> Iterator[dict[str, Any]]:
    for pattern in pupil.patterns:
        sessions = [f"{WEEKDAYS[day]} {period}" for day, period in sorted(pattern.sessions)]
        yield {"from": pattern.first.isoformat() if pattern.first else None, "to": None, "sessions": sessions}


def _fields(names: Mapping[str, str]) -> str:
    return "\n".join(f'{ours} = "{theirs}"' for ours, theirs in names.items())
