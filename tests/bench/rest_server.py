"""A server of 152,000 marks that costs as little as can be: every page is made before it is asked for."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, urlsplit

from mbls_sync.testing.builders import the_calendar

PUPILS = 400
SESSIONS = 380
MARKS = PUPILS * SESSIONS


def rows() -> list[dict[str, object]]:
    """A year of a school of 400, as its MIS lists it: by day and session, a row a mark."""
    sessions = list(the_calendar().years[0].sessions)[:SESSIONS]
    return [
        {
            "id": f"{number}-{session.day:%Y%m%d}{session.period}",
            "student": {"id": 7000 + number, "upn": f"A8239999{number:05d}"},
            "date": session.day.isoformat(),
            "session": session.period.value,
            "code": "I" if (number * 7 + at) % 23 == 0 else "/" if session.period.value == "AM" else "\\",
            "updated_at": f"{session.day.isoformat()}T10:00:00",
        }
        for at, session in enumerate(sessions)
        for number in range(1, PUPILS + 1)
    ]


@contextmanager
def marks_server() -> Iterator[str]:
    """Serve from a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection) -> None:
    every = rows()
    pages: dict[tuple[int, int], bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            """One page."""
            asked = parse_qs(urlsplit(self.path).query)
            size, page = int(asked.get("per_page", ["200"])[0]), int(asked.get("page", ["1"])[0])
            if (size, page) not in pages:
                found = every[(page - 1) * size : page * size]
                pages[size, page] = json.dumps({"data": found, "pages": -(-len(every) // size)}).encode()
            content = pages[size, page]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        # Every page is made before the clock of anybody runs.
        for size in (200, 500, 1000):
            for page in range(1, -(-len(every) // size) + 1):
                found = every[(page - 1) * size : page * size]
                pages[size, page] = json.dumps({"data": found, "pages": -(-len(every) // size)}).encode()
        pipe.send(server.server_address[1])
        server.serve_forever()
