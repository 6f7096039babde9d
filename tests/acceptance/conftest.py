"""A school of a few made-up pupils, run as its staff would run it: by commands, on files, at a fixed time."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
import time_machine

from mbls_sync.cli.main import main
from mbls_sync.model.upn import upn_check_letter

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 16, tzinfo=LONDON)
PUPIL_COLUMNS = ("UPN", "Legal Surname", "Legal Forename", "Date of Birth", "Year Group", "Class", "Admission Date")


class Answer(NamedTuple):
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Answer]


def upn(serial: int) -> str:
    """A UPN with the right check letter, of a school that is not one."""
    rest = f"82399992600{serial}"
    return upn_check_letter(rest) + rest


AMBER, BLUE, CANARY = upn(1), upn(2), upn(3)


def write_csv(file: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """One CSV file, as an export would write it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(rows)


def marks(file: Path, rows: Sequence[tuple[str, date, str, str]]) -> None:
    """A long export of marks."""
    write_csv(file, ("UPN", "Date", "Session", "Mark"), [(u, f"{d:%d/%m/%Y}", s, m) for u, d, s, m in rows])


@dataclass(frozen=True)
class School:
    """The folder of a school whose files are in its drop folder, and a way to run commands in it."""

    folder: Path
    run: Run

    @property
    def inbox(self) -> Path:
        """The drop folder."""
        return self.folder / "inbox"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command as its entry point does, in this process."""

    def it(*args: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["mbls-sync", *map(str, args)])
        capsys.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        printed = capsys.readouterr()
        return Answer(code if isinstance(code, int) else 1, printed.out, printed.err)

    return it


@pytest.fixture
def at_a_fixed_time() -> Iterator[None]:
    """16 minutes past nine on a school day."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def empty_school(tmp_path: Path, run: Run, at_a_fixed_time: None) -> School:
    """A school as `init` leaves it, live since September."""
    folder = tmp_path / "school"
    assert run("init", folder).code == 0
    settings = folder / "mbls-sync.toml"
    text = settings.read_text(encoding="utf-8").replace("go_live = 2026-11-24", "go_live = 2026-09-01")
    settings.write_text(text, encoding="utf-8")
    return School(folder, lambda *args: run("-C", folder, *args))


def fill(school: School) -> None:
    """Three pupils; one is absent this morning without a reason, one comes every day, one is the canary."""
    pupils = [
        (AMBER, "Testpupil", "Amber", "03/05/2019", "2", "2T", "01/09/2023"),
        (BLUE, "Example", "Blue", "14/02/2019", "2", "2T", "01/09/2023"),
        (CANARY, "Canarypupil", "Zzyzx", "20/12/2018", "2", "2T", "01/09/2023"),
    ]
    write_csv(school.inbox / "pupils.csv", PUPIL_COLUMNS, pupils)
    contacts = [(who, 1, "Zzyzx Parent-Example", "Mother", "Y", "07700 900123") for who in (AMBER, CANARY)]
    columns = ("UPN", "Priority", "Name", "Relationship", "Parental Responsibility", "Mobile")
    write_csv(school.inbox / "contacts.csv", columns, contacts)
    marks(school.inbox / "marks.csv", [*_september(), *_today()])


def _september() -> list[tuple[str, date, str, str]]:
    days = [date(2026, 9, 7) + timedelta(days=n) for n in range(5)]
    sessions = ((AMBER, "/"), (BLUE, "/"), (CANARY, "I"))
    return [(who, day, half, code) for day in days for half in ("AM", "PM") for who, code in sessions]


def _today() -> list[tuple[str, date, str, str]]:
    return [(AMBER, TODAY, "AM", "N"), (BLUE, TODAY, "AM", "/"), (CANARY, TODAY, "AM", "N")]


@pytest.fixture
def school(empty_school: School) -> School:
    """A school with its exports in the drop folder."""
    fill(empty_school)
    # With a clock that stands still no file would ever have settled.
    text = (empty_school.folder / "mbls-sync.toml").read_text(encoding="utf-8")
    text = text.replace('folder = "inbox"\n', 'folder = "inbox"\nsettle_seconds = 0\n', 1)
    (empty_school.folder / "mbls-sync.toml").write_text(text, encoding="utf-8")
    return empty_school
