"""The first load of a school's year, 152,000 marks (400 pupils × 380 sessions), beside the barest thing that does it.

    python tests/bench/bench_load.py

The barest thing is `csv.reader` and one `executemany` into a plain SQLite table: no register, no ledger, no
comparing, no codes. Ours is the drop folder, the intake and the SQLite store, whole. Each runs as a process of its own,
start to end, by turns; the best of several counts. Then what a pull costs that changes nothing, and one that changes
one mark. Times are printed, never asserted; that every mark arrives is.
"""

# ruff: noqa: PLC0415 - the barest thing must not pay for what we import, nor its memory hold it.
from __future__ import annotations

import csv
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PUPILS, ROUNDS = 400, 5
EXPORT = "export.csv"
HEADER = "UPN,Date,Session,Mark"
AIMS = {"first load": 3.0, "no change": 0.4}


def make(folder: Path) -> dict[str, Any]:
    """Write one year's export; deterministic, and visibly made up."""
    from mbls_sync.model.upn import upn_check_letter
    from mbls_sync.testing.builders import the_calendar

    chance = random.Random(823)
    year = the_calendar().years[-1]
    sessions = year.sessions
    with (folder / EXPORT).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.split(","))
        for rest in (f"{823000026000 + n:012d}" for n in range(PUPILS)):
            upn = upn_check_letter(rest) + rest
            for session in sessions:
                code = chance.choices("/\\ILMUOE", (46, 46, 4, 2, 1, 0.3, 0.4, 0.3))[0]
                writer.writerow((upn, f"{session.day:%d/%m/%Y}", session.period.value, code))
    return {"marks": PUPILS * len(sessions)}


def barest(folder: Path) -> dict[str, Any]:
    """Read the rows and put them into a table, in one transaction."""
    database = folder / "barest.sqlite3"
    database.unlink(missing_ok=True)
    start = time.perf_counter()
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE mark (upn TEXT, day TEXT, session TEXT, code TEXT)")
    with (folder / EXPORT).open(newline="", encoding="utf-8") as file, connection:
        rows = csv.reader(file)
        next(rows)
        connection.executemany("INSERT INTO mark VALUES (?, ?, ?, ?)", rows)
    stored = connection.execute("SELECT count(*) FROM mark").fetchone()[0]
    connection.close()
    return {"stored": stored, "unchanged": 0, "seconds": time.perf_counter() - start, "peak_mb": peak_mb()}


def ours(folder: Path) -> dict[str, Any]:
    """Pull what lies in the drop folder."""
    from datetime import UTC, datetime
    from decimal import Decimal

    from mbls_adapter_integris_csv.adapter import IntegrisCsv
    from mbls_adapter_integris_csv.options import Options

    from mbls_sync.contracts import Given
    from mbls_sync.intake.pull import pull_source
    from mbls_sync.policy.calendars import load_calendar
    from mbls_sync.policy.codebook import load_codes
    from mbls_sync.policy.places import calendar_folder, codes_file, shipped_config
    from mbls_sync.store.database import open_store

    calendar = load_calendar(calendar_folder(shipped_config()))
    codes = load_codes(codes_file(shipped_config()))
    now = datetime(2027, 7, 21, 16, tzinfo=UTC)
    start = time.perf_counter()
    store = open_store(f"sqlite:///{folder / 'ours.sqlite3'}", "bench")
    adapter = IntegrisCsv(Options(), Given(folder, calendar, lambda: now, time.sleep, _no_http))
    report = pull_source(store, adapter, codes=codes, calendar=calendar, now=now, max_shrink=Decimal(20))
    store.close()
    seconds = time.perf_counter() - start
    return {"stored": report.stored, "unchanged": report.unchanged, "seconds": seconds, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(task: str, folder: Path) -> dict[str, Any]:
    """Run one task of this script in a process of its own, and time the whole of it."""
    command = [sys.executable, __file__, task, str(folder)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    whole = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{task} failed:\n{done.stderr}")
    return {**json.loads(done.stdout), "whole": whole}


def put(folder: Path, text: str, name: str = "marks.csv") -> None:
    """Let an export arrive in the drop folder."""
    file = folder / "inbox" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    os.utime(file, (1_700_000_000, 1_700_000_000))


def exports(folder: Path) -> Mapping[str, tuple[str, str]]:
    """What arrives after the first load: the file's name and its text."""
    with (folder / EXPORT).open(newline="", encoding="utf-8") as file:
        head, *rows = file.read().splitlines(keepends=True)
    shuffled = random.Random(1).sample(rows, len(rows))
    changed = [*rows[:-1], rows[-1].rsplit(",", 1)[0] + ",N\r\n"]
    return {
        "the same file": ("marks.csv", "".join([head, *rows])),
        "the same rows shuffled": ("marks.csv", "".join([head, *shuffled])),
        "the same under another name": ("again.csv", "".join([head, *rows])),
        "one mark changed": ("marks.csv", "".join([head, *changed])),
    }


def first_load(folder: Path) -> dict[str, Any]:
    """Ours over an empty database."""
    for file in folder.glob("ours.sqlite3*"):
        file.unlink()
    put(folder, (folder / EXPORT).read_text(encoding="utf-8"))
    return child("ours", folder)


def rounds(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every task by turns, so that a slow moment of the machine hits all alike."""
    later = exports(folder)
    found: dict[str, list[dict[str, Any]]] = {}
    for _ in range(ROUNDS):
        found.setdefault("barest", []).append(child("barest", folder))
        found.setdefault("first load", []).append(first_load(folder))
        for name, (file, text) in later.items():
            put(folder, text, file)
            found.setdefault(name, []).append(child("ours", folder))
    return found


def main() -> int:
    """Make the export, take turns, print, and say if a mark was lost."""
    with tempfile.TemporaryDirectory(prefix="mbls-bench-") as name:
        folder = Path(name)
        marks = child("make", folder)["marks"]
        print(f"{marks:,} marks, best of {ROUNDS}; whole: a process from its start to its end", flush=True)
        found = rounds(folder)
    bare, first = _best(found["barest"], "whole"), _best(found["first load"], "whole")
    base = _best(found["first load"], "seconds")
    print(f"{'':30}{'whole s':>9}{'pull s':>9}{'× barest':>10}{'× first load':>14}{'peak MB':>9}")
    for task, told in found.items():
        whole, seconds = _best(told, "whole"), _best(told, "seconds")
        peak = _best(told, "peak_mb")
        print(f"{task:30}{whole:9.3f}{seconds:9.3f}{whole / bare:10.2f}{seconds / base:14.2f}{peak:9.0f}")
    alone = base / _best(found["barest"], "seconds")
    print(f"\nfirst load against the barest thing: {alone:.2f} (aim: at most {AIMS['first load']:g})")
    print(f"with the start of both processes, most of it imports: {first / bare:.2f}")
    for task in ("the same file", "the same rows shuffled", "the same under another name"):
        ratio = _best(found[task], "seconds") / base
        print(f"pull with no change, {task}: {ratio:.2f} of the first load (aim: at most {AIMS['no change']:g})")
    return _all_arrived(found, marks)


def _all_arrived(found: Mapping[str, list[dict[str, Any]]], marks: int) -> int:
    wanted: Mapping[str, Callable[[dict[str, Any]], bool]] = {
        "barest": lambda told: told["stored"] == marks,
        "first load": lambda told: told["stored"] == marks,
        "the same file": lambda told: told["stored"] == 0,
        "the same rows shuffled": lambda told: told["stored"] == 0,
        "the same under another name": lambda told: told["stored"] == 0,
        "one mark changed": lambda told: (told["stored"], told["unchanged"]) == (1, marks - 1),
    }
    wrong = [task for task, is_right in wanted.items() if not all(map(is_right, found[task]))]
    print(f"marks were lost or made up in: {', '.join(wrong)}" if wrong else "every mark arrived")
    return 1 if wrong else 0


def _best(told: list[dict[str, Any]], what: str) -> float:
    return float(min(one[what] for one in told))


def _no_http(origin: str, _headers: Mapping[str, str]) -> Any:
    raise AssertionError(f"a drop folder opens HTTP to {origin}")


TASKS: Mapping[str, Callable[[Path], dict[str, Any]]] = {"make": make, "barest": barest, "ours": ours}

if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]))))
        sys.exit(0)
    sys.exit(main())
