"""Kills a pass at every single step, with and without lost answers, and prints what it found; asserts nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DRIVER = Path(__file__).parents[1] / "integration" / "kill_driver.py"


def main() -> None:
    """Sweep whole, in three ways."""
    for title, options in (
        ("kill -9 at every step", ()),
        ("… and every other answer lost", ("--lose-every", "2")),
        ("… and every third answer lost", ("--lose-every", "3")),
    ):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            command = [sys.executable, str(DRIVER), folder, *options]
            found = subprocess.run(command, capture_output=True, text=True, check=True)
            report = json.loads(found.stdout.splitlines()[-1])
            took = time.perf_counter() - start
        print(f"{title}: {report['points']} points, {len(report['failures'])} failures, {took:.0f} s")
        for step, problems in report["failures"].items():
            print(f"  step {step}: {'; '.join(problems)}")


if __name__ == "__main__":
    main()
