"""Each budget of the product beside its figure: seconds and peak memory of whole processes, start to end.

    python tests/bench/bench_budgets.py

Commands are run as an office would run them, each in a process of its own, by turns; the best of several counts.
Nothing is asserted but that each command ends as it should.
"""

# ruff: noqa: PLC0415 - a process that only starts the others must not hold what it does not need
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

ROUNDS = 3
COMMAND = (sys.executable, "-m", "mbls_sync.cli.main")
MARKS = Path(__file__).with_name("bench_load.py")


class Cost(NamedTuple):
    """What one process took: seconds, and the most megabytes that it held."""

    seconds: float
    megabytes: float


def run(*command: str) -> tuple[Cost, str]:
    """Run a process to its end. Raises SystemExit where it fails."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{text}")
    return Cost(seconds, used.ru_maxrss / 1024), text


def load(folder: Path) -> dict[str, Cost]:
    """The first load of 152,000 marks by `pull`, then pulls that change nothing."""
    school = folder / "load"
    shutil.rmtree(school, ignore_errors=True)
    run(*COMMAND, "init", str(school))
    found = {}
    for name, file in (("first load", "marks.csv"), ("pull, same file", "marks.csv"), ("pull, new name", "again.csv")):
        shutil.copy(folder / "export.csv", school / "inbox" / file)
        os.utime(school / "inbox" / file, (1_700_000_000, 1_700_000_000))
        found[name], _ = run(*COMMAND, "-C", str(school), "pull")
    return found


def school_day(folder: Path) -> dict[str, Cost]:
    """What is asked of the demo's school: a pass, a packet, and a daemon at rest, each in a process of its own."""
    found = {}
    for name in TASKS:
        whole, said = run(sys.executable, __file__, name, str(folder / "demo"))
        told = json.loads(said.splitlines()[-1])
        found[name] = Cost(*told) if told else whole
    return found


def a_pass(folder: Path) -> None:
    """One pass that changes nothing, by hand; the whole process counts."""
    import pass_school

    from mbls_sync.cli.passes import one_pass
    from mbls_sync.pipeline.parts import EVERYTHING

    one_pass(pass_school.office_at(folder), EVERYTHING, "a pass")


def a_packet(folder: Path) -> Cost:
    """One packet of those that are due, as PDF, CSV, JSON and zip; the start and the reading of the store left out."""
    import pass_school

    from mbls_sync.cli.desks import desk_at
    from mbls_sync.cli.packet_asked import referrals
    from mbls_sync.delivery.packets import write_packet

    office = pass_school.office_at(folder)
    builder = office.registry.packets["ewo"]
    with office.store() as store:
        desk = desk_at(office, store, None, False)
    times = []
    for referral in referrals(desk, "ewo", None)[:5]:
        start = time.perf_counter()
        write_packet(desk, referral, builder, "bench", folder / "bench-packets", None)
        times.append(time.perf_counter() - start)
    return Cost(max(times), held("VmHWM"))


def a_daemon(folder: Path) -> Cost:
    """What the daemon holds between passes: everything imported, a morning of passes made. Its seconds say nothing."""
    import gc

    import pass_school

    from mbls_sync.cli.run import Passes

    office = pass_school.office_at(folder)
    with office.store() as store:
        passes = Passes(office, store)
        for _ in range(5):
            passes(fence=0)
        gc.collect()
        return Cost(0.0, held("VmRSS"))


def held(what: str) -> float:
    """Megabytes of this process: `VmRSS` now, `VmHWM` at most."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) / 1024


def main() -> int:
    """Make the schools, take turns, and print."""
    rounds: dict[str, list[Cost]] = {}
    with tempfile.TemporaryDirectory(prefix="mbls-bench-") as name:
        folder = Path(name)
        run(sys.executable, str(MARKS), "make", str(folder))
        run(*COMMAND, "demo", str(folder / "demo"))
        for _ in range(ROUNDS):
            costs = {"--help": run(*COMMAND, "--help")[0], **load(folder), **school_day(folder)}
            for task, cost in costs.items():
                rounds.setdefault(task, []).append(cost)
    print(f"whole processes, best of {ROUNDS}; 152,000 marks, 400 pupils")
    print(f"{'':58}{'s':>9}{'budget':>9}{'peak MB':>9}{'budget':>9}")
    for task, (title, seconds, megabytes) in BUDGETS.items():
        took, most = (min(getattr(cost, unit) for cost in rounds[task]) for unit in Cost._fields)
        print(f"{title:58}{_cell(took, 3)}{_cell(seconds, 1)}{_cell(most, 0)}{_cell(megabytes, 0)}")
    print("statistics of a school and of a trust: bench_figures.py; all rules and ten years: bench_pass.py")
    return 0


def _cell(number: float | None, digits: int) -> str:
    return f"{number:9.{digits}f}" if number else f"{'':9}"


TASKS: Mapping[str, Callable[[Path], Cost | None]] = {"a pass": a_pass, "a packet": a_packet, "a daemon": a_daemon}

BUDGETS: Mapping[str, tuple[str, float | None, float | None]] = {
    "--help": ("cold mbls-sync --help", 0.3, None),
    "first load": ("full first load: mbls-sync pull", 3.0, None),
    "pull, same file": ("sync from CSV, no changes: mbls-sync pull, the same file", 1.5, 120.0),
    "pull, new name": ("sync from CSV, no changes: the same under a new name", 1.5, 120.0),
    "a pass": ("a whole pass, no changes: as mbls-sync once", 1.5, 120.0),
    "a packet": ("one packet, without the start of the process", 0.3, None),
    "a daemon": ("daemon between passes", None, 80.0),
}

if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]))))
        sys.exit(0)
    sys.exit(main())
