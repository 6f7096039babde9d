"""Two hundred seeded runs of pull, plan and apply against a hostile MIS, a process killed in each; prints the tally."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

DRIVER = Path(__file__).parents[1] / "integration" / "hostile_driver.py"


def main() -> None:
    """Run them all, and say what was done and what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(DRIVER), folder, "--runs", "200"]
        found = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(found.stdout.splitlines()[-1])
    counted = ", ".join(f"{name} {count}" for name, count in sorted(report["tally"].items()))
    print(f"against a hostile MIS: {counted}; {len(report['failures'])} failures, {report['seconds']} s")
    for seed, problems in report["failures"].items():
        print(f"  run {seed}: {'; '.join(problems)}")


if __name__ == "__main__":
    main()
