"""Kills a pass at every single step, over a dummy MIS and over a drop folder, and prints what it found."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "integration"


def main() -> None:
    """Sweep whole, in each way."""
    for title, driver, options in (
        ("kill -9 at every step", "kill_driver.py", ()),
        ("… and every other answer lost", "kill_driver.py", ("--lose-every", "2")),
        ("… and every third answer lost", "kill_driver.py", ("--lose-every", "3")),
        ("a drop folder's first load, at every step", "kill_csv_driver.py", ()),
        ("a drop folder's later pass, at every step", "kill_csv_driver.py", ("--second",)),
    ):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            command = [sys.executable, str(FOLDER / driver), folder, *options]
            found = subprocess.run(command, capture_output=True, text=True, check=True)
            report = json.loads(found.stdout.splitlines()[-1])
            took = time.perf_counter() - start
        print(f"{title}: {report['points']} points, {len(report['failures'])} failures, {took:.0f} s")
        for step, problems in report["failures"].items():
            print(f"  step {step}: {'; '.join(problems)}")


if __name__ == "__main__":
    main()
