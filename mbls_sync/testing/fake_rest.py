"""A made-up MIS with a plain REST interface: an API key, numbered pages, a declared total, several marks in one write.

It holds what a school of ours is made of, so that the demo can be played over HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mbls_sync.model.sessions import Session
from mbls_sync.testing.fake_http import SECRET, Asked, FakeHttpMis, Said

CODES = {"11": "/", "12": "\\", "13": "L", "14": "N", "15": "I", "16": "O", "17": "C", "18": "X", "19": "U"}
"""The MIS's own number of each code."""
LISTS = "students contacts flags patterns messages signins leave events".split()


@dataclass
class FakeRest(FakeHttpMis):
    """`lists` are rows beside the marks, by name, as this MIS writes them; students come from `pupils` otherwise."""

    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    may_write: bool = True
    _listed: tuple[Any, list[Any]] = field(default=(None, []), repr=False)

    def answer(self, asked: Asked) -> Said:
        """By path; 401 without the key."""
        if asked.headers.get("x-api-key") != SECRET:
            return Said({"error": "who are you?"}, 401)
        name = asked.path.removeprefix("/api/")
        if name == "attendance" and asked.method == "POST":
            return self._write(asked)
        if name == "permissions/attendance":
            return Said({"write": True}) if self.may_write else Said({"error": "no right"}, 403)
        if name == "attendance":
            return self._page(asked, self._attendance(asked))
        if name == "codes":
            return self._page(
                asked, [{"id": int(i), "symbol": s, "usable": s not in self.never} for i, s in CODES.items()]
            )
        if name in LISTS:
            return self._page(asked, self.lists.get(name, self._students() if name == "students" else []))
        return Said({"error": "no such list"}, 404)

    def _students(self) -> list[dict[str, Any]]:
        return [
            {
                "id": int(p.id),
                "upn": p.upn,
                "name": {"legal": {"last": p.surname, "first": p.forename}},
                "year": p.year,
                "class": p.group,
            }
            for p in self.pupils
        ]

    def _attendance(self, asked: Asked) -> Sequence[Any]:
        """Every mark of a span; the list is as it stood when its first page was asked for."""
        span = (asked.query.get("from", ""), asked.query.get("to", "9999"))
        if self._listed[0] != span or asked.query.get("page", "1") == "1":
            self._listed = (span, [_mark(*row) for row in self.rows_of_marks(*span)])
        return self._listed[1]

    def _page(self, asked: Asked, rows: Sequence[Any]) -> Said:
        size = min(int(asked.query.get("per_page", self.page_rows)), self.page_rows)
        page = int(asked.query.get("page", "1"))
        found = rows[(page - 1) * size : page * size]
        return Said({"data": found, "meta": {"page": page, "pages": -(-len(rows) // size), "total": len(rows)}})

    def _write(self, asked: Asked) -> Said:
        if not self.may_write:
            return Said({"error": "no right"}, 403)
        results = []
        for row in asked.json["marks"]:
            code = CODES.get(str(row["code"]))
            why = (
                "no such code" if code is None else self.take(str(row["student"]), Session.parse(row["session"]), code)
            )
            results.append({"outcome": "refused", "why": why} if why else {"outcome": "saved"})
        return Said({"results": results})


def _code(number: str, letter: str, never: frozenset[str]) -> dict[str, Any]:
    return {"id": int(number), "symbol": letter, "usable": letter not in never}


def _mark(pupil: str, session: Session, code: str) -> dict[str, Any]:
    return {"student": int(pupil), "date": session.day.isoformat(), "half": session.period.value, "mark": code or None}
