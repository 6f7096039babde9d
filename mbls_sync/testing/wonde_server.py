"""Puts the made-up Wonde on a server of this machine, in good order or with whatever trouble a test names."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from werkzeug import Request, Response

from mbls_sync.testing.fake_wonde import TOKEN, FakeWonde
from mbls_sync.testing.quick_server import QuickServer

Trouble = Callable[[Request, Callable[[], Response]], Response]
"""Answers one request in its own way; calling what it is given lets Wonde act and gives its answer."""
BASE = "/v1.0"


def in_order(_: Request, answer: Callable[[], Response]) -> Response:
    """No trouble at all."""
    return answer()


def loses_answers(status: int) -> Trouble:
    """Every write is taken, and then the answer is a server error."""

    def trouble(request: Request, answer: Callable[[], Response]) -> Response:
        said = answer()
        if request.method != "POST":
            return said
        return Response(status=status)

    return trouble


def never_answers(request: Request, answer: Callable[[], Response]) -> Response:
    """Every write is taken, and then nothing comes for as long as the caller waits."""
    said = answer()
    if request.method == "POST":
        until_hung_up(request)
    return said


def until_hung_up(request: Request) -> None:
    """Wait for the caller to lose patience: how long that takes is the caller's own affair."""
    line = request.environ["werkzeug.socket"]
    with suppress(OSError):
        while line.recv(4096):
            pass


def respond(fake: FakeWonde, request: Request) -> Response:
    """Wonde's own answer."""
    if _token(request) != TOKEN:
        return _json(401, {"error": "who are you?"})
    if fake.busy:
        after = fake.busy.pop(0)
        return Response(status=429, headers={} if after is None else {"Retry-After": after})
    path = request.path.removeprefix(BASE)
    body = request.get_json(silent=True) if request.method == "POST" else None
    home = f"{request.host_url[:-1]}{BASE}"
    return _json(*fake.answer(request.method, path, request.args.to_dict(), body, home))


@contextmanager
def serving(fake: FakeWonde, trouble: Trouble = in_order) -> Iterator[str]:
    """Wonde at an address of this machine."""
    with QuickServer(host="127.0.0.1", threaded=True) as server:
        handle = lambda request: trouble(request, lambda: respond(fake, request))  # noqa: E731 - one use
        server.expect_request(re.compile(".*")).respond_with_handler(handle)
        yield f"http://127.0.0.1:{server.port}{BASE}"


def _token(request: Request) -> str:
    kind, _, said = request.headers.get("Authorization", "").partition(" ")
    if kind == "Bearer":
        return said
    return b64decode(said).decode().partition(":")[0] if kind == "Basic" else ""


def _json(status: int, value: Any) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")
