"""All rules over one school and over a hundred, and the replay of a year that was pulled twice a day.

    python tests/bench/bench_replay.py

The hundred schools are the demo's, one after another in one process, as a machine that serves a trust would take
them. The year replayed is the one before the demo's: 400 pupils, every school day's registers pulled at the close of
the morning and of the afternoon, so that the ledger is as long as a real one. Times are printed beside their aims,
never asserted; that two replays come to the same, and that a walk through the year shows the worlds that single
days show, is.
"""

# ruff: noqa: PLC0415 - a process that only starts the others must not hold what it does not need
from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter as time_now
from typing import Any

AIMS = {"one": 0.3, "year": 60.0}
SCHOOLS, ROUNDS = 100, 5
FIRST, LAST = date(2025, 9, 1), date(2026, 7, 31)


def make(folder: Path) -> dict[str, Any]:
    """The demo's school, and the same school with its last year pulled twice a day instead of at once."""
    import pass_school

    pass_school.make_demo(folder / "whole")
    return {"pulls": _pulled_by_day(folder / "whole", folder / "daily")}


def _pulled_by_day(whole: Path, daily: Path) -> int:
    import pass_school

    from mbls_sync.model.calendar import AcademicYear
    from mbls_sync.store import inputs, registers

    shutil.copytree(whole, daily, ignore=shutil.ignore_patterns("data", "out", "inbox"))
    office = pass_school.office_at(daily)
    with pass_school.office_at(whole).store() as old, office.store() as new:
        with old.read() as tx:
            pages, known = registers.load(tx, AcademicYear.of(FIRST)), registers.encoding(tx)
            items = [*_roll(inputs.roll(tx)), *inputs.events(tx), *inputs.messages(tx), *inputs.requests(tx)]
        with new.begin() as tx:
            registers.grow_encoding(tx, known.pairs.values())
            inputs.append(tx, items, datetime.combine(FIRST, time(7), tzinfo=office.zone), "made up")
        return sum(_pull(new, pages, session, office.zone) for session in office.calendar.sessions(FIRST, LAST))


def _roll(pupils: Any) -> Iterator[Any]:
    """Each pupil as an adapter gives one: the contacts, flags and patterns beside it."""
    from dataclasses import replace

    from mbls_sync.contracts import ContactsOf, FlagsOf, PatternsOf

    for pupil in pupils:
        yield replace(pupil, contacts=(), flags=(), patterns=())
        yield ContactsOf(pupil.id, pupil.contacts)
        yield FlagsOf(pupil.id, pupil.flags)
        yield PatternsOf(pupil.id, pupil.patterns)


def _pull(store: Any, pages: Any, session: Any, zone: Any) -> int:
    from mbls_sync.model.registers import EMPTY_PAGE
    from mbls_sync.model.sessions import Period
    from mbls_sync.pipeline.world import PULLED_AT
    from mbls_sync.store import meta, registers
    from mbls_sync.store.registers import PageChange

    slot = pages.grid.slot(session)
    seen = datetime.combine(session.day, time(9, 15) if session.period is Period.AM else time(15), tzinfo=zone)
    with store.begin() as tx:
        held = registers.load(tx, pages.year).pages
        changes = [
            PageChange(pupil, pages.year, before, before[:slot] + page[slot : slot + 1] + before[slot + 1 :])
            for pupil, page in pages.pages.items()
            for before in (held.get(pupil, EMPTY_PAGE),)
        ]
        registers.apply(tx, changes, seen, "made up")
        meta.put(tx, PULLED_AT, seen.isoformat())
    return 1


def judged(folder: Path) -> dict[str, Any]:
    """Seconds of all rules over one school, the median of several, and over a hundred, with the memory of it."""
    import pass_school

    from mbls_sync.engine.apply import judge
    from mbls_sync.pipeline.world import build_world

    office = pass_school.office_at(folder / "whole")
    with office.store() as store:
        given = office.inputs(store, frozenset())
        with store.read() as tx:
            world = build_world(tx, given, given.now())
        rules, times = given.registry.rules, []
        for _ in range(ROUNDS):
            times.append(_timed(lambda: judge(world, rules, str)))
        alone = _peak()
        every = _timed(lambda: [len(_school_of(judge, world, rules, n)) for n in range(SCHOOLS)])
    return {
        "rules": len(given.registry.bound),
        "one": statistics.median(times),
        "hundred": every,
        "alone_mb": alone,
        "peak_mb": _peak(),
    }


def _school_of(judge: Any, world: Any, rules: Any, number: int) -> Any:
    from dataclasses import replace

    school = replace(world.school, id=f"school-{number}")
    return judge(replace(world, school=school), rules, str).judged.decisions


def replayed(folder: Path) -> dict[str, Any]:
    """Seconds of a replayed year, and what it came to."""
    import pass_school

    from mbls_sync.cli.replay_jobs import Job, all_done
    from mbls_sync.engine.replayed import gathered, opened
    from mbls_sync.pipeline.past import Past
    from mbls_sync.pipeline.replay import LOOKS, looks_in_force, moments
    from mbls_sync.pipeline.world import build_world

    office = pass_school.office_at(folder / "daily")
    when = moments(office.calendar, FIRST, LAST, looks_in_force(office.policy(LAST).text(LOOKS)))
    job = Job(office.settings.folder, (), None, False, when)
    start = time_now()
    (looks,) = all_done([job])
    seconds = time_now() - start
    asked = opened(gathered(looks), FIRST)
    counts = Counter(str(one.sort) for one in asked)
    with office.store() as store, store.read() as tx:
        given = office.inputs(store, frozenset())
        past = Past(tx, given, when[0], when[-1])
        same = all(past.world(at) == build_world(tx, given, at, at=at) for at in when[:: len(when) // 6])
    return {"seconds": seconds, "looks": len(when), "asked": dict(sorted(counts.items())), "same_worlds": same}


def _timed(work: Callable[[], object]) -> float:
    start = time_now()
    work()
    return time_now() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(task: str, folder: Path) -> dict[str, Any]:
    """Run one task of this script in a process of its own."""
    done = subprocess.run([sys.executable, __file__, task, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{task} failed:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> int:
    """Make the schools, ask, and print."""
    with tempfile.TemporaryDirectory(prefix="mbls-bench-") as name:
        folder = Path(name)
        pulls = child("make", folder)["pulls"]
        told = child("judged", folder)
        print(f"{told['rules']} rules over 400 pupils at 9.16: {told['one']:.3f} s (aim: less than {AIMS['one']:g} s)")
        print(
            f"over {SCHOOLS} schools, one core: {told['hundred']:.1f} s, {told['hundred'] / SCHOOLS:.3f} s each; peak "
            f"{told['peak_mb']:.0f} MB, {told['peak_mb'] - told['alone_mb']:.0f} MB more than for one"
        )
        first, second = child("replayed", folder), child("replayed", folder)
    seconds = min(first["seconds"], second["seconds"])
    print(f"a year of {pulls} pulls replayed at {first['looks']} moments: {seconds:.1f} s (aim: {AIMS['year']:g} s)")
    print("  " + ", ".join(f"{count} {sort}" for sort, count in first["asked"].items()))
    if first["asked"] != second["asked"] or not first["same_worlds"]:
        print("two replays differ, or a walk shows another world than its days alone")
        return 1
    return 0


TASKS: Mapping[str, Callable[[Path], dict[str, Any]]] = {"make": make, "judged": judged, "replayed": replayed}

if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]))))
        sys.exit(0)
    sys.exit(main())
