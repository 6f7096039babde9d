"""Against a hostile MIS, with a process killed in each run: nothing lost, nothing written twice, no person's mark gone.

A sample here; `make bench` makes two hundred runs. Each mutant is a way in which syncs have failed, and a judge that
did not catch it would prove nothing.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.integration.driven import report_of

runs = partial(report_of, "hostile_driver.py")


def test_nothing_is_lost_or_doubled_or_overwritten(tmp_path: Path) -> None:
    report = runs(tmp_path, "--runs", "5")
    assert report["failures"] == {}
    assert report["tally"]["killed"] == 5
    assert report["tally"]["verified"] > 10
    assert report["tally"]["teacher"] > 1


@pytest.mark.parametrize(
    ("mutant", "options", "says"),
    [
        ("no-compare", ("--runs", "4"), "was overwritten"),
        ("resend-on-lost-answer", ("--first", "6", "--every", "4", "--runs", "2"), "was written twice"),
        ("cursor-before-rows", ("--first", "4", "--every", "4", "--runs", "3"), "marks differ between MIS and store"),
    ],
)
def test_each_mutant_is_caught(tmp_path: Path, mutant: str, options: tuple[str, ...], says: str) -> None:
    failures = runs(tmp_path, "--mutant", mutant, *options)["failures"]
    caught = [seed for seed, problems in failures.items() if any(says in problem for problem in problems)]
    assert len(caught) > 1, "one seed alone could be an accident"
