"""ScholarPack as it is said to be: a refresh token spent by its use, and the next page's address in the body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from mbls_sync.testing.fake_http import SECRET, Asked, FakeHttpMis, Said


@dataclass
class FakeScholarPack(FakeHttpMis):
    """Reads only. `tokens` counts the access tokens given out; a new refresh token replaces the one before."""

    tokens: int = 0
    refresh: str = "first-refresh-token"

    def answer(self, asked: Asked) -> Said:
        """By path."""
        if asked.path == "/oauth/token":
            return self._token({name: values[0] for name, values in parse_qs(asked.body.decode()).items()})
        if asked.headers.get("authorization") != f"Bearer access-{self.tokens}":
            return Said({"error": "invalid_token"}, 401)
        if asked.path == "/api/students":
            return self._page(asked, [_student(p) for p in self.pupils])
        if asked.path == "/api/attendance":
            found = self.rows_of_marks(asked.query.get("start", ""), asked.query.get("end", "9999"))
            rows = [
                {"student_id": who, "date": f"{s.day:%d/%m/%Y}", "session": s.period.value.lower(), "code": code}
                for who, s, code in found
            ]
            return self._page(asked, rows)
        return Said({"error": "not_found"}, 404)

    def _token(self, form: dict[str, str]) -> Said:
        given = (form.get("grant_type"), form.get("client_secret"), form.get("refresh_token"))
        if given != ("refresh_token", SECRET, self.refresh):
            return Said({"error": "invalid_grant"}, 400)
        self.tokens += 1
        self.refresh = f"refresh-{self.tokens}"
        return Said({"access_token": f"access-{self.tokens}", "expires_in": 3600, "refresh_token": self.refresh})

    def _page(self, asked: Asked, rows: Sequence[Any]) -> Said:
        at = int(asked.query.get("offset", "0"))
        following = at + self.page_rows
        more = asked.url(asked.path, {**asked.query, "offset": str(following)}) if following < len(rows) else None
        return Said({"results": rows[at:following], "next_uri": more})


def _student(pupil: Any) -> dict[str, Any]:
    return {
        "id": pupil.id,
        "upn": pupil.upn,
        "legal_surname": pupil.surname,
        "legal_forename": pupil.forename,
        "year_group": pupil.year,
        "class": pupil.group,
    }
