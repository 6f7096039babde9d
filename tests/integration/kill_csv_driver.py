"""Kills a whole pass over a real drop folder, with the school's real rules, at its n-th step; judges what is left.

Run as `python kill_csv_driver.py FOLDER [--every N] [--second] [--mutant NAME] [--postgres SOCKETS]`; prints
JSON. A step is a statement or a commit of the database, or a file opened for writing, renamed, removed or
synced. Everything that a school would notice is compared with what an undisturbed one has: see `kill_csv_state`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import forks
import psycopg
import unsynced  # noqa: F401 - waits for no disk
from forks import in_child, no_pdf
from kill_csv_school import DAY, drop_at_nine, drop_later, settings_text
from kill_csv_state import differences, what_is_there
from sqlalchemy import event
from sqlalchemy.engine import Engine

from mbls_sync.cli.passes import one_pass
from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.contracts import Page
from mbls_sync.engine import apply
from mbls_sync.intake import pull
from mbls_sync.intake.page import Intake
from mbls_sync.intake.tally import PullReport
from mbls_sync.pipeline.parts import EVERYTHING
from mbls_sync.policy.places import shipped_config
from mbls_sync.store import cursors

LONDON = ZoneInfo("Europe/London")
MUTANTS = ("cursor-before-rows", "moved-before-commit", "new-key-per-attempt")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
SHARED: dict[str, Any] = {}
"""What every pass needs and none changes, read once before the forks."""


@dataclass(frozen=True)
class Case:
    """One school of the sweep."""

    folder: Path
    url: str
    mutant: str = ""

    def prepare(self, *_: object) -> None:
        """Its folder, with the first load in the drop folder."""
        self.folder.mkdir(parents=True)
        (self.folder / "shared").mkdir()
        settings = settings_text(self.url, shipped_config())
        (self.folder / "mbls-sync.toml").write_text(settings, encoding="utf-8")
        drop_at_nine(self.folder / "inbox")

    def office(self, minute: int) -> Office:
        """The office as a process finds it that starts so many minutes past nine."""
        when = datetime(DAY.year, DAY.month, DAY.day, 9, minute, tzinfo=LONDON)
        office = open_office(self.folder, clock=lambda: when)
        if not SHARED:
            parts = ("registry", "calendar", "parameters", "codebook")
            SHARED.update({name: getattr(office, name) for name in parts})
        vars(office).update(SHARED)
        return office

    def run(self, *minutes: int, kill: int = 0) -> int:
        """Passes in a process of its own, killed at step `kill`; how it ended."""
        return in_child(partial(self._passes, minutes, kill))

    def _passes(self, minutes: tuple[int, ...], kill: int) -> None:
        mutate(self.mutant)
        with killed_at(kill):
            for minute in minutes:
                one_pass(self.office(minute), EVERYTHING, "")

    def warm_up(self) -> None:
        """Import, compile and read once what every process would: they are forked from this one."""
        with no_pdf():
            one_pass(self.office(16), EVERYTHING, "")
        forks.ready()

    def later(self) -> None:
        """What comes after nine lies in the drop folder."""
        drop_later(self.folder / "inbox")

    def state(self) -> dict[str, Any]:
        """All that is compared."""
        with self.office(30).store() as store:
            return what_is_there(self.folder, store)


@contextmanager
def killed_at(step: int) -> Iterator[None]:
    """Kill this very process, with no chance to tidy up, when it is about to take its n-th step."""
    count = 0

    def one_step(*_: object) -> None:
        nonlocal count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(name: str, given: tuple[Any, ...]) -> None:
        if name in ("os.rename", "os.remove", "os.mkdir") or (name == "open" and _writes(*given)):
            one_step()

    def synced(_file: Any) -> None:
        one_step()

    event.listen(Engine, "before_cursor_execute", one_step)
    event.listen(Engine, "commit", one_step)
    sys.addaudithook(heard)
    vars(os)["fsync"] = synced
    yield


def _writes(_path: object, mode: str | None, flags: int) -> bool:
    return bool(set(mode or "") & set("wax+")) or (mode is None and bool(flags & WRITES))


def mutate(mutant: str) -> None:
    """Make this process the mutant."""
    take = pull._take

    def moved_first(intake: Intake, adapter: Any, page: Page, stream: str) -> PullReport:
        adapter.committed(page)
        taken = intake.take(page, stream)
        return PullReport((taken.tally,), taken.warnings, taken.bad)

    def cursor_first(intake: Intake, adapter: Any, page: Page, stream: str) -> PullReport:
        with intake.store.begin() as tx:
            cursors.save(tx, stream, page.cursor)
        return take(intake, adapter, page, stream)

    if mutant == "moved-before-commit":
        vars(pull)["_take"] = moved_first
    elif mutant == "cursor-before-rows":
        vars(pull)["_take"] = cursor_first
    elif mutant == "new-key-per-attempt":
        vars(apply)["key_of"] = lambda *_: uuid.uuid4().hex


@contextmanager
def a_case(chosen: argparse.Namespace, name: str, mutant: str = "") -> Iterator[Case]:
    """A school with an empty database of its own, gone afterwards."""
    folder = chosen.folder / name
    database = name.replace("-", "_")
    if not chosen.postgres:
        case = Case(folder, f"sqlite:///{folder}/data/db.sqlite3", mutant)
    else:
        _as_superuser(chosen.postgres, f"CREATE DATABASE {database}")
        case = Case(folder, f"postgresql://postgres@/{database}?host={chosen.postgres}", mutant)
    case.prepare()
    try:
        yield case
    finally:
        if chosen.postgres:
            _as_superuser(chosen.postgres, f"DROP DATABASE {database} WITH (FORCE)")
        if not chosen.keep:
            shutil.rmtree(folder)


def _as_superuser(sockets: Path, statement: str) -> None:
    with psycopg.connect(f"host={sockets} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def one(case: Case, second: bool, kill: int) -> int:
    """A morning of which one pass is killed at step `kill` and made up by the next; how the killed one ended."""
    if not second:
        ended = case.run(16, kill=kill)
        rest = case.run(17)
        case.later()
        rest = rest or case.run(21, 22, 26)
    else:
        rest = case.run(16, 17)
        case.later()
        ended = case.run(21, kill=kill)
        rest = rest or case.run(22, 26)
    if rest:
        raise SystemExit(f"the restarted process ended with {rest}")
    return ended


def sweep(chosen: argparse.Namespace) -> dict[str, Any]:
    """Every n-th kill point until a pass completes."""
    with a_case(chosen, "warm") as warm:
        warm.warm_up()
    with a_case(chosen, "calm") as calm:
        one(calm, chosen.second, 0)
        # The undisturbed school is never the mutant.
        wanted = in_child_value(calm.state, chosen.folder / "calm.json")
    failures: dict[int, list[str]] = {}
    step, points = chosen.first, 0
    while points < chosen.most:
        with a_case(chosen, f"kill-{step}", chosen.mutant) as case:
            ended = one(case, chosen.second, step)
            found = in_child_value(case.state, chosen.folder / "found.json")
        problems = differences(found, wanted)
        if ended not in (0, -signal.SIGKILL):
            problems.append(f"the killed process ended with {ended}")
        if problems:
            failures[step] = problems
        points += 1
        if ended == 0:
            break
        step += chosen.every
    return {"points": points, "last_step": step, "failures": failures, "wanted": wanted}


def in_child_value(work: Any, file: Path) -> Any:
    """What `work` gives, made in a process of its own: an open database must not be shared with the next fork."""
    if ended := in_child(lambda: file.write_text(json.dumps(work()), encoding="utf-8")):
        raise SystemExit(f"looking at what is there ended with {ended}")
    return json.loads(file.read_text(encoding="utf-8"))


def main() -> None:
    """Read the command line, sweep, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--second", action="store_true", help="kill the pass that brings later files, not the first")
    parser.add_argument("--mutant", choices=MUTANTS, default="")
    parser.add_argument("--postgres", type=Path, help="the folder of a server's socket")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--most", type=int, default=100_000)
    parser.add_argument("--keep", action="store_true", help="leave the schools where they lie")
    print(json.dumps(sweep(parser.parse_args())))


if __name__ == "__main__":
    main()
