"""Writes the synthetic school as the CSV files that an Integris school's drop folder would hold."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from mbls_sync.demo.absence import Marks
from mbls_sync.demo.people import Family
from mbls_sync.model.happenings import Event, LeaveRequest, Message, SignIn
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil

DAY = "%d/%m/%Y"
MOMENT = "%d/%m/%Y %H:%M"

PUPIL_COLUMNS = (
    "UPN,Admission Number,Legal Surname,Legal Forename,Preferred Forename,Date of Birth,Sex,Year Group,Class,"
    "Admission Date,Leaving Date,Enrolment Status,Address,Postcode,FSM,Pupil Premium,SEN Status,EHCP,LAC,CIN,CP,EAL,"
    "Ethnicity,Young Carer"
).split(",")

REQUEST_COLUMNS = (
    "UPN,Received At,From Date,To Date,Purpose,Reason,Kind,From Session,To Session,Leaves At,Back At,Licence,"
    "Licence Number,Licence From,Licence To,Religious Body"
).split(",")


def write_people(folder: Path, households: Sequence[Family]) -> None:
    """Write pupils.csv, contacts.csv, flags.csv and patterns.csv."""
    pupils = [pupil for household in households for pupil in household.pupils]
    _write(folder / "pupils.csv", PUPIL_COLUMNS, map(_pupil_row, pupils))
    _write(
        folder / "contacts.csv",
        "UPN,Priority,Name,Relationship,Parental Responsibility,Mobile,Home Phone,Email".split(","),
        (
            (
                p.upn,
                c.priority,
                c.name,
                c.relationship,
                _yes(c.parental_responsibility),
                c.mobile,
                c.home_phone,
                c.email,
            )
            for p in pupils
            for c in p.contacts
        ),
    )
    write_beside(folder, households)


def write_beside(folder: Path, households: Sequence[Family]) -> None:
    """Write flags.csv and patterns.csv, which not every MIS holds."""
    pupils = [pupil for household in households for pupil in household.pupils]
    _write(
        folder / "flags.csv",
        "UPN,Flag,From,To".split(","),
        ((p.upn, flag.name, f"{flag.first:{DAY}}" if flag.first else "", "") for p in pupils for flag in p.flags),
    )
    _write(
        folder / "patterns.csv",
        "UPN,From,To,Sessions".split(","),
        (
            (
                p.upn,
                f"{pattern.first:{DAY}}" if pattern.first else "",
                "",
                "; ".join(f"{'Mon Tue Wed Thu Fri'.split()[day]} {period}" for day, period in sorted(pattern.sessions)),
            )
            for p in pupils
            for pattern in p.patterns
        ),
    )


def write_marks(file: Path, marks: Mapping[PupilId, Marks]) -> None:
    """Write the long layout: a row a pupil and session; a pupil without a mark has a blank."""
    _write(
        file,
        "UPN,Date,Session,Mark".split(","),
        (
            (pupil, f"{session.day:{DAY}}", session.period.value, code)
            for pupil, line in marks.items()
            for session, code in sorted(line.items())
        ),
    )


def write_messages(folder: Path, messages: Iterable[Message]) -> None:
    """Write messages.csv, in the order in which they came."""
    _write(
        folder / "messages.csv",
        "UPN,Received At,From,Reason,Expected Return".split(","),
        (
            (
                m.pupil,
                _moment(m.received_at),
                m.sender,
                m.reason,
                f"{m.expected_return:{DAY}}" if m.expected_return else "",
            )
            for m in messages
        ),
    )


def write_sign_ins(folder: Path, sign_ins: Iterable[SignIn]) -> None:
    """Write sign_ins.csv, in order of time."""
    _write(
        folder / "sign_ins.csv",
        "UPN,Date,Time,Direction,Reason".split(","),
        ((s.pupil, f"{s.day:{DAY}}", f"{s.time:%H:%M}", s.direction.value, s.reason) for s in sign_ins),
    )


def write_leave_requests(folder: Path, requests: Iterable[LeaveRequest]) -> None:
    """Write leave_requests.csv."""
    _write(
        folder / "leave_requests.csv",
        REQUEST_COLUMNS,
        map(_request_row, requests),
    )


def write_events(folder: Path, events: Iterable[Event]) -> None:
    """Write events.csv: the steps the office has already taken."""
    _write(
        folder / "events.csv",
        "UPN,At,Kind,Outcome,By,Role,Note".split(","),
        ((e.pupil or "", _moment(e.at), e.kind, e.outcome, e.by, e.role, e.note) for e in events),
    )


def _request_row(r: LeaveRequest) -> tuple[object, ...]:
    return (
        r.pupil,
        _moment(r.received_at),
        f"{r.first:{DAY}}",
        f"{r.last:{DAY}}",
        r.purpose,
        r.reason,
        r.kind or "",
        r.starts,
        r.ends,
        f"{r.leaves_at:%H:%M}" if r.leaves_at else "",
        f"{r.back_at:%H:%M}" if r.back_at else "",
        r.licence or "",
        r.licence_number,
        f"{r.licence_first:{DAY}}" if r.licence_first else "",
        f"{r.licence_last:{DAY}}" if r.licence_last else "",
        r.body,
    )


def _pupil_row(pupil: Pupil) -> tuple[object, ...]:
    return (
        pupil.upn,
        pupil.admission_number,
        pupil.surname,
        pupil.forename,
        pupil.preferred_forename,
        f"{pupil.born:{DAY}}" if pupil.born else "",
        pupil.sex,
        pupil.year_group,
        pupil.class_name,
        f"{pupil.admitted:{DAY}}" if pupil.admitted else "",
        f"{pupil.left:{DAY}}" if pupil.left else "",
        pupil.enrolment_status,
        pupil.address,
        pupil.postcode,
        _yes(pupil.free_school_meals),
        _yes(pupil.pupil_premium),
        pupil.sen_status,
        _yes(pupil.sen_status == "E"),
        _yes(pupil.looked_after),
        _yes(pupil.child_in_need),
        _yes(pupil.child_protection),
        _yes(pupil.english_additional_language),
        pupil.ethnicity,
        _yes(pupil.young_carer),
    )


def _yes(value: bool | None) -> str:
    return "" if value is None else "Y" if value else "N"


def _moment(moment: datetime) -> str:
    return f"{moment:{MOMENT}}"


def _write(file: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    # Written aside and renamed, as an export that appears whole.
    aside = file.with_suffix(".tmp")
    with aside.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(columns)
        writer.writerows(rows)
    aside.replace(file)
