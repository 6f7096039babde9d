"""Shadow, confirm and auto through the commands, on an MIS that takes marks: only what the mode allows is written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.fake_mis import FakeMis

LONDON = ZoneInfo("Europe/London")
TODAY = datetime(2026, 11, 24, tzinfo=LONDON)
AM = Session(TODAY.date(), Period.AM)

ADAPTER = '''\
"""The dummy MIS, kept in the school's folder, with a class of eight."""

from pydantic import BaseModel

from mbls_sync.api import AdapterOffer, Capability, Resource, hookimpl
from mbls_sync.testing.builders import a_pupil
from mbls_sync.testing.fake_mis import FakeMis, Faults


class Options(BaseModel, extra="forbid"):
    """How it fails."""

    lose_write_every: int = 0


@hookimpl
def offer_adapter() -> AdapterOffer[Options]:
    """The dummy MIS."""

    def open_it(options: Options, given: object) -> FakeMis:
        items = {Resource.PUPILS: [a_pupil(f"2T-{n}", class_name="2T") for n in range(1, 9)]}
        return FakeMis(given.folder / "mis", items, Faults(lose_write_every=options.lose_write_every))

    can = frozenset({Capability.READ_BACK, Capability.WRITE})
    return AdapterOffer(name="dummy", options=Options, open=open_it, can=can)
'''
PROJECT = """\
[project]
name = "mbls-dummy"
version = "0"

[project.entry-points.mbls_sync]
dummy = "mbls_dummy_mis"
"""
SETTINGS = """\
mode = "{mode}"
go_live = 2026-09-01
plugins = ["dummy", "rules-school"]
plugin_folders = ["{plugins}"]

[school]
id = "dummy"
name = "Example Lower School (synthetic)"
la_code = "823"
la_name = "Central Bedfordshire"
establishment_number = "9999"
head = "H. Head-Example"
attendance_officer = "O. Officer-Example"

[sources.mis]
adapter = "dummy"
options = {{ lose_write_every = {lose} }}
"""


@pytest.fixture(scope="session")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one plugin. Python keeps what it has imported, so all these tests share it."""
    folder = tmp_path_factory.mktemp("plugins")
    package = folder / "dummy" / "mbls_dummy_mis"
    package.mkdir(parents=True)
    (folder / "dummy" / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (package / "__init__.py").write_text('"""The dummy MIS."""\n', encoding="utf-8")
    (package / "adapter.py").write_text(ADAPTER, encoding="utf-8")
    return folder


class Dummy:
    """A school on the dummy MIS, its commands, and its clock, which stands at so many minutes past nine."""

    def __init__(self, folder: Path, plugins: Path, run: Any) -> None:
        self.folder, self.plugins, self._run = folder, plugins, run
        folder.mkdir()
        self.mis = FakeMis(folder / "mis")
        self.mode("shadow")
        earlier = [Session(TODAY.date().replace(day=23), period) for period in Period]
        self.mark(range(1, 9), *earlier)
        self.mark(range(1, 8))

    def mode(self, mode: str, lose: int = 0) -> None:
        text = SETTINGS.format(mode=mode, plugins=self.plugins, lose=lose)
        (self.folder / "mbls-sync.toml").write_text(text, encoding="utf-8")

    def mark(self, numbers: Iterable[int], *sessions: Session) -> None:
        asked = [(number, session) for number in numbers for session in sessions or (AM,)]
        self.mis.set_all({(PupilId(f"2T-{number}"), session): "/" for number, session in asked})

    def at(self, minute: int, *args: str) -> Any:
        with time_machine.travel(TODAY.replace(hour=9) + timedelta(minutes=minute), tick=False):
            return self._run("-C", self.folder, *args)

    def marks(self, minute: int, *states: str) -> list[dict[str, Any]]:
        answer = self.at(minute, "outbox", "list", "--kind", "mark", "--all", "--format", "json")
        rows: list[dict[str, Any]] = json.loads(answer.out)
        return [row for row in rows if not states or row["state"] in states]

    def written(self) -> list[str]:
        return [f"{pupil} {code}" for pupil, _, code in self.mis.writes]

    def audit(self, minute: int) -> str:
        return str(self.at(minute, "audit", "export").out)


@pytest.fixture
def dummy(tmp_path: Path, plugins: Path, run: Any) -> Dummy:
    return Dummy(tmp_path / "school", plugins, run)


def test_shadow_writes_nothing_whatever_is_approved(dummy: Dummy) -> None:
    dummy.at(16, "once")
    (mark,) = dummy.marks(16, "planned")
    assert dummy.at(17, "outbox", "approve", mark["key"]).code == 0
    for minute in (18, 23):
        dummy.at(minute, "once")
        dummy.at(minute, "apply")
    assert dummy.written() == []


def test_confirm_waits_for_approve_and_writes_once(dummy: Dummy) -> None:
    dummy.mode("confirm")
    dummy.at(16, "once")
    dummy.at(17, "apply")
    assert dummy.written() == []
    (mark,) = dummy.marks(17, "planned")
    dummy.at(18, "outbox", "approve", mark["key"][:10])
    dummy.at(19, "apply")
    dummy.at(24, "once")
    assert dummy.written() == ["2T-8 N"]
    assert [row["key"] for row in dummy.marks(24, "verified")] == [mark["key"]]
    assert "approved by a person" in dummy.audit(25)


def test_auto_writes_once_and_not_what_piled_up_in_shadow(dummy: Dummy) -> None:
    dummy.at(16, "once")
    dummy.mode("auto")
    dummy.at(17, "once")
    assert dummy.written() == []
    assert "2T-8" not in {row["upn"] for row in dummy.marks(17, "verified")}


def test_auto_writes_what_is_called_for_under_it(dummy: Dummy) -> None:
    dummy.mode("auto")
    for minute in (16, 17, 22):
        dummy.at(minute, "once")
    assert dummy.written() == ["2T-8 N"]


def test_a_mark_that_a_person_entered_meanwhile_is_not_overwritten(dummy: Dummy) -> None:
    dummy.mode("confirm")
    dummy.at(16, "once")
    (mark,) = dummy.marks(16, "planned")
    dummy.at(17, "outbox", "approve", mark["key"])
    dummy.mis.set(PupilId("2T-8"), AM, "I")
    dummy.at(18, "apply")
    assert dummy.written() == []
    assert dummy.mis.code(PupilId("2T-8"), AM) == "I"
    answer = dummy.at(18, "outbox", "list")
    assert (answer.code, "conflicted" in answer.out) == (1, True)


def test_a_lost_write_is_read_back_and_only_a_person_has_it_written_again(dummy: Dummy) -> None:
    dummy.mode("auto", lose=1)
    dummy.at(16, "once")
    (mark,) = dummy.marks(16, "unknown")
    for command in (("retry",), ("discard", "--reason", "no")):
        refused = dummy.at(17, "outbox", command[0], mark["key"], *command[1:])
        assert (refused.code, "reads it back until 10:16" in refused.err) == (2, True)
    dummy.mode("auto")
    dummy.at(21, "once")
    assert dummy.written() == []
    dummy.at(76, "once")
    assert dummy.at(76, "outbox", "list").code == 1
    assert "mark-unknown" in dummy.at(76, "tasks", "list", "--format", "json").out
    assert dummy.at(77, "outbox", "retry", mark["key"], "--reason", "the MIS shows a blank").code == 0
    dummy.at(78, "once")
    assert dummy.written() == ["2T-8 N"]
    assert "taken up again by a person: the MIS shows a blank" in dummy.audit(79)


def test_plan_shows_the_old_mark_who_changed_it_last_and_the_new_one(dummy: Dummy) -> None:
    dummy.mode("auto")
    (row,) = [row for row in json.loads(dummy.at(16, "plan", "--format", "json").out)["rows"] if row["kind"] == "mark"]
    assert (row["old_mark"], row["new_mark"], row["rule"]) == ("", "N", "REG-04")
    assert row["last_change"] == "as first seen"
    dummy.mis.set(PupilId("2T-8"), AM, "/")
    dummy.at(17, "pull")
    dummy.mis.set(PupilId("2T-8"), AM, "")
    # A page of nothing but cleared marks would be held for a person.
    dummy.mark(range(1, 9), *(Session(date(2026, 11, 23), period) for period in Period))
    (row,) = [row for row in json.loads(dummy.at(18, "plan", "--format", "json").out)["rows"] if row["kind"] == "mark"]
    assert row["last_change"] == "seen 2026-11-24 09:18"


def test_more_than_the_cap_waits_for_a_person(dummy: Dummy) -> None:
    dummy.mis.set_all({(PupilId(f"2T-{n}"), AM): "" for n in (6, 7)})
    dummy.mode("auto")
    dummy.at(16, "once")
    assert dummy.written() == []
    assert len(dummy.marks(16, "planned")) == 3
    dummy.at(17, "outbox", "approve", "--all")
    dummy.at(18, "once")
    assert sorted(dummy.written()) == ["2T-6 N", "2T-7 N", "2T-8 N"]


def test_a_discarded_mark_is_not_asked_for_again_and_the_audit_says_why(dummy: Dummy) -> None:
    dummy.mode("confirm")
    dummy.at(16, "once")
    (mark,) = dummy.marks(16, "planned")
    dummy.at(17, "outbox", "discard", mark["key"], "--reason", "seen in the yard")
    dummy.mode("auto")
    for minute in (18, 23):
        dummy.at(minute, "once")
    assert dummy.written() == []
    assert "discarded by a person: seen in the yard" in dummy.audit(24)


def test_only_a_mark_is_approved(dummy: Dummy) -> None:
    dummy.at(16, "once")
    listed = json.loads(dummy.at(16, "outbox", "list", "--kind", "task", "--format", "json").out)
    answer = dummy.at(17, "outbox", "approve", listed[0]["key"])
    assert (answer.code, "only a mark" in answer.err) == (2, True)
