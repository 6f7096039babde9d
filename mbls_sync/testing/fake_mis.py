"""A dummy MIS kept in files: it takes marks, forgets answers, refuses, and lets a teacher change things in between.

Every write that lands is appended to a log before its answer is given, and the log survives a killed
process: what a sync really did is judged by what the MIS saw, not by what the sync says.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mbls_sync.contracts import HealthReport, Item, Page, Resource
from mbls_sync.errors import Unreachable
from mbls_sync.model.codes import NO_MARK, Code
from mbls_sync.model.deliveries import Accepted, MarkKey, MarkWrite, PushResult, Refused, Unknown
from mbls_sync.model.marks import Mark, MarkRow, PupilId
from mbls_sync.model.sessions import Session

JOURNAL = "journal.jsonl"
READS = "reads.jsonl"

Line = Mapping[str, object]


@dataclass
class Faults:
    """What goes wrong, counted over the life of the log: 0 is never.

    `lose_answer_every`: the k-th write lands and its answer is lost. `lose_write_every`: the k-th write and
    its answer are both lost. `refuse_every`: the k-th is refused. `edits` are marks a teacher makes just
    after the n-th single read, between our read and our write.
    """

    lose_answer_every: int = 0
    lose_write_every: int = 0
    refuse_every: int = 0
    edits: Mapping[int, tuple[MarkKey, Code]] = field(default_factory=dict)
    unreachable: bool = False


@dataclass
class FakeMis:
    """One school in a folder. Opening the same folder again opens the same school.

    All it knows is one journal, a line a mark entered by whomever: appending that line *is* the write, so no
    kill can fall between a mark and the record of it. Marks are offered in pages of `page_rows` journal
    lines, each with a cursor; then every item of `items`.
    """

    folder: Path
    items: Mapping[Resource, Sequence[Item]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    page_rows: int = 100

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def set(self, pupil: PupilId, session: Session, code: Code) -> None:
        """A person enters a mark."""
        self.set_all({(pupil, session): code})

    def set_all(self, marks: Mapping[tuple[PupilId, Session], Code]) -> None:
        """A person enters many marks."""
        self._append(JOURNAL, [_entry(pupil, session, code, "person") for (pupil, session), code in marks.items()])

    def code(self, pupil: PupilId, session: Session) -> Code:
        """What the MIS holds."""
        return self._marks().get((pupil, session), NO_MARK)

    def everything(self) -> Mapping[tuple[PupilId, Session], Code]:
        """Every mark the MIS holds, blanks among them."""
        return self._marks()

    @property
    def writes(self) -> tuple[tuple[PupilId, Session, Code], ...]:
        """Every write of ours that landed, in order, over all processes."""
        ours = (line for line in self.journal() if line["by"] == "sync" and line["landed"])
        return tuple((*_where(line), str(line["code"])) for line in ours)

    def check(self) -> Iterable[HealthReport]:
        """It is well, unless told to be unreachable."""
        yield HealthReport("fake MIS", not self.faults.unreachable, "a dummy MIS in a folder")

    def pull(self, cursors: Mapping[str, str]) -> Iterator[Page]:
        """The other resources, whole each time; then every mark after the cursor, in pages."""
        self._reach()
        for resource, items in self.items.items():
            yield Page(resource, f"fake:{resource}", f"fake {resource}", str(len(items)), items=tuple(items))
        journal = self.journal()
        for low in range(int(cursors.get("fake:marks") or 0), len(journal), self.page_rows):
            lines = journal[low : low + self.page_rows]
            rows = _latest(_row(line, low + n + 1) for n, line in enumerate(lines) if line["landed"])
            yield Page(Resource.MARKS, "fake:marks", "fake marks", str(low + len(lines)), marks=rows)

    def read(self, keys: Sequence[MarkKey]) -> Mapping[MarkKey, Mark]:
        """The marks held for these keys, at this moment."""
        self._reach()
        marks = self._marks()
        found = {key: Mark(key.pupil, key.session, code) for key in keys if (code := marks.get(_pair(key), NO_MARK))}
        self._append(READS, [{"keys": len(keys)}])
        edit = self.faults.edits.get(len(_lines(self.folder / READS)))
        if edit is not None:
            self.set(edit[0].pupil, edit[0].session, edit[1])
        return found

    def push(self, writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        """Each write once."""
        self._reach()
        return [self._push(write) for write in writes]

    def _push(self, write: MarkWrite) -> PushResult:
        count = 1 + sum(line["by"] == "sync" for line in self.journal())
        refused, lost = _due(self.faults.refuse_every, count), _due(self.faults.lose_write_every, count)
        mark = write.mark
        entry = _entry(mark.pupil, mark.session, mark.code, "sync", landed=not (refused or lost), key=write.key)
        self._append(JOURNAL, [entry])
        if refused:
            return Refused("the register is locked")
        if lost or _due(self.faults.lose_answer_every, count):
            return Unknown("no answer came in time")
        return Accepted(f"fake-{count}")

    def _reach(self) -> None:
        if self.faults.unreachable:
            raise Unreachable("the fake MIS was told to be unreachable; tell it otherwise")

    def journal(self) -> list[Line]:
        """Every line of the journal: ours and those of people, landed or not."""
        return _lines(self.folder / JOURNAL)

    def _marks(self) -> dict[tuple[PupilId, Session], Code]:
        return {_where(line): str(line["code"]) for line in self.journal() if line["landed"]}

    def _append(self, name: str, lines: Sequence[Line]) -> None:
        text = "".join(json.dumps(line) + "\n" for line in lines)
        with (self.folder / name).open("ab", buffering=0) as file:
            file.write(text.encode())
            os.fsync(file.fileno())


def _entry(
    pupil: PupilId, session: Session, code: Code, by: str, *, landed: bool = True, key: str = ""
) -> dict[str, object]:
    return {"pupil": pupil, "session": str(session), "code": code, "by": by, "landed": landed, "key": key}


def _where(line: Line) -> tuple[PupilId, Session]:
    return PupilId(str(line["pupil"])), Session.parse(str(line["session"]))


def _pair(key: MarkKey) -> tuple[PupilId, Session]:
    return key.pupil, key.session


def _row(line: Line, number: int) -> MarkRow:
    pupil, session = _where(line)
    return MarkRow(pupil, session.day, session.period, str(line["code"]), number)


def _latest(rows: Iterable[MarkRow]) -> tuple[MarkRow, ...]:
    """The last word on each mark of a page: an MIS's change feed names a mark once."""
    return tuple({(row.pupil, row.day, row.period): row for row in rows}.values())


def _due(every: int, count: int) -> bool:
    return bool(every) and count % every == 0


def _lines(file: Path) -> list[Line]:
    """The whole lines of a file; one that a killed process left half-written never happened."""
    if not file.exists():
        return []
    whole = file.read_text("utf-8").rpartition("\n")[0]
    return [json.loads(line) for line in whole.splitlines()]
