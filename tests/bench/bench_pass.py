"""A whole pass over the demo's school at 9.16, with the year and the one before in its store, and with ten years.

    python tests/bench/bench_pass.py

The same school day and the same rules; the ten years also hold what they would have left behind: registers and
ledger, leavers, messages, sign-ins, events, closed effects. Each school is asked in a process of its own, by
turns. Times are printed, never asserted; that both come to the same is.
"""

# ruff: noqa: PLC0415 - a process that only starts the others must not hold what it does not need
from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SCHOOLS = ("one year", "ten years")
TURNS, PASSES = 3, 4
AIMS = {"ten years against one": 1.2, "all rules": 0.3}
STEPS = ("a pass with today's register", "a pass with nothing new", "all rules, judged alone")


def make(folder: Path) -> dict[str, Any]:
    """Make both schools."""
    import pass_school

    pass_school.make_demo(folder / SCHOOLS[0])
    pass_school.make_more_years(folder / SCHOOLS[0], folder / SCHOOLS[1])
    return {}


def measure(folder: Path) -> dict[str, Any]:
    """Seconds of each step for one school, the best of several, and what a pass came to."""
    import pass_school

    from mbls_sync.pipeline.one_pass import run_pass

    office = pass_school.office_at(folder)
    with office.store() as store:
        given = office.inputs(store)
        run_pass(given)
        times: dict[str, list[float]] = {step: [] for step in STEPS}
        for number in range(PASSES):
            pass_school.drop_todays_marks(office, store, "L" if number % 2 else "/")
            times[STEPS[0]].append(_timed(lambda: run_pass(given)))
            times[STEPS[1]].append(_timed(lambda: run_pass(given)))
        judged, seconds = _judged(given, store)
        times[STEPS[2]] = seconds
        seen = run_pass(given)
    return {
        "seconds": {step: min(found) for step, found in times.items()},
        "outcome": [judged, len(seen.effects), seen.changed_nothing],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _judged(given: Any, store: Any) -> tuple[int, list[float]]:
    from mbls_sync.engine.apply import judge
    from mbls_sync.pipeline.world import build_world

    with store.read() as tx:
        world = build_world(tx, given, given.now())
    rounds = []
    times = [_timed(lambda: rounds.append(judge(world, given.registry.rules, str))) for _ in range(PASSES)]
    return len(rounds[-1].judged.decisions), times


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def child(task: str, folder: Path) -> dict[str, Any]:
    """Run one task of this script in a process of its own."""
    done = subprocess.run([sys.executable, __file__, task, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{task} failed:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> int:
    """Make the schools, take turns, and print."""
    found: dict[str, list[dict[str, Any]]] = {school: [] for school in SCHOOLS}
    with tempfile.TemporaryDirectory(prefix="mbls-bench-") as name:
        folder = Path(name)
        child("make", folder)
        sizes = {school: _megabytes(folder / school / "data") for school in SCHOOLS}
        print(f"400 pupils at 9.16, best of {TURNS} × {PASSES}", flush=True)
        for _ in range(TURNS):
            for school in SCHOOLS:
                found[school].append(child("measure", folder / school))
    _print(found, sizes)
    outcomes = [told["outcome"] for several in found.values() for told in several]
    if any(outcome != outcomes[0] for outcome in outcomes):
        print(f"the schools do not come to the same: {outcomes}")
        return 1
    print(f"both come to the same: {outcomes[0][0]} decisions, and a second pass changes nothing")
    return 0


def _print(found: Mapping[str, list[dict[str, Any]]], sizes: Mapping[str, float]) -> None:
    print(f"{'':32}" + "".join(f"{school:>12}" for school in SCHOOLS) + f"{'ratio':>9}")
    best = {step: [min(told["seconds"][step] for told in found[school]) for school in SCHOOLS] for step in STEPS}
    for step, (one, ten) in best.items():
        print(f"{step:32}{one:11.3f}s{ten:11.3f}s{ten / one:9.2f}")
    peaks = [max(told["peak_mb"] for told in found[school]) for school in SCHOOLS]
    print(f"{'peak memory':32}{peaks[0]:10.0f}MB{peaks[1]:10.0f}MB{peaks[1] / peaks[0]:9.2f}")
    print(f"{'the store on disk':32}{sizes[SCHOOLS[0]]:10.0f}MB{sizes[SCHOOLS[1]]:10.0f}MB")
    one, ten = best[STEPS[0]]
    print(f"\na whole pass, ten years against one: {ten / one:.2f} (aim: at most {AIMS['ten years against one']:g})")
    print(f"all rules over 400 pupils: {best[STEPS[2]][0]:.3f} s (aim: less than {AIMS['all rules']:g} s)")


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.iterdir()) / (1 << 20)


TASKS: Mapping[str, Callable[[Path], dict[str, Any]]] = {"make": make, "measure": measure}

if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]))))
        sys.exit(0)
    sys.exit(main())
