"""Kills a real process at the n-th step of a pass, for n = 1, 2, 3 … until a pass completes, and judges what is left.

Run as `python kill_driver.py FOLDER [--every N] [--mutant NAME] [--lose-every K]`; prints JSON.

A step is a statement or a commit of the database, or a file opened, renamed or synced. Each point is a
process of its own, forked from one that has made a pass, so that what a first pass imports and compiles is paid for
once. After the kill a teacher enters one mark
between the next pull and the next write; three more passes are made, and a person takes up again what never
arrived. What was really written is judged by the dummy MIS's own journal, and what is stored by what an
undisturbed school stores.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import forks
import unsynced  # noqa: F401 - waits for no disk
from forks import in_child, no_pdf
from sqlalchemy import event
from sqlalchemy.engine import Engine

from mbls_sync.contracts import Adapter, Page, Resource
from mbls_sync.delivery.marks import MarkDesk
from mbls_sync.engine import apply
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.deliveries import MarkKey, MarkWrite, PushResult, State
from mbls_sync.model.happenings import Direction, SignIn
from mbls_sync.model.marks import Mark, PupilId
from mbls_sync.model.registers import PageGrid
from mbls_sync.model.sessions import Period, Session
from mbls_sync.store import audit, cursors, ledger, outbox, registers
from mbls_sync.store.database import Store
from mbls_sync.testing.builders import a_parameter, a_pupil
from mbls_sync.testing.fake_mis import FakeMis
from mbls_sync.testing.fake_school import NO_CAP, FakeSchool, a_fake_school
from mbls_sync.testing.small_rules import SMALL_RULES, school_day

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)
EDITED = PupilId("2T-6")
"""The pupil whose mark a teacher enters between a pull and a write."""
MUTANTS = ("cursor-before-rows", "no-compare", "new-key-per-attempt")
SOURCE = "fake"
ASKED = "task withdrawn 2T-5 CORE-WRITE"
"""The task by which a person was asked about a write that a kill cut short; an undisturbed school has none."""
AUDITED = ("open", "os.rename", "os.remove", "os.mkdir")


@dataclass
class Teacher:
    """An MIS in which a teacher enters a mark just after the marks were pulled, once."""

    mis: FakeMis

    def check(self) -> Any:
        return self.mis.check()

    def pull(self, known: Mapping[str, str]) -> Iterator[Page]:
        yield from self.mis.pull(known)
        done = self.mis.folder / "edited"
        if not done.exists():
            done.touch()
            self.mis.set(EDITED, AM, "I")

    def read(self, keys: Sequence[MarkKey]) -> Mapping[MarkKey, Mark]:
        return self.mis.read(keys)

    def push(self, writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        return self.mis.push(writes)


@dataclass
class CursorFirst:
    """The mutant: the cursor of a page is stored before its rows."""

    inner: Any
    store: Store

    def check(self) -> Any:
        return self.inner.check()

    def pull(self, known: Mapping[str, str]) -> Iterator[Page]:
        for page in self.inner.pull(known):
            with self.store.begin() as tx:
                cursors.save(tx, f"{SOURCE}:{page.stream}", page.cursor)
            yield page

    def read(self, keys: Sequence[MarkKey]) -> Mapping[MarkKey, Mark]:
        return self.inner.read(keys)  # type: ignore[no-any-return] # as the inner adapter answers

    def push(self, writes: Sequence[MarkWrite]) -> Sequence[PushResult]:
        return self.inner.push(writes)  # type: ignore[no-any-return] # as the inner adapter answers


def school_in(folder: Path, url: str, lose_every: int, mutant: str = "", teacher: bool = False) -> FakeSchool:
    """Open the school as a fresh process finds it."""

    def around(mis: FakeMis, store: Store) -> Adapter:
        adapter: Any = Teacher(mis) if teacher else mis
        return CursorFirst(adapter, store) if mutant == "cursor-before-rows" else adapter

    pupils = tuple(a_pupil(f"2T-{n}", class_name="2T") for n in range(1, 7))
    at_once = {"write.confirm_within": a_parameter("write.confirm_within", "count", 0)}
    school = FakeSchool(folder, url, pupils, rules=SMALL_RULES, around=around, made_up={**NO_CAP, **at_once})
    school.happened(Resource.SIGN_INS, SignIn(PupilId("2T-4"), DAY, school_day(DAY, 9, 20).time(), Direction.IN))
    school.mis.faults.lose_answer_every = lose_every
    return school


def prepare(folder: Path, url: str) -> None:
    """The MIS as it stands on the morning, with nothing pulled yet."""
    school = a_fake_school(folder, url, DAY, classes={"2T": 6})
    school.mark(AM, {"2T-1": "/", "2T-2": "/", "2T-3": "/"})
    school.close()


@contextmanager
def killed_at(step: int) -> Iterator[Callable[[], int]]:
    """Kill this very process, with no chance to tidy up, when it takes its n-th step."""
    count = 0

    def one_step(*_: object) -> None:
        nonlocal count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", one_step)
    event.listen(Engine, "commit", one_step)
    sys.addaudithook(lambda name, _: one_step() if name in AUDITED else None)
    yield lambda: count


def mutate(mutant: str) -> None:
    """Make this process the mutant."""
    if mutant == "no-compare":
        MarkDesk._may_write = lambda *_: True  # type: ignore[method-assign] # the mutant
    elif mutant == "new-key-per-attempt":
        vars(apply)["key_of"] = lambda *_: uuid.uuid4().hex


def passes(
    folder: Path, url: str, minutes: Sequence[int], lose_every: int, mutant: str, kill: int, teacher: bool
) -> None:
    """Passes at so many minutes past nine; killed at step `kill`, 0 for never."""
    mutate(mutant)
    with killed_at(kill):
        school = school_in(folder, url, lose_every, mutant, teacher)
        for minute in minutes:
            school.run(school_day(DAY, 9, minute))
            take_up_again(school)
        school.close()


def take_up_again(school: FakeSchool) -> None:
    """What a person does about a write that never arrived: look in the MIS, then `outbox retry`."""
    with school.store.begin() as tx:
        for effect in outbox.load(tx, states=(State.UNKNOWN,)):
            outbox.move(tx, effect.key, State.PLANNED, reason="seen", now=effect.changed_at, expect=(State.UNKNOWN,))


def what_is_stored(folder: Path, url: str) -> dict[str, Any]:
    """The state that two schools must share: effects without their moments, marks, and proofs of the store."""
    school = school_in(folder, url, 0)
    try:
        with school.store.read() as tx:
            held = registers.load(tx, AcademicYear.of(DAY))
            wrong = [*ledger.verify(tx).problems, *audit.verify(tx)]
        rows = Counter(f"{e.kind} {e.state} {e.pupil} {e.because.rule}" for e in school.effects())
        in_mis = {f"{p} {s}": code for (p, s), code in school.mis.everything().items() if code}
        here = {
            f"{pupil} {PageGrid(held.year).session(slot)}": held.encoding.code(byte)
            for pupil, page in held.pages.items()
            for slot, byte in enumerate(page)
            if byte
        }
        return {
            "rows": dict(sorted(rows.items())),
            "wrong": wrong,
            "lost": sorted(set(in_mis.items()) ^ set(here.items())),
        }
    finally:
        school.close()


def judge(folder: Path, url: str, wanted: dict[str, Any]) -> list[str]:
    """What is wrong after a kill and a restart, in words."""
    mis = FakeMis(folder / "mis")
    found = what_is_stored(folder, url)
    problems = [*found["wrong"]]
    if found["lost"]:
        problems.append(f"{len(found['lost'])} marks differ between MIS and store")
    twice = [where for where, count in Counter((p, s) for p, s, _ in mis.writes).items() if count > 1]
    problems += [f"{pupil} {session} was written twice" for pupil, session in twice]
    if mis.code(EDITED, AM) != "I":
        problems.append("a teacher's mark was overwritten")
    for name in {**found["rows"], **wanted["rows"]}:
        if (
            EDITED not in name
            and not name.startswith(ASKED)
            and found["rows"].get(name, 0) != wanted["rows"].get(name, 0)
        ):
            problems.append(f"{name}: {found['rows'].get(name, 0)} instead of {wanted['rows'].get(name, 0)}")
    return problems


def warm_up(folder: Path) -> None:
    """Import, compile and read once what every process would: they are forked from this one."""
    url = f"sqlite:///{folder}/db.sqlite3"
    prepare(folder, url)
    school = school_in(folder, url, 0)
    with no_pdf():
        school.run(school_day(DAY, 9, 21))
    school.close()
    shutil.rmtree(folder)
    forks.ready()


def sweep(chosen: argparse.Namespace) -> dict[str, Any]:
    """Every n-th kill point until a pass completes."""
    folder, lose_every, mutant = chosen.folder, chosen.lose_every, chosen.mutant
    warm_up(folder / "warm")
    calm = folder / "calm"
    calm_url = f"sqlite:///{calm}/db.sqlite3"
    in_child(partial(prepare, calm, calm_url))
    # The undisturbed school is never the mutant, and meets the same teacher.
    in_child(partial(passes, calm, calm_url, (21,), lose_every, "", 0, False))
    in_child(partial(passes, calm, calm_url, (26, 31, 36), lose_every, "", 0, True))
    wanted = what_is_stored(calm, calm_url)
    failures: dict[int, list[str]] = {}
    step, points = chosen.first, 0
    while points < chosen.most:
        place = folder / f"kill-{step}"
        url = f"sqlite:///{place}/db.sqlite3"
        in_child(partial(prepare, place, url))
        first = in_child(partial(passes, place, url, (21,), lose_every, mutant, step, False))
        rest = in_child(partial(passes, place, url, (26, 31, 36), lose_every, mutant, 0, True))
        problems = [f"the restarted process ended with {rest}"] if rest else judge(place, url, wanted)
        if first not in (0, -signal.SIGKILL):
            problems.append(f"the killed process ended with {first}")
        if problems:
            failures[step] = problems
        points += 1
        shutil.rmtree(place)
        if first == 0:
            break
        step += chosen.every
    return {"points": points, "last_step": step, "failures": failures, "wanted": wanted["rows"]}


def main() -> None:
    """Read the command line, sweep, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--mutant", choices=MUTANTS, default="")
    parser.add_argument("--lose-every", type=int, default=0)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--most", type=int, default=100_000)
    chosen = parser.parse_args()
    print(json.dumps(sweep(chosen)))


if __name__ == "__main__":
    main()
