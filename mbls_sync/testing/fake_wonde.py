"""A made-up Wonde with one school behind it: its oddities are Wonde's, its people are nobody's.

It pages by offset or cursor and leaves the pagination out where all fits on one page, writes dates as objects with
mixed zones, names codes by ids of the school's own, answers another region with nothing, and lets a write land later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mbls_sync.model.codes import Code
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.fake_wonde_rows import Row, contact_row, date_object, student_row

SCHOOL = "A1930499544"
TOKEN = "synthetic-token-of-no-school"  # noqa: S105 - what the fake asks for, and no test may find in a log
CODES = tuple("/ \\ L N I M O G U C C1 C2 D E F H J J1 K P R S T V X Y Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z B Q #".split())
Place = tuple[str, Session]


@dataclass(frozen=True)
class Entry:
    """One mark that came to stand in the register: whose hand, where, what, and what stood there before by whom."""

    by: str
    student: str
    session: Session
    code: Code
    before: Code
    before_by: str


@dataclass
class Writeback:
    """One write that was taken; it lands once it was polled often enough."""

    marks: list[Entry]
    polls_left: int
    fails: str = ""
    status: str = "pending"
    reads: int = 0


@dataclass
class FakeWonde:
    """One school. `clock` moves by itself, a second at each change. What a test wants otherwise it sets.

    `settles_after`: polls until a write lands; 0: at once. `lands_after_reads`: how often marks are read until one
    lands for which nobody asks; 0: never. `fails` are students whose writes come to nothing, each with why. `pages_by`
    is `page` or `cursor`. `elsewhere` makes this the wrong region's address. A school without `own_codes` has Wonde's.
    """

    pupils: Sequence[Pupil]
    leavers: Sequence[Pupil] = ()
    codes: Sequence[Code] = CODES
    own_codes: bool = True
    allows_writeback: bool = True
    elsewhere: bool = False
    settles_after: int = 0
    lands_after_reads: int = 0
    fails: Mapping[str, str] = field(default_factory=dict)
    locked: frozenset[date] = frozenset()
    pages_by: str = "page"
    largest_page: int = 200
    says_updated: bool = True
    busy: list[str | None] = field(default_factory=list)
    clock: datetime = datetime(2026, 11, 9, 8, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.enrol(self.pupils)
        self.code_ids = {code: f"ACODE{n}" for n, code in enumerate(["-", *self.codes])}
        self.held: dict[Place, tuple[Code, str, datetime]] = {}
        self.log: list[Entry] = []
        self.writebacks: dict[str, Writeback] = {}
        self.deletions: list[Row] = []
        self.former: dict[PupilId, str] = {}
        self.after_landing: Callable[[str, Session], None] = lambda *_: None

    def enrol(self, pupils: Sequence[Pupil]) -> None:
        """Put these on roll, each with an id of Wonde's."""
        self.pupils = pupils
        self.ids = {p.id: f"A{9000 + n}" for n, p in enumerate([*pupils, *self.leavers])}

    def mark(self, pupil: PupilId, session: Session, code: Code, by: str = "teacher") -> None:
        """A person, or the MIS itself, enters a mark."""
        self._enter(self.ids[pupil], session, code, by)

    def fill(self, marks: Mapping[tuple[PupilId, Session], Code]) -> None:
        """Marks that stand there from the start, each since its own day."""
        for (pupil, session), code in marks.items():
            at = datetime.combine(session.day, self.clock.timetz())
            self.held[self.ids[pupil], session] = (code, "history", at)

    def code(self, pupil: PupilId, session: Session) -> Code:
        """What the register shows; empty where it holds nothing."""
        return self.held.get((self.ids[pupil], session), ("", "", self.clock))[0]

    @property
    def writes(self) -> list[Entry]:
        """Every write of ours that landed, in order."""
        return [entry for entry in self.log if entry.by == "sync"]

    @property
    def taken(self) -> list[Entry]:
        """Every write of ours that was taken, whether or not it landed: what stood there when it came, and by whom."""
        return [mark for writeback in self.writebacks.values() for mark in writeback.marks]

    def leave_and_return(self, pupil: PupilId) -> None:
        """The pupil gets another id; what was marked under the old one stays there, and the old one was deleted."""
        old = self.ids[pupil]
        self.deletions.append(
            {"type": "student", "id": old, "deleted_at": date_object(self.clock), "restored_at": None}
        )
        self.leavers = [*self.leavers, *(p for p in self.pupils if p.id == pupil)]
        self.former[pupil] = old
        self.ids[pupil] = f"{old}B"

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Any, home: str) -> tuple[int, Any]:
        """The status and the JSON of one request below `/v1.0/`."""
        with self.lock:
            root, _, rest = path.strip("/").partition("/")
            if root == "writebacks":
                return self._writeback(rest)
            if root == "attendance-codes":
                return 200, {"data": [] if self.own_codes else list(self._code_rows())}
            if root != "schools" or not rest.startswith(SCHOOL):
                return 404, {"error": "no such resource"}
            name = rest.removeprefix(SCHOOL).strip("/")
            if not name:
                return 200, {"data": self._school()}
            if method == "POST":
                return self._post(body) if name == "attendance/session" else (404, {"error": "no such resource"})
            if name == "attendance/session" and self.lands_after_reads:
                self._by_itself()
            rows = self._rows(name, query)
            return (404, {"error": "no such resource"}) if rows is None else (200, self._page(rows, query, home + path))

    def _rows(self, name: str, query: Mapping[str, str]) -> list[Row] | None:
        if self.elsewhere:
            return []
        lists: dict[str, Callable[[], Iterable[Row]]] = {
            "students": lambda: (self._student(p) for p in self.pupils),
            "students-leaver": lambda: (self._student(p, former=True) for p in self.leavers),
            "students-pre-admission": lambda: (),
            "attendance-codes": lambda: self._code_rows() if self.own_codes else (),
            "attendance/session": lambda: self._attendance(query, leavers=False),
            "attendance-leavers/session": lambda: self._attendance(query, leavers=True),
            "attendance-summaries": lambda: (
                {"id": i, "student": i, "possible_marks": None} for i in self.ids.values()
            ),
            "deletions": lambda: self.deletions,
        }
        return list(lists[name]()) if name in lists else None

    def _student(self, pupil: Pupil, former: bool = False) -> Row:
        id = self.former.get(pupil.id, self.ids[pupil.id]) if former else self.ids[pupil.id]
        row = student_row(pupil, id, self.clock)
        return {**row, "contacts": {"data": [contact_row(contact) for contact in pupil.contacts]}}

    def _code_rows(self) -> Iterable[Row]:
        for code, id in self.code_ids.items():
            yield {"id": id, "code": code, "description": f"made up: {code}", "type": "made up"}

    def _attendance(self, query: Mapping[str, str], *, leavers: bool) -> Iterable[Row]:
        first = date.fromisoformat(query.get("attendance_date_from", f"{date.min}"))
        last = date.fromisoformat(query.get("attendance_date_to", f"{date.max}"))
        after = query.get("updated_after", "")
        gone = {self.former.get(p.id, self.ids[p.id]) for p in self.leavers}
        # A year of a school's marks is asked for a fortnight at a time: what is not asked for is not sorted.
        places = [place for place in self.held if first <= place[1].day <= last and (place[0] in gone) is leavers]
        for student, session in sorted(places, key=lambda place: (place[1], place[0])):
            code, by, at = self.held[student, session]
            if not after or f"{at:%Y-%m-%d %H:%M:%S}" >= after:
                yield self._mark_row(student, session, code, by, at)

    def _mark_row(self, student: str, session: Session, code: Code, by: str, at: datetime) -> Row:
        row = {
            "id": f"{student}-{session}",
            "date": date_object(datetime.combine(session.day, datetime.min.time()), "Europe/London"),
            "session": session.period.value,
            "student": student,
            "employee": None if by == "sync" else "A1",
            "attendance_code": self.code_ids[code or "-"],
            "comment": None,
        }
        return {**row, "updated_at": date_object(at)} if self.says_updated else row

    def _page(self, rows: Sequence[Row], query: Mapping[str, str], url: str) -> Row:
        size = min(int(query.get("per_page", "50")), self.largest_page)
        if len(rows) <= size:
            return {"data": rows}
        place = int(query.get(self.pages_by, "0" if self.pages_by == "cursor" else "1"))
        low = place if self.pages_by == "cursor" else (place - 1) * size
        step = low + size if self.pages_by == "cursor" else place + 1
        kept = "&".join(f"{key}={value}" for key, value in {**query, self.pages_by: str(step)}.items())
        more = low + size < len(rows)
        pagination = {"next": f"{url}?{kept.replace(' ', '%20')}" if more else None, "more": more, "per_page": size}
        return {"data": rows[low : low + size], "meta": {"pagination": pagination}}

    def _school(self) -> Row:
        domain = "api-af-south-1.wonde.com" if self.elsewhere else "127.0.0.1"
        return {
            "id": SCHOOL,
            "name": "Example Lower School",
            "mis": "A made-up MIS",
            "extended": {"allows_writeback": self.allows_writeback},
            "region": {"code": "GBR", "domain": domain},
        }

    def _post(self, body: Any) -> tuple[int, Any]:
        if not self.allows_writeback:
            return 403, {"message": "write-back is not allowed"}
        letters = {id: code for code, id in self.code_ids.items()}
        marks = []
        for row in body["attendance"]:
            session = Session(date.fromisoformat(row["date"]), Period(row["session"]))
            code = letters.get(row["attendance_code_id"])
            if code is None or row["student_id"] not in self.ids.values() or session.day in self.locked:
                return 422, {"message": "the register is locked, or an id is not known", "errors": {}}
            before, by, _ = self.held.get((row["student_id"], session), ("", "", self.clock))
            marks.append(Entry("sync", row["student_id"], session, code, before, by))
        id = f"W{len(self.writebacks) + 1}"
        why = next((self.fails[mark.student] for mark in marks if mark.student in self.fails), "")
        self.writebacks[id] = Writeback(marks, self.settles_after, why)
        self._settle(self.writebacks[id])
        return 200, {"writeback_id": id}

    def _writeback(self, id: str) -> tuple[int, Any]:
        found = self.writebacks.get(id)
        if found is None:
            return 404, {"error": "no such write-back"}
        found.polls_left -= 1
        self._settle(found)
        return 200, {"data": {"id": id, "status": found.status, "message": found.fails if found.fails else ""}}

    def work_off(self) -> None:
        """Whatever is under way lands, or comes to nothing."""
        with self.lock:
            for found in self.writebacks.values():
                found.polls_left = 0
                self._settle(found)

    def _by_itself(self) -> None:
        for found in self.writebacks.values():
            found.reads += 1
            if found.reads >= self.lands_after_reads:
                found.polls_left = 0
                self._settle(found)

    def _settle(self, found: Writeback) -> None:
        if found.status != "pending" or found.polls_left > 0:
            return
        if any(self.held.get((m.student, m.session), ("",))[0] != m.before for m in found.marks):
            found.fails = found.fails or "the mark was changed meanwhile"
        found.status = "failed" if found.fails else "complete"
        for mark in () if found.fails else found.marks:
            self._enter(mark.student, mark.session, mark.code, "sync")
            self.after_landing(mark.student, mark.session)

    def derive_away(self, student: str, session: Session) -> None:
        """The MIS works a mark out anew from its other registers, and the one that was written is gone."""
        self._enter(student, session, "", "derived")

    def _enter(self, student: str, session: Session, code: Code, by: str) -> None:
        self.clock += timedelta(seconds=1)
        before, before_by, _ = self.held.get((student, session), ("", "", self.clock))
        self.log.append(Entry(by, student, session, code, before, before_by))
        self.held[student, session] = (code, by, self.clock)
