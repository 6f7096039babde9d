"""The made-up Wonde as a server of this machine is given it, without the library that only tests have."""

from __future__ import annotations

from dataclasses import dataclass, field

from mbls_sync.testing.fake_http import Asked, FakeHttpMis, Said
from mbls_sync.testing.fake_wonde import TOKEN, FakeWonde

BASE = "/v1.0"


@dataclass
class WondeByHttp(FakeHttpMis):
    """Answers below `/v1.0`; 401 without the token."""

    wonde: FakeWonde = field(default_factory=lambda: FakeWonde((), largest_page=5000))

    def answer(self, asked: Asked) -> Said:
        """Wonde's own answer."""
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Said({"error": "who are you?"}, 401)
        body = asked.json if asked.method == "POST" else None
        path = asked.path.removeprefix(BASE)
        status, value = self.wonde.answer(asked.method, path, asked.query, body, f"{asked.home}{BASE}")
        return Said(value, status)
