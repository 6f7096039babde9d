"""Arbor as it is said to be: addresses for keys, a request for each row, and an inner code that overrides the status.

Source: the client libraries arbor-education/sis-sdk-php and cpoms/arbor-rb, as they stood in 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.fake_http import SECRET, Asked, FakeHttpMis, FakePupil, Said, basic_of

ROLL_CALLS = {"1": Period.AM, "2": Period.PM}
MARKS = {"21": "/", "22": "\\", "23": "L", "24": "N", "25": "I", "26": "O", "28": "X"}


@dataclass
class FakeArbor(FakeHttpMis):
    """Every answer is HTTP 200; whether it went well stands at `response.code`."""

    def answer(self, asked: Asked) -> Said:
        """By resource."""
        if basic_of(asked) != f"school:{SECRET}":
            return _said(401, "Unauthorised")
        kind, _, id = asked.path.removeprefix("/rest-v2/").partition("/")
        if kind == "attendance-roll-call-registration" and asked.method == "POST":
            return self._write(asked)
        if id:
            return self._one(kind, id)
        rows = self._listed(kind, asked)
        if rows is None:
            return _said(404, "Not Found")
        size, page = int(asked.query.get("page-size", "50")), int(asked.query.get("page-number", "1"))
        links = [{"entityType": kind, "href": f"/rest-v2/{kind}/{id}"} for id in rows[(page - 1) * size : page * size]]
        return Said({"response": {"code": 200}, _root(kind): links})

    def _listed(self, kind: str, asked: Asked) -> list[str] | None:
        if kind == "students":
            return [pupil.id for pupil in self.pupils]
        if kind == "attendance-marks":
            return list(MARKS)
        if kind == "attendance-roll-call-records":
            first = asked.query.get("filters.recordDate.from", "")[:10]
            last = asked.query.get("filters.recordDate.to", "9999")[:10]
            who = asked.query.get("filters.student.equals", "").rpartition("/")[2]
            found = self.rows_of_marks(first, last)
            return [f"{pupil}-{s.day:%Y%m%d}-{s.period}" for pupil, s, code in found if code and who in ("", pupil)]
        return None

    def _one(self, kind: str, id: str) -> Said:
        row: dict[str, Any] | None = None
        if kind == "students":
            row = next((_student(p) for p in self.pupils if p.id == id), None)
        elif kind == "attendance-marks" and id in MARKS:
            row = {"href": f"/rest-v2/attendance-marks/{id}", "code": MARKS[id], "attendanceMark": MARKS[id]}
        elif kind == "attendance-roll-call-records":
            row = self._record(*id.split("-"))
        return _said(404, "Not Found") if row is None else Said({"response": {"code": 200}, _root(kind)[:-1]: row})

    def _record(self, who: str, day: str, period: str) -> dict[str, Any]:
        session = Session(date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}"), Period(period))
        code = self.marks[who, session]
        mark = next(id for id, letter in MARKS.items() if letter == code)
        call = next(id for id, half in ROLL_CALLS.items() if half is session.period)
        return {
            "student": {"href": f"/rest-v2/students/{who}"},
            "recordDate": f"{session.day.isoformat()} 00:00:00",
            "attendanceRollCall": {"href": f"/rest-v2/attendance-roll-calls/{call}"},
            "attendanceMark": {"href": f"/rest-v2/attendance-marks/{mark}"},
            "minutesLate": None,
        }

    def _write(self, asked: Asked) -> Said:
        for row in asked.json["request"]["marks"]:
            code = MARKS.get(row["attendanceMark"]["href"].rpartition("/")[2], "")
            period = ROLL_CALLS[row["rollCall"]["href"].rpartition("/")[2]]
            session = Session(date.fromisoformat(row["recordDate"][:10]), period)
            why = self.take(row["student"]["href"].rpartition("/")[2], session, code) if code else "unknown mark"
            if why:
                return _said(422, why)
        return _said(201, "Created")


def _student(pupil: FakePupil) -> dict[str, Any]:
    return {
        "href": f"/rest-v2/students/{pupil.id}",
        "uniquePupilNumber": pupil.upn,
        "person": {"legalFirstName": pupil.forename, "legalLastName": pupil.surname},
        "registrationForm": {"registrationFormName": pupil.group},
    }


def _said(code: int, reason: str) -> Said:
    return Said({"response": {"code": code, "reason": reason, "errors": [] if code < 300 else [{"message": reason}]}})


def _root(kind: str) -> str:
    first, *rest = kind.split("-")
    return first + "".join(word.capitalize() for word in rest)
