"""Examples of configuration over the fakes that they are made for."""

import tomllib
from pathlib import Path

import pytest
from mbls_adapter_rest.adapter import open_rest
from mbls_adapter_rest.options import Options

from mbls_sync import clock
from mbls_sync.contracts import Given
from mbls_sync.mis_http.connector import Connector
from mbls_sync.testing.builders import the_calendar
from mbls_sync.testing.fake_http import serving

HASTY = {"read_timeout": 1.0, "deadline": 5, "attempts": 2, "first_wait": 0.001, "longest_wait": 1}
PLAIN = {
    "pager": {"type": "none"},
    "resources": {
        "marks": {
            "path": "/marks",
            "fields": {"upn": "upn", "day": "day", "session": "session", "code": "code"},
        }
    },
}


@pytest.fixture
def opened(tmp_path):
    """Opens the adapter with options; `waits` would be slept."""

    def given(options, now=None, folder=tmp_path):
        waits = []
        when = (lambda: now) if now else clock.now
        parts = Given(folder, the_calendar(), when, waits.append, Connector(when, waits.append))
        return open_rest(Options.model_validate({"http": HASTY, **options}), parts)

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


@pytest.fixture
def plain():
    return PLAIN


def example(name, **changes):
    """The options of a shipped example, with what a test must change."""
    file = Path(__file__).parents[1] / "examples" / f"{name}.toml"
    (source,) = tomllib.loads(file.read_text(encoding="utf-8"))["sources"].values()
    return {**source["options"], **changes}
