"""What an adapter may ask of the HTTP that it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from mbls_sync.mis_http.manners import Answer, Auth, Manners
from mbls_sync.model.deliveries import PushResult


class Http(Protocol):
    """One origin's HTTP, with credentials, deadlines, caps and redaction built in."""

    def get(self, path: str, **query: str) -> bytes:
        """Read the body at a path; retried where that is safe. Raises MisError."""
        ...

    def ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        judge: Callable[[Answer], bool] | None = None,
    ) -> Answer:
        """Read the whole answer at a path, by whatever method the MIS wants for reading. Raises MisError.

        `judge` looks first: True takes an answer whatever its status; it may raise what a success really says.
        """
        ...

    def follow(
        self,
        link: str,
        after: Answer,
        *,
        headers: Mapping[str, str] | None = None,
        judge: Callable[[Answer], bool] | None = None,
    ) -> Answer:
        """Read what a link in an answer names. One to another origin raises BadPayload, and nothing is sent."""
        ...

    def send(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[PushResult, bytes]:
        """Write once, never again; what became of it, and the answer's body.

        Raises Unreachable where no connection was made, and Busy on a 429: nothing was changed then.
        """
        ...


class Connect(Protocol):
    """Opens HTTP to one origin; its headers and credentials go there and nowhere else."""

    def __call__(
        self, origin: str, headers: Mapping[str, str], *, auth: Auth | None = None, manners: Manners | None = None
    ) -> Http:
        """Nothing is sent yet. Raises ConfigurationError for an address that may not be spoken to."""
        ...
