"""A hostile MIS: everything that an MIS over HTTP has been seen to do wrong, drawn by a seed, and a log that judges.

It stalls, cuts its JSON, gives one page for ever, drops the line in the middle of a body, redirects to another host,
asks to be left alone until a date, takes a write and loses the answer, loses the write itself, derives a written mark
away, and lets a teacher enter a mark between our reading and our writing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from socket import SHUT_RDWR

from werkzeug import Request, Response

from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Session
from mbls_sync.testing.fake_wonde import SCHOOL, FakeWonde
from mbls_sync.testing.wonde_server import until_hung_up

Answer = Callable[[], Response]
READS = ("stall", "cut", "repeat", "drop", "redirect", "busy")
WRITES = ("lose answer", "lose write", "error after", "busy", "redirect")
CODES = ("I", "L", "M", "/")
EDITS, DERIVES = 0.8, 0.15
"""How often a teacher enters a mark in between, and how often a mark that landed is derived away."""


@dataclass
class Hostile:
    """Trouble for a server. `until` is the date that a 429 names, `elsewhere` the host of a redirect.

    `share` of the reads, and twice that of the writes, go wrong until it is `calm`. `edited` are the marks of a session
    that a teacher may enter just after we have looked whether marks may be written. `did` counts what was done.
    """

    fake: FakeWonde
    seed: int
    session: Session
    edited: tuple[PupilId, ...]
    elsewhere: str
    until: str
    share: float = 0.15
    calm: bool = False
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 - it makes trouble, not secrets
        self.fake.settles_after = self._random.choice((0, 2, 2))
        self.fake.lands_after_reads = 14
        self.fake.after_landing = self._after_landing

    def __call__(self, request: Request, answer: Answer) -> Response:
        """Answer one request, or do something worse."""
        if self.calm:
            return answer()
        kinds, share = (WRITES, 2 * self.share) if request.method == "POST" else (READS, self.share)
        kind = self._random.choice(kinds) if self._random.random() < share else ""
        if not kind and request.path.endswith(SCHOOL):
            return self._edit_after(answer)
        if not kind:
            return answer()
        self.did[kind] += 1
        return self._trouble(kind, request, answer)

    def _trouble(self, kind: str, request: Request, answer: Answer) -> Response:
        match kind:
            case "busy":
                return Response(status=429, headers={"Retry-After": self.until})
            case "redirect":
                return Response(status=302, headers={"Location": f"{self.elsewhere}{request.path}"})
            case "lose write":
                return _dropped(request)
            case "lose answer":
                answer()
                return _dropped(request)
            case "error after":
                answer()
                return Response("made up", status=500)
            case "stall":
                said = answer()
                until_hung_up(request)
                return said
        said = answer()
        body = said.get_data()
        if kind == "repeat" and b'"data": [' in body:
            said.set_data(json.dumps({**json.loads(body), "meta": {"pagination": {"next": request.url}}}))
        elif kind == "drop":
            return _dropped(request, body)
        else:
            said.set_data(body[: len(body) // 2])
        return said

    def _edit_after(self, answer: Answer) -> Response:
        said = answer()
        if self.edited and self._random.random() < EDITS:
            self.did["teacher"] += 1
            self.fake.mark(self._random.choice(self.edited), self.session, self._random.choice(CODES))
        return said

    def _after_landing(self, student: str, session: Session) -> None:
        if not self.calm and self._random.random() < DERIVES:
            self.did["derived away"] += 1
            self.fake.derive_away(student, session)


def _dropped(request: Request, body: bytes = b"") -> Response:
    """Hang up, in the middle of the body where there is one."""
    line = request.environ["werkzeug.socket"]
    if body:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        line.sendall(head.encode() + body[: len(body) // 2])
    line.shutdown(SHUT_RDWR)
    return Response(status=500)
