"""Whatever step of a pass over a real drop folder a process is killed at, the next ends where an undisturbed one does.

Files are moved once, after their rows are stored; every paper has the same bytes; no task is opened twice.
`make bench` kills at every step; here every so many, so that the suite stays quick.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.integration.driven import report_of

sweep = partial(report_of, "kill_csv_driver.py")


def test_a_first_load_killed_anywhere_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    report = sweep(tmp_path, "--first", 7, "--every", 43)
    assert report["failures"] == {}
    assert report["points"] > 8
    assert report["wanted"]["waiting"] == []
    assert len(report["wanted"]["done"]) == 9
    assert any("task inherited" in effect for effect in report["wanted"]["effects"])


def test_nor_does_a_later_pass(tmp_path: Path) -> None:
    report = sweep(tmp_path, "--second", "--first", 3, "--every", 23)
    assert report["failures"] == {}
    assert report["points"] > 5


def test_nor_on_postgresql(tmp_path: Path, postgres_server: Any) -> None:
    report = sweep(tmp_path, "--postgres", postgres_server.folder, "--first", 11, "--every", 79)
    assert report["failures"] == {}
    assert report["points"] > 3


@pytest.mark.parametrize(
    ("mutant", "says"),
    [
        ("cursor-before-rows", "marks: lost"),
        ("moved-before-commit", "marks: lost"),
        ("new-key-per-attempt", "effects: twice or new"),
    ],
)
def test_each_mutant_is_caught(tmp_path: Path, mutant: str, says: str) -> None:
    failures = sweep(tmp_path, "--mutant", mutant, "--first", 96, "--every", 12, "--most", 3)["failures"]
    assert any(says in problem for problems in failures.values() for problem in problems)
