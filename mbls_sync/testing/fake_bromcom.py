"""Bromcom as it is said to be: two keys, the page within the filter, padded texts, rows twice, 200 for errors.

Source: the client libraries jamesgurung/bromcom-essentials-dotnet and nickwatson/bromcom-python-helpers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mbls_sync.model.sessions import Session
from mbls_sync.testing.fake_http import SECRET, Asked, FakeHttpMis, Said

PAGE = re.compile(r"\{page:(\d+)\}\s*$")
DATES = re.compile(r"calendarStartDate\s*(>=|<=)\s*'(\d{4}-\d\d-\d\d)'")


@dataclass
class FakeBromcom(FakeHttpMis):
    """Reads only. What is wrong is said with HTTP 200 and `success: false`."""

    def answer(self, asked: Asked) -> Said:
        """By entity."""
        if (asked.headers.get("applicationid"), asked.headers.get("applicationsecret")) != ("school-app", SECRET):
            return Said({"success": False, "message": "Invalid credentials", "data": []})
        text = asked.query.get("entityFilter", "")
        page = PAGE.search(text)
        if asked.query.get("schoolId") != "99" or page is None:
            return Said({"success": False, "message": "Bad filter", "data": []})
        entity = asked.path.removeprefix("/v2/")
        if entity == "Students":
            rows = self._students()
        elif entity == "BasicAttendance":
            rows = self._attendance(text)
        else:
            return Said({"success": False, "message": "Unknown entity", "data": []})
        start = int(page[1]) * self.page_rows
        return Said({"success": True, "data": rows[start : start + self.page_rows]})

    def _students(self) -> list[dict[str, Any]]:
        return [
            {
                "studentId": int(p.id),
                "uniquePupilNumber": f"{p.upn}   ",
                "legalSurname": f"{p.surname:<30}",
                "legalForename": f"{p.forename:<30}",
                "ncYear": f"{p.year:<10}",
                "tutorGroupName": f"{p.group:<10}",
            }
            for p in self.pupils
        ]

    def _attendance(self, text: str) -> list[dict[str, Any]]:
        said = dict(DATES.findall(text))
        found = self.rows_of_marks(said.get(">=", ""), said.get("<=", "9999"))
        rows = [_row(*row) for row in found]
        # A row comes again for each period of the day that lies in the session.
        return [row for row in rows for _ in range(2)]


def _row(pupil: str, session: Session, code: str) -> dict[str, Any]:
    return {
        "studentId": int(pupil),
        "calendarStartDate": f"{session.day.isoformat()}T00:00:00",
        "mark": f"{code or '-':<4}",
        "periodDisplayName": f"{session.period.value}  ",
    }
