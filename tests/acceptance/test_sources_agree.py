"""One school, told by CSV files or by Wonde with the same files beside it, comes to the same figures and papers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from mbls_sync.cli.demo import ByCommand
from mbls_sync.demo.exports import (
    write_events,
    write_leave_requests,
    write_marks,
    write_messages,
    write_people,
    write_sign_ins,
)
from mbls_sync.demo.run import DROP_FOLDER, PLUGINS, SETTINGS, office_steps
from mbls_sync.demo.school import DAY, SyntheticSchool, synthetic_school
from mbls_sync.model.deliveries import Kind
from mbls_sync.store import outbox
from mbls_sync.store.database import open_store
from mbls_sync.testing.fake_wonde import SCHOOL, TOKEN, FakeWonde
from mbls_sync.testing.wonde_server import serving

SEED = 2
"""Another number, another school: in this one a pupil is referred."""
BESIDE = ["messages", "sign_ins", "leave_requests", "events", "patterns", "flags"]
"""What an MIS does not hold, and the office keeps."""


def settings_for(*more: str) -> str:
    """The demo's settings without a source, with so many plugins more."""
    return SETTINGS.replace("PLUGINS", json.dumps([*PLUGINS, *more])[1:-1])


class TwoSchools:
    """The synthetic school twice: `csv` has every file in its drop folder, `wonde` only what Wonde does not hold."""

    def __init__(self, folder: Path) -> None:
        hands = ByCommand()
        self.csv, self.wonde = folder / "csv", folder / "wonde"
        calendar, parameters = hands.init(self.csv, settings_for() + DROP_FOLDER)
        self.school: SyntheticSchool = synthetic_school(SEED, calendar, office_steps(parameters, DAY), pupils=60)
        pupils = [pupil for household in self.school.households for pupil in household.pupils]
        self.fake = FakeWonde(pupils, largest_page=5000)
        for past in self.school.history.values():
            self.fake.fill({(who, session): code for who, line in past.items() for session, code in line.items()})

    def settle_in(self, url: str) -> None:
        hands = ByCommand()
        wonde = (
            f'[sources.mis]\nadapter = "wonde"\nresources = ["marks", "pupils", "contacts"]\n[sources.mis.options]\n'
            f'school = "{SCHOOL}"\ntoken = "{TOKEN}"\nbase_url = "{url}"\nsince = 2025-09-01\nper_page = 5000\n\n'
        )
        resources = f"resources = {json.dumps(BESIDE)}\n\n[sources.integris.options]"
        beside = DROP_FOLDER.replace("[sources.integris.options]", resources)
        hands.init(self.wonde, settings_for("wonde") + wonde + beside)
        for folder in (self.csv, self.wonde):
            hands.call(folder, self.school.pseudonyms(SEED))
        self._eve(self.csv / "inbox")

    def _eve(self, inbox: Path) -> None:
        inbox.mkdir(exist_ok=True)
        write_people(inbox, self.school.households)
        for year, marks in self.school.history.items():
            write_marks(inbox / f"marks-{year}.csv", marks)
        write_events(inbox, self.school.events)
        write_leave_requests(inbox, self.school.morning.requests)
        self._share(inbox, "flags", "patterns", "events", "leave_requests")

    def morning(self) -> None:
        """What comes until the register closes."""
        inbox, morning = self.csv / "inbox", self.school.morning
        write_marks(inbox / "marks-0916.csv", morning.at_close)
        self.fake.fill({(who, s): code for who, line in morning.at_close.items() for s, code in line.items() if code})
        write_messages(inbox, morning.messages)
        write_sign_ins(inbox, morning.sign_ins)
        self._share(inbox, "messages", "sign_ins")

    def _share(self, inbox: Path, *names: str) -> None:
        other = self.wonde / "inbox"
        other.mkdir(exist_ok=True)
        for name in names:
            shutil.copy(inbox / f"{name}.csv", other / f"{name}.csv")

    def both(self, moment: datetime) -> None:
        for folder in (self.csv, self.wonde):
            with time_machine.travel(moment, tick=False):
                ByCommand().once(folder, moment)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoSchools]:
    schools = TwoSchools(tmp_path_factory.mktemp("two"))
    with serving(schools.fake) as url:
        schools.settle_in(url)
        eve = schools.school.calendar.school_days[schools.school.calendar.school_days.index(DAY) - 1]
        schools.both(schools.school.moment(16, 0, eve))
        schools.morning()
        close = schools.school.moment(9, 16)
        schools.both(close)
        for folder in (schools.csv, schools.wonde):
            ByCommand().returns(folder, "register-check", close)
            ByCommand().packets(folder, close)
        yield schools


def decided(folder: Path) -> dict[str, tuple[Any, ...]]:
    store = open_store(f"sqlite:///{folder}/data/mbls-sync.sqlite3", "exampleton")
    with store.read() as tx:
        found = {e.key: (e.kind, e.state, e.because.rule, e.proposal) for e in outbox.load(tx)}
    store.close()
    return found


def test_the_same_is_decided(two: TwoSchools) -> None:
    by_csv, by_wonde = decided(two.csv), decided(two.wonde)
    kinds = {kind for kind, *_ in by_csv.values()}
    assert {Kind.MARK, Kind.TASK, Kind.REFERRAL} <= kinds, "the sample is no empty one"
    assert by_wonde == by_csv


def test_the_figures_are_the_same(two: TwoSchools, run: Any) -> None:
    for by in ("pupil", "class", "group", "weekday"):
        printed = []
        for folder in (two.csv, two.wonde):
            with time_machine.travel(two.school.moment(9, 16), tick=False):
                printed.append(run("-C", folder, "figures", "--by", by, "--format", "csv").out)
        assert printed[0].count("\n") > 3
        assert printed[1] == printed[0], by


def test_returns_packets_and_every_other_paper_are_the_same_bytes(two: TwoSchools) -> None:
    files = [
        {p.relative_to(f / "out"): p.read_bytes() for p in (f / "out").rglob("*") if p.is_file()}
        for f in (two.csv, two.wonde)
    ]
    assert any("register-check" in str(path) for path in files[0])
    assert any(str(path).startswith("packets") for path in files[0])
    assert sorted(files[1]) == sorted(files[0])
    assert [str(path) for path in files[0] if files[0][path] != files[1][path]] == []


def test_check_says_which_source_gives_what_and_refuses_two_that_name_the_same(two: TwoSchools, run: Any) -> None:
    with time_machine.travel(two.school.moment(9, 16), tick=False):
        well = run("-C", two.wonde, "check", "--format", "csv")
        assert "mis gives contacts, marks, pupils" in well.out
        assert "takes every code that the rules set" in well.out
        file = two.wonde / "mbls-sync.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"messages"', '"marks", "messages"', 1), encoding="utf-8")
        wrong = run("-C", two.wonde, "check", "--format", "csv")
        file.write_text(text, encoding="utf-8")
    assert wrong.code == 2
    assert "marks is named by sources.mis" in wrong.out
