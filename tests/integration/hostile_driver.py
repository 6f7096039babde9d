"""Pull, plan and apply against a hostile MIS over HTTP, with a killed process in each run; the MIS's own log judges.

Run as `hostile_driver.py FOLDER [--runs 200] [--first SEED] [--every N] [--mutant NAME]`; prints the tally as JSON.

Each run has its own MIS in a process of its own, and trouble drawn by its seed. One process is killed at a step
drawn by the seed, others go on through the trouble; then the MIS is calm, and what is left is judged: nothing lost,
nothing written twice, no mark of a person overwritten, no secret at another host.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import Request as Ask
from urllib.request import urlopen

from forks import in_child
from kill_driver import CursorFirst, killed_at
from mbls_adapter_wonde.adapter import WondeSchool
from mbls_adapter_wonde.options import Options
from werkzeug import Request, Response

from mbls_sync.contracts import Given, Resource
from mbls_sync.delivery.mark_moves import Moves
from mbls_sync.delivery.marks import MarkDesk
from mbls_sync.mis_http.connector import Connector
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.deliveries import Kind, State
from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Period, Session
from mbls_sync.store import audit, ledger, registers
from mbls_sync.store.database import Store
from mbls_sync.testing.builders import ZONE, a_pupil, the_calendar
from mbls_sync.testing.fake_mis import FakeMis
from mbls_sync.testing.fake_school import FakeSchool
from mbls_sync.testing.fake_wonde import SCHOOL, TOKEN, FakeWonde
from mbls_sync.testing.filling import presence
from mbls_sync.testing.hostile_mis import Hostile
from mbls_sync.testing.small_rules import BLANK_IS_N, CALL_HOME, NOT_TAKEN, school_day
from mbls_sync.testing.wonde_server import serving

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)
SINCE = DAY - timedelta(weeks=2)
PUPILS = tuple(a_pupil(f"2T-{n}", upn=f"2T-{n}", class_name="2T") for n in range(1, 13))
BLANK = tuple(pupil.id for pupil in PUPILS[7:])
"""Those without a mark when the register closes."""
UNTIL = "Mon, 09 Nov 2026 09:40:00 GMT"
STORMY, CALM = ((9, 16), (9, 21), (9, 31), (10, 0)), tuple((11, minute) for minute in (10, 22, 34, 46))
STEPS = (300, 90, 60, 30)
"""Steps that a pass takes at least, roughly; among them a kill is drawn. Where one came too late, the next dies."""
MUTANTS = ("no-compare", "resend-on-lost-answer", "cursor-before-rows")


def serve(seed: int, tell: int) -> None:
    """Be the MIS of one run, for ever; its address goes to the pipe `tell`."""
    fake = FakeWonde(PUPILS, says_updated=seed % 3 != 0, largest_page=50)
    held = presence(the_calendar(), SINCE, DAY - timedelta(days=1))
    fake.fill({(pupil.id, session): code for pupil in PUPILS for session, code in held.items()})
    fake.fill({(pupil.id, AM): "/" for pupil in PUPILS[:7]})
    leaked: list[str] = []

    def elsewhere(request: Request, _: Any) -> Response:
        leaked.append(request.path)
        return Response(status=404)

    with serving(FakeWonde(()), elsewhere) as other:
        hostile = Hostile(fake, seed, AM, BLANK[:3], other.removesuffix("/v1.0"), UNTIL)

        def answer(request: Request, wonde: Any) -> Response:
            if request.path.endswith("/_calm"):
                hostile.calm = True
                fake.work_off()
            if "/_" in request.path:
                return Response(json.dumps(_state(fake, hostile, leaked)))
            return hostile(request, wonde)

        with serving(fake, answer) as url:
            os.write(tell, url.encode())
            os.close(tell)
            signal.pause()


def _state(fake: FakeWonde, hostile: Hostile, leaked: list[str]) -> dict[str, Any]:
    whose = {id: pupil for pupil, id in fake.ids.items()}
    taken = [{**asdict(entry), "session": str(entry.session), "pupil": whose[entry.student]} for entry in fake.taken]
    edits = [whose[entry.student] for entry in fake.log if entry.by == "teacher"]
    held = {f"{whose[student]} {session}": code for (student, session), (code, _, _) in fake.held.items() if code}
    return {"taken": taken, "edits": edits, "held": held, "did": hostile.did, "leaked": leaked}


@contextmanager
def an_mis(seed: int) -> Iterator[str]:
    """The address of one run's MIS, in a process of its own."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        serve(seed, write)
        os._exit(0)
    os.close(write)
    url = os.read(read, 200).decode()
    os.close(read)
    try:
        yield url
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def school_in(folder: Path, url: str, seed: int, moment: Any, mutant: str, kill: int = 0) -> FakeSchool:
    """Our side, as a fresh process finds it."""

    def around(_: FakeMis, store: Store) -> Any:
        clock = lambda: moment.replace(tzinfo=ZONE)  # noqa: E731 - the shape of a clock
        given = Given(folder, the_calendar(), clock, _no_sleep, Connector(clock, _no_sleep))
        own = {"base_url": url, "since": SINCE, "read_timeout": 2.0, "attempts": 2, "recomputes": seed % 2 == 1}
        chosen = Options.model_validate({"school": SCHOOL, "token": TOKEN, "marks_per_call": 1 + seed % 3, **own})
        adapter = WondeSchool(chosen, given)
        return cursor_first(adapter, store, kill) if mutant == "cursor-before-rows" else adapter

    rules = (CALL_HOME, BLANK_IS_N, NOT_TAKEN)
    return FakeSchool(folder, f"sqlite:///{folder}/db.sqlite3", rules=rules, around=around)


def cursor_first(adapter: WondeSchool, store: Store, kill: int) -> Any:
    """The mutant that stores a page's cursor before its rows; it dies in between, at the first page of marks."""
    pages = CursorFirst(_Pulls(adapter.pull), store).pull

    def pull(known: Any) -> Iterator[Any]:
        for page in pages(known):
            if kill and page.resource is Resource.MARKS:
                os.kill(os.getpid(), signal.SIGKILL)
            yield page

    adapter.pull = pull  # type: ignore[method-assign] # the mutant
    return adapter


class _Pulls:
    def __init__(self, pull: Any) -> None:
        self.pull = pull


def mutate(mutant: str) -> None:
    """Make this process the mutant."""
    if mutant == "no-compare":
        MarkDesk._may_write = lambda *_: True  # type: ignore[method-assign] # the mutant
    if mutant == "resend-on-lost-answer":
        settle = Moves.settle

        def resend(self: Moves, asked: Any, to: State, reason: str, receipt: str | None = None) -> None:
            settle(self, asked, State.PLANNED if to is State.UNKNOWN else to, reason, receipt)

        Moves.settle = resend  # type: ignore[method-assign] # the mutant


def one_pass(folder: Path, url: str, seed: int, at: tuple[int, int], mutant: str, kill: int) -> None:
    """Pull, plan and apply; killed at step `kill`, 0 for never."""
    mutate(mutant)
    moment = school_day(DAY, *at)
    with killed_at(0 if mutant == "cursor-before-rows" else kill):
        school = school_in(folder, url, seed, moment, mutant, kill)
        school.run(moment)
        school.close()


def run(folder: Path, seed: int, mutant: str) -> tuple[list[str], Counter[str]]:
    """One seeded run; what is wrong, in words, and what happened, counted."""
    folder.mkdir(parents=True)
    with an_mis(seed) as url:
        drawn, wrong, killed = Random(f"{seed} kill"), [], 0
        for number, at in enumerate((*STORMY, *CALM)):
            if at == CALM[0]:
                ask(url, "/_calm")
            # The killed process may be any of the stormy ones: the first load is not the only moment to die.
            dies = at in STORMY and number >= seed % len(STORMY) and not killed
            kill = drawn.randrange(1, STEPS[number]) if dies else 0
            ended = in_child(partial(one_pass, folder, url, seed, at, mutant, kill))
            killed += ended == -signal.SIGKILL
            if ended not in (0, -signal.SIGKILL):
                wrong.append(f"a process ended with {ended}")
        state = ask(url, "/_state")
    problems, tally = judge(folder, state)
    tally["killed"] = killed
    shutil.rmtree(folder)
    return [*wrong, *problems], tally + Counter(state["did"])


def judge(folder: Path, state: dict[str, Any]) -> tuple[list[str], Counter[str]]:
    """What the MIS's log and our store say."""
    school = FakeSchool(folder, f"sqlite:///{folder}/db.sqlite3")
    try:
        with school.store.read() as tx:
            held = registers.load(tx, AcademicYear.of(DAY))
            wrong = [*ledger.verify(tx).problems, *audit.verify(tx)]
        stored = {
            f"{pupil} {held.grid.session(slot)}": held.encoding.code(byte)
            for pupil, page in held.pages.items()
            for slot, byte in enumerate(page)
            if byte
        }
        marks = {effect.pupil: effect for effect in school.effects() if effect.kind is Kind.MARK}
        asked = {pupil for kind, pupil in school.open_tasks() if kind.startswith("mark-")}
    finally:
        school.close()
    twice = [place for place, n in Counter((e["pupil"], e["session"]) for e in state["taken"]).items() if n > 1]
    over = [e for e in state["taken"] if e["before_by"] == "teacher" and e["before"] not in ("", "N")]
    tally: Counter[str] = Counter(runs=1, writes=len(state["taken"]), edits=len(state["edits"]))
    wrong += [f"{place} was written twice" for place in twice]
    wrong += [f"{entry['pupil']}: a teacher's {entry['before']} was overwritten" for entry in over]
    wrong += [f"{path} was asked of another host" for path in state["leaked"]]
    if differing := set(stored.items()) ^ set(state["held"].items()):
        wrong.append(f"{len(differing)} marks differ between MIS and store")
    for pupil in BLANK:
        wrong += _fate(pupil, state["held"].get(f"{pupil} {AM}", ""), marks.get(pupil), pupil in asked, tally)
    return wrong, tally


def _fate(pupil: PupilId, shown: str, effect: Any, is_asked: bool, tally: Counter[str]) -> list[str]:
    """Every blank came to an end: written and shown, entered by a teacher, or a person is asked about it."""
    if shown == "N" and effect is not None:
        tally["verified" if effect.state is State.VERIFIED else f"shown, {effect.state}"] += 1
    elif is_asked:
        tally["asked of a person"] += 1
    elif shown not in ("", "N"):
        tally["entered by a teacher"] += 1
    else:
        known = f"{effect.state} ({effect.reason})" if effect else "never planned"
        return [f"{pupil} is lost: the MIS shows {shown or 'no mark'}, ours is {known}"]
    return []


def ask(url: str, path: str) -> dict[str, Any]:
    """What the run's MIS says of itself."""
    with urlopen(Ask(url + path), timeout=60) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def _no_sleep(_: float) -> None:
    """Waits for nothing."""


def warm_up(folder: Path) -> None:
    """Import and read once what every process of every run would: they are forked from this one."""
    folder.mkdir(parents=True)
    moment = school_day(DAY, *CALM[-1])
    with serving(FakeWonde(PUPILS)) as url:
        school = school_in(folder, url, 1, moment, "")
        school.run(moment)
        school.close()
    shutil.rmtree(folder)


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--mutant", choices=MUTANTS, default="")
    chosen = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    warm_up(chosen.folder / "warm")
    began, tally, failures = time.monotonic(), Counter[str](), {}
    for seed in range(chosen.first, chosen.first + chosen.runs * chosen.every, chosen.every):
        wrong, counted = run(chosen.folder / f"run-{seed}", seed, chosen.mutant)
        tally += counted
        if wrong:
            failures[seed] = wrong
            print(seed, *wrong, sep="\n  ", file=sys.stderr)
    print(json.dumps({"tally": tally, "failures": failures, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()
