"""Puts a fake MIS on a server of this machine with the standard library alone, for the demo and for measuring."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from mbls_sync.testing.fake_http import Asked, FakeHttpMis


@contextmanager
def on_this_machine(mis: FakeHttpMis) -> Iterator[str]:
    """Serve for as long as the context lasts; gives the address, which no other machine can reach."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # A small answer in two pieces would wait for the other side's acknowledgement.
        disable_nagle_algorithm = True

        def _heard(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body, home)
            said = mis.heard(asked)
            content, kind = said.content
            self.send_response(said.status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = _heard  # noqa: N815 - as the library names them

        def log_message(self, *_: object) -> None:
            """Say nothing: a path may name a pupil."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        home = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.05), daemon=True)
        thread.start()
        try:
            yield home
        finally:
            mis.released.set()
            server.shutdown()
            thread.join()
