"""One run of a driver that kills processes, in a process of its own, and what it reports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def report_of(driver: str, folder: Path, *options: object) -> dict[str, Any]:
    """What the driver says of the run in `folder`; one that fails fails the test with all that it complained of."""
    command = [sys.executable, Path(__file__).with_name(driver), folder, *map(str, options)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    report: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    return report
