"""SIMS Primary as it is said to be: a token and a subscription key, pages of a continuation address, 90 days at most.

Source: the partner pages of sims-partners.com on SIMS Primary attendance, as they stood in 2026.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mbls_sync.testing.fake_http import SECRET, Asked, FakeHttpMis, Said

LONGEST_SPAN = 90


@dataclass
class FakeSims(FakeHttpMis):
    """Reads only."""

    def answer(self, asked: Asked) -> Said:
        """By path."""
        if asked.path == "/connect/token":
            return Said({"access_token": "sims-token", "expires_in": 3600})
        keys = (asked.headers.get("authorization"), asked.headers.get("ocp-apim-subscription-key"))
        if keys != ("Bearer sims-token", SECRET):
            return Said({"statusCode": 401}, 401)
        if asked.path == "/Students":
            return self._page(asked, [{"id": p.id, "upn": p.upn, "surname": p.surname} for p in self.pupils])
        first, last = asked.query["startDate"], asked.query["endDate"]
        if (date.fromisoformat(last) - date.fromisoformat(first)).days >= LONGEST_SPAN:
            return Said({"statusCode": 400, "message": "The date range may not exceed 90 days"}, 400)
        rows = [
            {"studentId": who, "date": s.day.isoformat(), "sessionName": s.period.value, "code": code}
            for who, s, code in self.rows_of_marks(first, last)
        ]
        return self._page(asked, rows)

    def _page(self, asked: Asked, rows: Sequence[Any]) -> Said:
        at = int(asked.query.get("$skip", "0"))
        following = at + self.page_rows
        said: dict[str, Any] = {"value": rows[at:following]}
        if following < len(rows):
            said["@odata.nextLink"] = asked.url(asked.path, {**asked.query, "$skip": str(following)})
        return Said(said)
