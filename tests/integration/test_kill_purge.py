"""Whatever step a purge is killed at, what is left proves, and the next purge drops the rest and nothing else.

`python tests/integration/kill_purge_driver.py DIR` kills at every step; here every so many, to keep the suite quick.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DRIVER = Path(__file__).parent / "kill_purge_driver.py"


def sweep(folder: Path, *options: object) -> dict[str, Any]:
    found = subprocess.run(
        [sys.executable, DRIVER, folder, *map(str, options)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    report: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    return report


def test_a_purge_killed_anywhere_drops_each_class_once_and_nothing_that_is_kept(tmp_path: Path) -> None:
    report = sweep(tmp_path, "--first", 3, "--every", 17)
    assert report["failures"] == {}
    assert report["calm"] == []
    assert report["points"] > 8
    assert any(file.startswith("out/packets/") for file in report["held"]["files"])
    assert not [file for file in report["wanted"]["files"] if file.startswith(("out/packets/", "out/letters/"))]
    assert "segment.purged ledger 2026-27 25" in report["wanted"]["stated"]


@pytest.mark.parametrize(
    ("mutant", "options", "says"),
    [
        ("manifest-first", ("--first", 39, "--every", 1, "--most", 3), "checklist.html"),
        ("files-last", ("--first", 115, "--every", 9, "--most", 3), "first-day-text"),
    ],
)
def test_each_mutant_is_caught(tmp_path: Path, mutant: str, options: tuple[object, ...], says: str) -> None:
    failures = sweep(tmp_path, "--mutant", mutant, *options)["failures"]
    assert any(says in problem for problems in failures.values() for problem in problems)
