"""An MIS on this machine, a second server that must never hear a secret, and raw servers that misbehave."""

import contextlib
import socket
import threading
from datetime import UTC, datetime

import pytest
from pytest_httpserver import HTTPServer

from mbls_sync.mis_http.connector import Connector
from mbls_sync.mis_http.manners import Manners

NOW = datetime(2026, 11, 17, 9, 16, tzinfo=UTC)
SECRET = "s3cret-of-the-school"
PATIENT = Manners(connect_timeout=60, read_timeout=60, deadline=120, attempts=3, first_wait=0.01, longest_wait=60)
"""Longer than any machine takes; a test of a limit sets that limit alone."""


class Waits(list):
    """Every wait that was asked for; nobody really waits."""

    def __call__(self, seconds):
        self.append(seconds)


@pytest.fixture
def waits():
    return Waits()


@pytest.fixture
def told():
    return []


@pytest.fixture(scope="session")
def servers():
    # Stopping one takes half a second, so that they are kept for all tests and emptied after each.
    with HTTPServer() as first, HTTPServer() as second:
        yield first, second


@pytest.fixture
def mis(servers):
    yield servers[0]
    servers[0].clear()


@pytest.fixture
def elsewhere(servers):
    servers[1].expect_request("/").respond_with_data("[]")
    yield servers[1]
    servers[1].clear()


@pytest.fixture
def connect(waits, told):
    return _opening(waits, told)


@pytest.fixture
def reconnect(waits, told):
    """The same in another process, as it were: nothing is remembered but what was written down."""
    return _opening(waits, told)


def _opening(waits, told):
    connector = Connector(lambda: NOW, waits, lambda event, **facts: told.append((event, facts)))

    def opened(url, headers=None, auth=None, manners=PATIENT):
        given = {"X-Api-Key": SECRET} if headers is None else headers
        return connector(url, given, auth=auth, manners=manners)

    return opened


@pytest.fixture
def raw():
    """A server that does with each connection what the test says: `raw(lambda conn: ...)` gives its address."""
    stops = []

    def serve(behave):
        listener = socket.create_server(("127.0.0.1", 0))
        stop = threading.Event()

        def run():
            with contextlib.suppress(OSError):  # the listener is shut
                while not stop.is_set():
                    conn, _ = listener.accept()
                    with conn, contextlib.suppress(OSError):
                        conn.settimeout(60)
                        behave(conn, stop)

        thread = threading.Thread(target=run)
        thread.start()
        stops.append((stop, thread, listener))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for stop, thread, listener in stops:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()


def whole_request(conn):
    """All that the client says: to hang up on what is unread would reset the line, and the answer could be lost."""
    said = b""
    while b"\r\n\r\n" not in said and (piece := conn.recv(65536)):
        said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0]) and (piece := conn.recv(65536)):
        body += piece
    return head + b"\r\n\r\n" + body
