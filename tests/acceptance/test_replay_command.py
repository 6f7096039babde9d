"""`replay` says what a policy would have asked for, and writes nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

SPAN = ("--from", "2026-09-07", "--to", "2026-09-11")


def policy_folder(folder: Path, school: Any, percent: str) -> Path:
    """A folder that holds the one file that differs."""
    name = "stage/min_possible.yaml"
    text = (school.folder / "config" / "policy" / "parameters" / name).read_text(encoding="utf-8")
    assert "value: 20" in text
    (folder / "stage").mkdir(parents=True)
    (folder / name).write_text(text.replace("value: 20", f"value: {percent}"), encoding="utf-8")
    return folder


def test_a_changed_policy_shows_the_meetings_it_would_have_asked_for(school: Any, tmp_path: Path) -> None:
    assert school.run("once").code in (0, 1)
    changed = policy_folder(tmp_path / "changed", school, "2")
    answer = school.run("replay", *SPAN, "--policy", changed, "--format", "json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told["differing"] == ["stage.min_possible"]
    meetings = [row for row in told["rows"] if row["rule"] == "STG-03"]
    assert [(row["sort"], row["asked"], row["changed"], row["difference"]) for row in meetings] == [
        ("meeting", 0, 1, 1)
    ]
    assert {row["policy"] for row in told["groups"]} == {"the policy", "the changed policy"}


def test_the_items_that_differ_are_named(school: Any, tmp_path: Path) -> None:
    school.run("once")
    changed = policy_folder(tmp_path / "changed", school, "2")
    answer = school.run("replay", *SPAN, "--policy", changed, "--items", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert {row["only_under"] for row in rows} == {"the changed policy"}
    assert {(row["rule"], row["sort"]) for row in rows} >= {("STG-03", "meeting")}


def test_a_folder_that_names_no_known_parameter_is_refused(school: Any, tmp_path: Path) -> None:
    school.run("once")
    changed = policy_folder(tmp_path / "changed", school, "2")
    (changed / "stage" / "min_possible.yaml").rename(changed / "stage" / "min_posible.yaml")
    answer = school.run("replay", *SPAN, "--policy", changed)
    assert answer.code == 2
    assert "stage.min_posible is no parameter" in answer.err


def test_days_that_have_not_come_are_refused(school: Any) -> None:
    school.run("once")
    assert school.run("replay", "--from", "2026-09-07", "--to", "2030-09-11").code == 2
    assert "turn them round" in school.run("replay", "--from", "2026-09-11", "--to", "2026-09-07").err


def test_a_school_of_which_no_mark_was_read_has_nothing_to_replay(empty_school: Any) -> None:
    answer = empty_school.run("replay", *SPAN)
    assert answer.code == 2
    assert "run `mbls-sync pull` first" in answer.err


def test_a_replay_writes_nothing(school: Any) -> None:
    school.run("once")
    before = school.run("outbox", "list", "--format", "json").out
    assert school.run("replay", *SPAN, "--carried-out").code == 0
    assert school.run("outbox", "list", "--format", "json").out == before
