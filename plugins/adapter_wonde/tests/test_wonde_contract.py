"""The promises of every adapter, kept by this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from mbls_adapter_wonde.adapter import offer_adapter
from werkzeug import Request, Response

from mbls_sync.api import Adapter, Given, Mark, MarkWrite, Period, PupilId, Session
from mbls_sync.mis_http.connector import Connector
from mbls_sync.testing.adapter_contract import AdapterContract, Trouble
from mbls_sync.testing.builders import a_pupil, the_calendar
from mbls_sync.testing.fake_wonde import SCHOOL, TOKEN, FakeWonde
from mbls_sync.testing.wonde_server import in_order, loses_answers, never_answers, serving

A, B = PupilId("B801200005001"), PupilId("N823432113104")
DAYS = (date(2026, 11, 5), date(2026, 11, 6), date(2026, 11, 9))
LOCKED = date(2026, 11, 4)
NOW = datetime(2026, 11, 9, 9, 30, tzinfo=UTC)


class TestWonde(AdapterContract):
    offer = offer_adapter()
    options: ClassVar[Mapping[str, Any]] = {"school": SCHOOL, "token": TOKEN}
    private = ("Testpupil", A, B, TOKEN)

    @pytest.fixture(autouse=True)
    def _server(self) -> Iterator[None]:
        self.fake = FakeWonde((), locked=frozenset({LOCKED}))
        self.trouble, self.read_timeout = in_order, 60.0
        with serving(self.fake, self._answered) as url:
            self.url = url
            yield

    def _answered(self, request: Request, answer: Callable[[], Response]) -> Response:
        return self.trouble(request, answer)

    def prepare(self, folder: Path) -> None:
        fresh = FakeWonde([a_pupil(A, upn=A), a_pupil(B, upn=B)], locked=self.fake.locked)
        fresh.fill({(p, Session(d, s)): "/" for p in (A, B) for d in DAYS for s in Period if (p, d) != (B, DAYS[2])})
        vars(self.fake).update(vars(fresh))

    def open(self, folder: Path) -> Adapter:
        given = Given(folder, the_calendar(), lambda: NOW, lambda _: None, Connector(lambda: NOW, lambda _: None))
        own = {"base_url": self.url, "since": "2026-10-12", "read_timeout": self.read_timeout, "attempts": 2}
        adapter: Adapter = self.offer.open(self.offer.options.model_validate({**self.options, **own}), given)
        return adapter

    def writes(self) -> Sequence[MarkWrite]:
        return [MarkWrite(f"key-{s}", Mark(B, Session(DAYS[2], s), "N"), "", "no mark at close") for s in Period]

    def refused_write(self) -> MarkWrite:
        return MarkWrite("key-locked", Mark(A, Session(LOCKED, Period.AM), "N"), "", "no mark at close")

    def troubled(self, folder: Path, trouble: Trouble) -> Adapter:
        self.trouble = loses_answers(500)
        if trouble == "timeout":
            self.trouble, self.read_timeout = never_answers, 2.0
        return self.open(folder)
