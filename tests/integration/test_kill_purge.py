"""Whatever step a purge is killed at, what is left proves, and the next purge drops the rest and nothing else.

`python tests/integration/kill_purge_driver.py DIR` kills at every step; here every so many, to keep the suite quick.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.integration.driven import report_of

sweep = partial(report_of, "kill_purge_driver.py")


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
