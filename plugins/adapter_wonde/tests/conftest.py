"""A school at a made-up Wonde on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from mbls_adapter_wonde.adapter import WondeSchool
from mbls_adapter_wonde.options import Options

from mbls_sync.api import Given
from mbls_sync.mis_http.connector import Connector
from mbls_sync.testing.builders import the_calendar
from mbls_sync.testing.fake_wonde import SCHOOL, TOKEN, FakeWonde
from mbls_sync.testing.wonde_server import Trouble, in_order, serving

DAY = date(2026, 11, 9)
NOW = datetime(2026, 11, 9, 9, 30, tzinfo=UTC)


@pytest.fixture
def open_wonde(tmp_path: Path) -> Iterator[Callable[..., WondeSchool]]:
    with ExitStack() as stack:

        def made(fake: FakeWonde, trouble: Trouble = in_order, now: datetime = NOW, **options: Any) -> WondeSchool:
            url = stack.enter_context(serving(fake, trouble))
            chosen = {"school": SCHOOL, "token": TOKEN, "base_url": url, "since": DAY, "attempts": 1} | options
            given = Given(tmp_path, the_calendar(), lambda: now, _no_sleep, Connector(lambda: now, _no_sleep))
            return WondeSchool(Options.model_validate(chosen), given)

        yield made


def _no_sleep(_: float) -> None:
    """Waits for nothing."""
