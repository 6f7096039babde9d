"""Opens the adapter with options, and puts a fake on a server."""

import pytest
from mbls_adapter_rest.adapter import open_rest
from mbls_adapter_rest.options import Options

from mbls_sync import clock
from mbls_sync.contracts import Given
from mbls_sync.mis_http.connector import Connector
from mbls_sync.testing.builders import the_calendar
from mbls_sync.testing.fake_http import serving

PATIENT = {"read_timeout": 60, "deadline": 120, "attempts": 2, "first_wait": 0.001, "longest_wait": 1}


@pytest.fixture
def opened(tmp_path):
    """Opens the adapter with options; `waits` would be slept."""

    def given(options, now=None, folder=tmp_path, waits=None, tell=None):
        waits = [] if waits is None else waits
        when = (lambda: now) if now else clock.now
        parts = Given(folder, the_calendar(), when, waits.append, Connector(when, waits.append, tell))
        return open_rest(Options.model_validate({"http": PATIENT, **options}), parts)

    return given


@pytest.fixture
def serve():
    """Puts a fake on a server for as long as the test goes on."""
    stack = []

    def start(mis):
        context = serving(mis)
        stack.append(context)
        return context.__enter__()

    yield start
    for context in reversed(stack):
        context.__exit__(None, None, None)
