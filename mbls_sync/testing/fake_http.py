"""What every fake MIS over HTTP shares: a school's pupils and marks, a log of writes, and a server that can misbehave.

A fake answers like the real thing, oddities included, and never touches the network by itself: `serve` puts it
on a test's server, and the demo on one of its own.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.codes import Code
from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Period, Session

SECRET = "synthetic-secret-of-no-school"  # noqa: S105 - what the fakes ask for, and no test may find in a log


@dataclass(frozen=True)
class Asked:
    """One request, headers by lower-case name."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    home: str = ""

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def url(self, path: str, query: Mapping[str, str]) -> str:
        """An absolute address of this server, as vendors write them into their answers."""
        return f"{self.home}{path}?{urlencode(query)}"


@dataclass(frozen=True)
class Said:
    """One answer. `value` is sent as JSON, a text as it is."""

    value: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> tuple[bytes, str]:
        """The body and its type."""
        if isinstance(self.value, str):
            return self.value.encode(), "text/plain; charset=utf-8"
        return json.dumps(self.value).encode(), "application/json"


@dataclass(frozen=True)
class FakePupil:
    """A visibly made-up pupil as an MIS knows one."""

    id: str
    upn: str
    surname: str
    forename: str
    year: str
    group: str

    @property
    def pupil(self) -> PupilId:
        """What we call the pupil."""
        return PupilId(self.upn)


def some_pupils(count: int = 3) -> tuple[FakePupil, ...]:
    """So many, with UPNs whose check letter is right."""
    return tuple(
        FakePupil(str(7000 + n), upn_of(n), "Testpupil", f"Sample{n}", "Year 2", "2T") for n in range(1, count + 1)
    )


def upn_of(number: int) -> str:
    """A UPN of the school 823/9999 that was never given out."""
    digits = f"8239999{number:05d}"
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[sum(int(d) * w for w, d in enumerate(digits, 2)) % 23] + digits


@dataclass
class FakeHttpMis:
    """A school. Subclasses say what each request is answered.

    `trouble` makes the next writes land and their answer be lost. `writes` is every write that landed, in order.
    """

    pupils: Sequence[FakePupil] = field(default_factory=some_pupils)
    marks: dict[tuple[str, Session], Code] = field(default_factory=dict)
    page_rows: int = 50
    trouble: Literal["", "timeout", "server error"] = ""
    never: frozenset[Code] = frozenset({"X"})

    def __post_init__(self) -> None:
        self.writes: list[tuple[str, Session, Code]] = []
        self.asked: list[Asked] = []
        self.released = threading.Event()

    def answer(self, asked: Asked) -> Said:
        """What this MIS says."""
        raise NotImplementedError

    def heard(self, asked: Asked) -> Said:
        """The answer, with the trouble that was asked for."""
        self.asked.append(asked)
        before = len(self.writes)
        said = self.answer(asked)
        if self.trouble and len(self.writes) > before:
            if self.trouble == "server error":
                return Said({"error": "made up"}, 500)
            self.released.wait()
        return said

    def fill(self, calendar: SchoolCalendar, days: int = 10, code: Code = "/", last: date | None = None) -> None:
        """Give every pupil a mark for the last so many school days up to `last`, or of the first year."""
        past = [day for day in calendar.school_days if last is None or day <= last]
        for day in past[-days:] if last else past[:days]:
            for pupil in self.pupils:
                self.marks[pupil.id, Session(day, Period.AM)] = code
                self.marks[pupil.id, Session(day, Period.PM)] = "\\" if code == "/" else code

    def take(self, pupil: str, session: Session, code: Code) -> str:
        """Write one mark; why it is refused, or nothing."""
        if all(known.id != pupil for known in self.pupils):
            return "unknown student"
        if code in self.never:
            return "code may not be used"
        self.marks[pupil, session] = code
        self.writes.append((pupil, session, code))
        return ""

    def rows_of_marks(self, first: str = "", last: str = "9999") -> list[tuple[str, Session, Code]]:
        """Every mark of the days from `first` to `last`, in order of day and pupil."""
        found = sorted(self.marks.items(), key=lambda item: (item[0][1], item[0][0]))
        return [(who, s, code) for (who, s), code in found if first <= s.day.isoformat() <= last]


def basic_of(asked: Asked) -> str:
    """`user:password` of HTTP Basic; empty where there is none."""
    kind, _, packed = asked.headers.get("authorization", "").partition(" ")
    return base64.b64decode(packed).decode() if kind == "Basic" else ""


@contextmanager
def serving(mis: FakeHttpMis) -> Iterator[str]:
    """Put a fake on a server of this machine; gives its address."""
    from werkzeug import Request, Response  # noqa: PLC0415 - only tests have it

    from mbls_sync.testing.quick_server import QuickServer  # noqa: PLC0415 - it needs the same

    def handle(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(
            request.method, request.path, request.args.to_dict(), headers, request.get_data(), request.host_url[:-1]
        )
        said = mis.heard(asked)
        body, kind = said.content
        return Response(body, said.status, dict(said.headers), content_type=kind)

    with QuickServer(threaded=True) as server:
        server.expect_request(re.compile(".*")).respond_with_handler(handle)
        try:
            yield f"http://localhost:{server.port}"
        finally:
            mis.released.set()
