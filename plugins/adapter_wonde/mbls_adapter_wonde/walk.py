"""Reads a whole list from Wonde, page after page, however it says where the next one is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mbls_adapter_wonde.wire import Row, document, rows_of
from mbls_sync.api import BadPayload, Http

MOST_PAGES = 10_000


@dataclass(frozen=True)
class Wonde:
    """Wonde's API for one school."""

    http: Http
    school: str
    per_page: int

    def one(self, path: str) -> Row:
        """A single object, out of its wrapping. Raises MisError."""
        found = document(self.http.get(path), path.rpartition("/")[2])
        data = found.get("data", found)
        return data if isinstance(data, dict) else {}

    def rows(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[Row]:
        """Every row of a list of this school. Raises MisError; a page that comes twice is an error, not an end.

        A list that fits on one page has no pagination object at all.
        """
        answer = self.http.ask(f"schools/{self.school}/{path}", {"per_page": str(self.per_page), **(query or {})})
        seen: set[str] = set()
        for _ in range(MOST_PAGES):
            found = document(answer.body, path)
            rows = rows_of(found, path)
            following = _next(found)
            if not following:
                yield from rows
                return
            print_of = hashlib.sha256(answer.body).hexdigest()
            if print_of in seen or following in seen:
                raise BadPayload(f"Wonde gave a page of {path} twice, which would never end; nothing of it was taken")
            seen |= {print_of, following}
            yield from rows
            answer = self.http.follow(following, answer)
        raise BadPayload(f"Wonde gave more than {MOST_PAGES} pages of {path} and was stopped")

    def send(self, path: str, body: Any) -> Any:
        """Write once; as `Http.send`."""
        return self.http.send("POST", f"schools/{self.school}/{path}", body)


def _next(found: Row) -> str:
    meta = found.get("meta")
    pagination = meta.get("pagination") if isinstance(meta, dict) else None
    following = pagination.get("next") if isinstance(pagination, dict) else None
    return following if isinstance(following, str) else ""
