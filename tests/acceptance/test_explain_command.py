"""`explain` goes down to the marks and up to what would have to be otherwise."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest


@pytest.fixture
def task_id(school: Any) -> str:
    school.run("once")
    rows = csv.DictReader(io.StringIO(school.run("outbox", "list", "--format", "csv").out))
    return next(row["key"] for row in rows if "Call home" in row["what"])


def test_a_task_says_what_would_take_it_away(school: Any, task_id: str) -> None:
    answer = school.run("explain", task_id)
    assert answer.code == 0, answer.err
    assert "not if   the mark of 2026-11-24 AM were / or I, not N" in answer.out
    assert "not if   a message from home had explained 24 November 2026" in answer.out


def test_the_same_stands_in_json(school: Any, task_id: str) -> None:
    (chain,) = json.loads(school.run("explain", task_id, "--format", "json").out)
    assert chain["rule"] == "FDC-03"
    assert any("first_day_calling.starts_at" in words for words in chain["not_here_if"])
    assert [mark["code"] for mark in chain["marks"]] == ["N"]


def test_a_pupil_has_a_path_back(school: Any, task_id: str) -> None:
    (chain,) = json.loads(school.run("explain", task_id, "--format", "json").out)
    assert "path back: At best" in school.run("explain", chain["upn"]).out


def test_one_mark_is_explained_with_its_code_and_what_was_asked_because_of_it(school: Any, task_id: str) -> None:
    (chain,) = json.loads(school.run("explain", task_id, "--format", "json").out)
    answer = school.run("explain", chain["upn"], "2026-11-24 AM")
    assert answer.code == 0, answer.err
    assert "2026-11-24 AM: N" in answer.out
    assert "it was never seen to change" in answer.out
    assert "Call home" in answer.out


def test_a_session_that_is_none_is_refused(school: Any, task_id: str) -> None:
    (chain,) = json.loads(school.run("explain", task_id, "--format", "json").out)
    answer = school.run("explain", chain["upn"], "yesterday")
    assert answer.code == 2
    assert "is no session" in answer.err


def test_what_was_recorded_of_a_case_stands_beside_the_figures_since_it_was_opened(school: Any, task_id: str) -> None:
    (chain,) = json.loads(school.run("explain", task_id, "--format", "json").out)
    steps = {"support-letter-sent": "2026-11-19", "case-closed": "2026-11-20", "mental-health-concern": "2026-11-23"}
    for kind, day in steps.items():
        assert school.run("events", "record", kind, "--upn", chain["upn"], "--at", day).code == 0
    school.run("once")
    told = json.loads(school.run("explain", chain["upn"], "--format", "json").out)
    of_the_case = [one for one in told if not one["marks"]]
    assert of_the_case
    assert all([step["kind"] for step in one["recorded"]] == ["mental-health-concern"] for one in of_the_case)
