"""Figures of 15.2 million marks (100 schools of 400 pupils and 380 sessions), beside polars and DuckDB.

    python tests/bench/bench_figures.py

Each engine answers three questions in a process of its own, from the layout that suits it best (ours: the
register's pages; theirs: one row a mark with the same flag byte): possible and attended sessions and
persistent absence of each pupil; the most unauthorised sessions of each pupil in any ten school weeks; possible
and missed sessions of each half-day of the week. All must find the same; times are printed, never asserted.
Then one school's figures beside their budget. Needs the extra `bench`.
"""

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

import figures_engines as engines

ROUNDS = 7
QUESTIONS = ("per pupil", "ten weeks", "half-days")


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The shortest time of several, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def ask(name: str, folder: Path) -> dict[str, Any]:
    """One engine's answers, times and peak memory; runs in its own process."""
    questions = engines.ENGINES[name](folder)
    answers = [question() for question in questions]
    seconds = [best(question) for question in questions]
    return {"answers": answers, "seconds": seconds, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one_school(folder: Path) -> dict[str, Any]:
    """A school's and a trust's figures with one object a pupil; the process that asks an engine holds no store."""
    import figures_school  # noqa: PLC0415 - its memory must not count as an engine's

    return {"budgets": figures_school.budgets(folder, best)}


def child(task: str, folder: Path) -> dict[str, Any]:
    """Run one task of this script in a process of its own."""
    command = [sys.executable, __file__, task, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{task} failed:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def print_engines(found: Mapping[str, dict[str, Any]]) -> None:
    """Seconds of each question and in all, times ours, and peak memory."""
    ours = sum(found[engines.OURS]["seconds"])
    print(f"{'seconds':26}" + "".join(f"{name:>11}" for name in (*QUESTIONS, "in all", "times ours", "peak MB")))
    for name, told in found.items():
        times = [*told["seconds"], sum(told["seconds"])]
        cells = "".join(f"{seconds:11.4f}" for seconds in times)
        print(f"{name:26}{cells}{times[-1] / ours:11.1f}{told['peak_mb']:11.0f}")


def print_budgets(budgets: Mapping[str, tuple[float, float | None]]) -> None:
    """Milliseconds beside the budget, where there is one."""
    for name, (seconds, budget) in budgets.items():
        beside = "" if budget is None else f"   budget {budget * 1000:g} ms"
        print(f"{name:40}{seconds * 1000:9.3f} ms{beside}")


def main() -> int:
    """Make the marks, ask every engine, and print."""
    with tempfile.TemporaryDirectory(prefix="mbls-bench-") as name:
        folder = Path(name)
        child("make", folder)
        marks = engines.SCHOOLS * engines.PUPILS * engines.SESSIONS
        print(f"figures of {marks / 1e6:.1f} million marks, best of {ROUNDS}, from file to sums", flush=True)
        found = {engine: child(engine, folder) for engine in engines.ENGINES}
        print_engines(found)
        answers = [told["answers"] for told in found.values()]
        if any(answer != answers[0] for answer in answers):
            print(f"the engines do not agree: {dict(zip(found, answers, strict=True))}")
            return 1
        print("every engine found the same\n")
        print_budgets(child("one school", folder)["budgets"])
    return 0


def task(name: str, folder: Path) -> dict[str, Any]:
    """What a child process is for."""
    if name == "make":
        engines.make(folder)
        return {}
    return one_school(folder) if name == "one school" else ask(name, folder)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(task(sys.argv[1], Path(sys.argv[2]))))
        sys.exit(0)
    sys.exit(main())
