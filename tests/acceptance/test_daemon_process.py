"""The daemon as a process of its own: it says that it lives, and SIGTERM ends it in time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mbls_sync.cli.init import set_up, template
from mbls_sync.model.calendar import AcademicYear

LATEST = 18.0
"""Seconds to the end. Ten are promised; who heard nothing before the next look would take twenty."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A school whose calendar covers whatever year the test runs in, every weekday of it a school day."""
    today = datetime.now(ZoneInfo("Europe/London")).date()
    folder = tmp_path / "school"
    set_up(folder, template(today))
    year = AcademicYear.of(today)
    for file in (folder / "config" / "calendar").iterdir():
        file.unlink()
    days = [day for n in range(366) if (day := year.first + timedelta(days=n)) <= year.last and day.weekday() < 5]
    (folder / "config" / "calendar" / f"{year}.yaml").write_text(
        f"half_terms:\n  - {{term: autumn, half: 1, first: {days[0]}, last: {days[-1]}}}\n"
        f"school_days: {len(days)}\ninset_days: []\nbank_holidays:\nclosures: []\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def daemon(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """`mbls-sync run` in that school."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MBLS_")}
    command = [sys.executable, "-m", "mbls_sync.cli.main", "-C", str(folder), "run"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env) as process:
        yield process
        if process.poll() is None:
            process.kill()


def lines_until(process: subprocess.Popen[str], event: str) -> list[dict[str, object]]:
    """The log up to an event."""
    assert process.stderr is not None
    found: list[dict[str, object]] = []
    for line in process.stderr:
        found.append(json.loads(line))
        if found[-1]["event"] == event:
            return found
    raise AssertionError(f"{event} was not logged; the log says {found}")


def test_sigterm_ends_it_within_the_promised_time(daemon: subprocess.Popen[str], folder: Path) -> None:
    lines_until(daemon, "daemon.started")
    asked = time.monotonic()
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait() == 0
    assert time.monotonic() - asked < LATEST


def test_while_it_runs_no_second_one_starts_and_the_health_check_knows_it(
    daemon: subprocess.Popen[str], folder: Path
) -> None:
    lines_until(daemon, "daemon.started")
    command = [sys.executable, "-m", "mbls_sync.cli.main", "-C", str(folder)]
    second = subprocess.run([*command, "once"], capture_output=True, text=True, check=False)
    assert second.returncode == 2
    assert "another mbls-sync is at work" in second.stderr
    sign = folder / "data" / "health.json"
    while not sign.exists():
        time.sleep(0.05)
    healthy = subprocess.run([*command, "healthcheck"], capture_output=True, text=True, check=False)
    assert (healthy.returncode, healthy.stderr) == (0, "")
    daemon.send_signal(signal.SIGINT)
    assert daemon.wait() == 0


def test_a_setting_that_is_wrong_stops_the_start(folder: Path) -> None:
    settings = folder / "mbls-sync.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("packets", "packtes"), encoding="utf-8")
    command = [sys.executable, "-m", "mbls_sync.cli.main", "-C", str(folder), "run"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "packtes" in ended.stderr
