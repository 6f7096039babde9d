"""A school's config from an earlier version is made whole again, and what the school has made its own stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.acceptance.conftest import Run


def test_what_a_new_version_ships_is_added_and_nothing_that_is_there_is_changed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "school"
    run("init", folder)
    config = folder / "config"
    own = config / "policy" / "parameters" / "la" / "absence_alert_days.yaml"
    own.write_text(own.read_text(encoding="utf-8") + "# the school's own\n", encoding="utf-8")
    (calendar,) = (config / "calendar").glob("2026-27.yaml")
    calendar.unlink()
    whole = {file: file.read_bytes() for file in config.rglob("*") if file.is_file()}
    (config / "policy" / "reminders.yaml").unlink()
    (config / "la" / "stockport.yaml").unlink()

    told = run("-C", folder, "plan")
    assert (told.code, "init DIR --missing" in told.err) == (2, True)
    answer = run("init", folder, "--missing")
    assert answer.code == 0
    assert {file: file.read_bytes() for file in config.rglob("*") if file.is_file()} == whole
    assert "stockport.yaml" in answer.out
    assert "absence_alert_days.yaml" not in answer.out


def test_a_pass_does_nothing_at_all_without_a_value_that_the_new_version_reads(school: Any, run: Run) -> None:
    """One that half works misses duties silently; and a value that the head never saw decides nothing."""
    folder = school.folder
    for name in ("intake/strangers_percent", "first_day_calling/starts_at"):
        (folder / "config" / "policy" / "parameters" / f"{name}.yaml").unlink()
    waiting = sorted(school.inbox.iterdir())
    mend = f"mbls-sync init {folder} --missing"
    for command in ("pull", "once", "run"):
        told = school.run(command)
        assert (told.code, mend in told.err) == (2, True)
        assert "first_day_calling.starts_at, intake.strangers_percent" in told.err
    assert (sorted(school.inbox.iterdir()), list((folder / "data").iterdir())) == (waiting, [])
    told = school.run("check", "--format", "json")
    assert [mend in line["mend"] for line in json.loads(told.out) if line["standing"] == "problem"] == [True, True]
    run("init", folder, "--missing")
    assert school.run("once").code == 0


def test_a_folder_that_is_no_school_s_is_said_to_be_none(run: Run, tmp_path: Path) -> None:
    answer = run("init", tmp_path / "nowhere", "--missing")
    assert answer.code == 2
    assert "leave out --missing" in answer.err
