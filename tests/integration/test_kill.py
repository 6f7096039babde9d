"""Whatever step of a pass a process is killed at, the next one ends where an undisturbed one would have.

The three mutants are what such a test is for: each is a way in which syncs have lost or doubled marks, and
a sweep that did not catch them would prove nothing.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.integration.driven import report_of

sweep = partial(report_of, "kill_driver.py")


def test_a_kill_at_any_step_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    report = sweep(tmp_path, "--every", "7")
    assert report["failures"] == {}
    assert report["points"] > 30
    assert "mark verified 2T-5 REG-T4" in report["wanted"]


def test_nor_where_every_other_answer_is_lost_on_the_way(tmp_path: Path) -> None:
    assert sweep(tmp_path, "--every", "13", "--lose-every", "2")["failures"] == {}


@pytest.mark.parametrize(
    ("mutant", "options", "says"),
    [
        (
            "cursor-before-rows",
            ("--first", "52", "--every", "6", "--most", "6"),
            "marks differ between MIS and store",
        ),
        ("no-compare", ("--every", "60", "--most", "3"), "a teacher's mark was overwritten"),
        ("new-key-per-attempt", ("--every", "60", "--most", "3"), "instead of"),
    ],
)
def test_each_mutant_is_caught(tmp_path: Path, mutant: str, options: tuple[str, ...], says: str) -> None:
    failures = sweep(tmp_path, "--mutant", mutant, *options)["failures"]
    assert any(says in problem for problems in failures.values() for problem in problems)
