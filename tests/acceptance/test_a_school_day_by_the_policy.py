"""One school day by the shipped policy, rules and drop folder: what opens, closes and escalates, at which minute."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from mbls_sync.cli.wiring import Office, open_office
from mbls_sync.model.calendar import SchoolCalendar
from mbls_sync.model.deliveries import Effect, State
from mbls_sync.model.proposals import RaiseTask, Rank, SetCode
from mbls_sync.model.upn import upn_check_letter
from mbls_sync.pipeline.one_pass import run_pass
from mbls_sync.store import outbox
from mbls_sync.testing.builders import ZONE, the_calendar


def upn(serial: int) -> str:
    """A UPN with the right check letter, of a school that is not one."""
    return upn_check_letter(f"82399992600{serial}") + f"82399992600{serial}"


def write_csv(file: Path, columns: str, rows: Iterable[Iterable[object]]) -> None:
    """One CSV file, as an export would write it."""
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([columns.split(","), *rows])


PUPIL_COLUMNS = "UPN,Legal Surname,Legal Forename,Date of Birth,Year Group,Class,Admission Date"
WHO = {name: upn(n) for n, name in enumerate("here late after told silent nurse older".split(), 1)}
NAMES = {number: name for name, number in WHO.items()}
CLASSES = {"NUR": ("N2", ("nurse",)), "4W": ("4", ("older",))}
"""Class, year group and pupils; everybody else is in Year 2."""

AFTER_HALF_TERM = the_calendar().school_day_after(date(2026, 10, 25), 0)
AFTER_EASTER = the_calendar().school_day_after(date(2027, 3, 28), 0)
DAYS = {"ordinary": date(2026, 11, 10), "clocks-back": AFTER_HALF_TERM, "clocks-forward": AFTER_EASTER}

Open = set[tuple[str, str]]


class SchoolDay:
    """A school whose drop folder fills while the clock is moved by hand."""

    def __init__(self, folder: Path, day: date) -> None:
        self.folder, self.day, self.now = folder, day, datetime(2000, 1, 1, tzinfo=ZONE)
        self.office: Office = open_office(folder, clock=lambda: self.now)
        self._files = count()

    @property
    def calendar(self) -> SchoolCalendar:
        return self.office.calendar

    def export(self, marks: Mapping[str, str], period: str = "AM", day: date | None = None) -> None:
        self.export_all([(name, day or self.day, period, code) for name, code in marks.items()])

    def export_all(self, marks: Iterable[tuple[str, date, str, str]]) -> None:
        rows = [(WHO[name], f"{day:%d/%m/%Y}", period, code) for name, day, period, code in marks]
        write_csv(self._file("marks"), "UPN,Date,Session,Mark", rows)

    def message(self, name: str, at: str, reason: str) -> None:
        columns = "UPN,Received At,From,Reason,Expected Return"
        row = (WHO[name], f"{self.day:%d/%m/%Y} {at}", "Mother", reason, f"{self.day + timedelta(1):%d/%m/%Y}")
        write_csv(self._file("messages"), columns, [row])

    def sign_in(self, name: str, at: str) -> None:
        columns = "UPN,Date,Time,Direction,Reason"
        write_csv(self._file("sign_ins"), columns, [(WHO[name], f"{self.day:%d/%m/%Y}", at, "in", "")])

    def event(self, name: str, at: str, kind: str, outcome: str = "") -> None:
        columns = "UPN,At,Kind,Outcome,By,Role,Note"
        row = (WHO[name], f"{self.day:%d/%m/%Y} {at}", kind, outcome, "O. Example", "office", "")
        write_csv(self._file("events"), columns, [row])

    def at(self, clock: str) -> Open:
        """Two passes at that time; the second changes nothing. Gives the open tasks of pupils and registers."""
        self.now = datetime.combine(self.day, time.fromisoformat(clock), tzinfo=ZONE)
        before = self._passed()
        assert self._passed() == before, f"a second pass at {clock} changed something"
        return self.open()

    def effects(self) -> tuple[Effect, ...]:
        with self.office.store() as store, store.read() as tx:
            return outbox.load(tx)

    def open(self) -> Open:
        tasks = ((e, e.proposal) for e in self.effects() if e.state is State.PLANNED)
        # What the school does by the week or the year is asked for besides, and is no part of this day.
        mine = ((e, t) for e, t in tasks if isinstance(t, RaiseTask) and (e.pupil or t.rank is Rank.REGISTER))
        return {(task.kind, self._named(e)) for e, task in mine}

    def codes(self, state: State = State.PLANNED) -> set[tuple[str, str]]:
        """Pupil and code of each mark in that state."""
        marks = ((e, e.proposal) for e in self.effects() if e.state is state)
        return {(self._named(e), mark.code) for e, mark in marks if isinstance(mark, SetCode)}

    def ended(self, kind: str, name: str) -> tuple[State, str]:
        """How the one task of that kind about that pupil or class stands, and why."""
        tasks = [e for e in self.effects() if isinstance(e.proposal, RaiseTask) and e.proposal.kind == kind]
        (found,) = (e for e in tasks if self._named(e) == name)
        return found.state, found.reason

    def _passed(self) -> tuple[Effect, ...]:
        with self.office.store() as store:
            report = run_pass(self.office.inputs(store))
        assert not report.problems
        return self.effects()

    def _file(self, what: str) -> Path:
        return self.folder / "inbox" / f"{what}-{next(self._files):03}.csv"

    def _named(self, effect: Effect) -> str:
        task = effect.proposal
        if effect.pupil:
            return NAMES[effect.pupil]
        return task.occasion.split()[0] if isinstance(task, RaiseTask) else ""


Make = Callable[..., SchoolDay]


@pytest.fixture
def make(tmp_path: Path, run: Callable[..., Any]) -> Make:
    """Makes a school in which everybody has come for four weeks, as its exports stood on the eve of `day`."""

    def it(day: date, *, go_live: date = date(2026, 9, 1), closed: str = "", **away: str) -> SchoolDay:
        folder = tmp_path / "school"
        assert run("init", folder).code == 0
        settings = folder / "mbls-sync.toml"
        text = settings.read_text(encoding="utf-8").replace(
            'folder = "inbox"\n', 'folder = "inbox"\nsettle_seconds = 0\n', 1
        )
        lines = [f"go_live = {go_live}" if line.startswith("go_live") else line for line in text.splitlines()]
        settings.write_text("\n".join(lines), encoding="utf-8")
        calendar = folder / "config" / "calendar" / "2026-27.yaml"
        if closed:
            text = calendar.read_text(encoding="utf-8")
            calendar.write_text(text.replace("closures: []", f"closures: {closed}"), encoding="utf-8")
        school = SchoolDay(folder, day)
        _people(folder / "inbox")
        eve = school.calendar.sessions(day - timedelta(weeks=4), day - timedelta(days=1))
        held = {"AM": "/", "PM": "\\"}
        school.export_all((n, s.day, s.period, away.get(n, held[s.period])) for s in eve for n in WHO)
        return school

    return it


def _people(inbox: Path) -> None:
    groups = {name: (label, group) for label, (group, names) in CLASSES.items() for name in names}
    rows = []
    for name, number in WHO.items():
        label, group = groups.get(name, ("2T", "2"))
        born = {"N2": "01/11/2022", "4": "01/05/2017"}.get(group, "01/05/2019")
        rows.append((number, "Testpupil", name.title(), born, group, label, "01/09/2023"))
    write_csv(inbox / "pupils.csv", PUPIL_COLUMNS, rows)
    columns = "UPN,Priority,Name,Relationship,Parental Responsibility,Mobile"
    adults = [
        (n, k, f"Adult{i}{k} Example", "Mother", "Y", f"07700 900{i}{k:02}")
        for i, n in enumerate(WHO.values(), 1)
        for k in (1, 2)
    ]
    write_csv(inbox / "contacts.csv", columns, adults)


MORNING = {"here": "/", "late": "N", "after": "N", "told": "N", "silent": "N"}


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_from_the_first_bell_to_the_last(make: Make, day: date) -> None:
    school = make(day)
    assert school.at("08:30") == set()
    school.export(MORNING)
    assert school.at("08:44") == set()
    assert school.at("08:45") == {("take-register", "4W")}
    school.export({"older": "/"})
    assert school.at("08:50") == set()
    assert school.ended("take-register", "4W") == (State.WITHDRAWN, "the register has been marked since")
    assert school.at("08:59") == set()
    assert school.at("09:00") == {("take-register", "NUR")}
    school.export({"nurse": "/"})
    school.sign_in("late", "09:05")
    assert school.at("09:05") == set()
    assert school.codes() == {("late", "L")}

    assert school.at("09:14") == set()
    school.sign_in("after", "09:38")  # typed in beforehand: an arrival counts from its own minute
    assert school.at("09:15") == {("call-home", name) for name in ("after", "told", "silent")}
    school.message("told", "09:28", "tummy bug")
    assert school.at("09:30") == {("call-home", "after"), ("call-home", "silent")}
    state, reason = school.ended("call-home", "told")
    assert (state, "a message from home came at 09:28" in reason) == (State.WITHDRAWN, True)
    assert school.at("09:40") == {("call-home", "silent")}
    assert school.ended("call-home", "after")[0] is State.WITHDRAWN
    assert school.codes() == {("late", "L"), ("told", "I"), ("after", "U")}
    school.export({"late": "L", "told": "I", "after": "U"})
    school.event("silent", "09:50", "call-home", "no answer")
    assert school.at("10:00") == {("call-others", "silent")}
    assert school.codes(State.VERIFIED) == {("late", "L"), ("told", "I"), ("after", "U")}
    school.event("silent", "10:20", "call-others", "no answer")
    assert school.at("11:59") == set()

    assert school.at("12:00") == {("assess-risk", "silent"), ("take-register", "NUR")}
    school.export({"nurse": "\\"}, "PM")
    school.event("silent", "12:30", "risk-assessed")
    assert school.at("12:44") == set()
    assert school.at("12:45") == {("take-register", "2T")}
    school.export({"here": "\\", "late": "\\", "after": "\\", "told": "I", "silent": "N"}, "PM")
    assert school.at("13:29") == set()
    assert school.at("13:30") == {("take-register", "4W")}
    school.export({"older": "\\"}, "PM")
    assert school.at("14:00") == school.at("16:00") == set()
    _nothing_twice(school)
    _day_two(school)


def _day_two(school: SchoolDay) -> None:
    """The office may be silent too: each duty of the second day comes at its own minute."""
    school.day = school.calendar.school_day_after(school.day, 1)
    standing = {("clear-n", "silent"), ("follow-up", "silent")}
    school.export(dict.fromkeys(WHO, "/") | {"silent": "N"})
    assert school.at("09:14") == standing
    assert school.at("09:15") == {*standing, ("warn-visit", "silent")}
    assert school.at("11:59") == {*standing, ("warn-visit", "silent")}
    assert school.at("12:00") - {("take-register", "NUR")} == {*standing, ("home-visit", "silent")}
    school.event("silent", "12:40", "home-visit", "spoke: ill")
    school.export(dict.fromkeys(WHO, "\\") | {"silent": "N"}, "PM")
    assert school.at("13:31") == {("clear-n", "silent")}
    assert ("silent", "I") in school.codes()
    _nothing_twice(school)


def _nothing_twice(school: SchoolDay) -> None:
    tasks = [(e.because.rule, e.pupil, e.proposal) for e in school.effects()]
    seen = [(rule, pupil, t.kind, t.occasion, t.session) for rule, pupil, t in tasks if isinstance(t, RaiseTask)]
    assert len(seen) == len(set(seen))


def test_a_morning_that_is_closed_begins_at_the_afternoon_s_registers(make: Make) -> None:
    day = DAYS["ordinary"]
    school = make(day, closed=f"[{{day: {day}, period: AM, reason: burst pipe, planned: 'no', scope: school}}]")
    for clock in ("08:45", "09:15", "11:59"):
        assert school.at(clock) == set()
    assert school.at("12:00") == {("take-register", "NUR")}
    assert school.at("12:45") == {("take-register", "NUR"), ("take-register", "2T")}
    school.export({"here": "\\", "late": "\\", "after": "\\", "told": "\\", "silent": "N", "nurse": "\\"}, "PM")
    assert school.at("13:14") == set()
    assert school.at("13:15") == {("call-home", "silent")}
    assert school.at("13:30") == {("call-home", "silent"), ("take-register", "4W")}


def test_going_live_in_mid_year_fires_nothing_old(make: Make) -> None:
    """One pupil was away for four weeks, one is away unexplained today: only today is anybody's task."""
    day = DAYS["ordinary"]
    school = make(day, go_live=day, told="N", older="O")
    school.export({**MORNING, "late": "/", "after": "/", "older": "/", "told": "/"})
    school.export({"nurse": "/"})
    back = {("plan-return", "told"), ("plan-return", "older")}
    assert school.at("09:15") == {("call-home", "silent"), *back}, "the return of today is a task of today"
    stood = {(e.kind.value, NAMES[e.pupil]) for e in school.effects() if e.pupil and e.state is State.INHERITED}
    assert {("letter", "told"), ("letter", "older"), ("task", "told")} <= stood
    assert _states_of_old(school) == {State.INHERITED}
    drafts = {file.stem.rpartition("-")[0] for file in (school.folder / "out" / "letters").iterdir()}
    assert drafts == {"first-day-text"}, "only what may be sent with today's call lies ready"
    assert school.at("16:00") >= {("assess-risk", "silent")}
    assert _states_of_old(school) <= {State.INHERITED, State.WITHDRAWN}


def _states_of_old(school: SchoolDay) -> set[State]:
    about = [e for e in school.effects() if e.pupil in (WHO["told"], WHO["older"])]
    return {e.state for e in about if e.because.rule != "HLT-05"}


def test_a_past_mark_that_is_amended_closes_its_task_with_the_reason(make: Make) -> None:
    day = DAYS["ordinary"]
    school = make(day)
    yesterday = school.calendar.school_day_after(day - timedelta(days=7), 4)
    school.export({"silent": "N"}, "AM", yesterday)
    school.export(dict.fromkeys(WHO, "/"))
    assert school.at("09:15") == {("clear-n", "silent")}
    school.export({"silent": "I"}, "AM", yesterday)
    assert school.at("09:30") == set()
    state, reason = school.ended("clear-n", "silent")
    assert state is State.WITHDRAWN
    assert "is now I" in reason or "from N to I" in reason
