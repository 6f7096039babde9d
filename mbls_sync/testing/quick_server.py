"""A server of this machine for one test: pytest-httpserver's own looks only twice a second whether it should stop."""

from __future__ import annotations

from pytest_httpserver import HTTPServer

LOOKS_EVERY = 0.01
"""Seconds. Half of one at the end of each test added up to a minute."""


class QuickServer(HTTPServer):
    """As pytest-httpserver's, and stops at once."""

    def thread_target(self) -> None:
        """Serve until told to stop."""
        assert self.server is not None
        self.server.serve_forever(LOOKS_EVERY)
