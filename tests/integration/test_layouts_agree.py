"""The same marks give the same register and the same figures, however the MIS writes them down."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from mbls_adapter_integris_csv.adapter import IntegrisCsv
from mbls_adapter_integris_csv.options import Options

from mbls_sync.contracts import Given
from mbls_sync.figures.counts import by_pupil
from mbls_sync.figures.measures import Measures
from mbls_sync.intake.pull import pull_source
from mbls_sync.mis_http.contract import Http
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import AcademicYear, monday
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import RegisterPages
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.upn import upn_check_letter
from mbls_sync.store import registers
from mbls_sync.store.database import open_store
from mbls_sync.testing.builders import ZONE, a_policy, the_calendar, the_codebook

FIRST, LAST = date(2026, 9, 2), date(2026, 11, 13)
"""Across the half-term holiday and two INSET days."""

NOW = datetime(2026, 11, 16, 9, 30, tzinfo=ZONE)
UPNS = [upn_check_letter(rest) + rest for rest in (f"{823000026000 + n:012d}" for n in range(12))]
WEEKDAYS = "Mon Tue Wed Thu Fri".split()

Marks = Mapping[tuple[str, Session], str]


def some_marks() -> Marks:
    """Twelve pupils' marks, of one-character codes: two characters do not fit into a string."""
    chance = random.Random(823)
    sessions = the_calendar().sessions(FIRST, LAST)
    return {(upn, session): chance.choice("/////////\\\\LIMUONBE-") for upn in UPNS for session in sessions}


def long_layout(marks: Marks) -> str:
    rows = (f"{upn},{s.day:%d/%m/%Y},{s.period},{code}" for (upn, s), code in marks.items())
    return "\r\n".join(["UPN,Date,Session,Mark", *rows, ""])


def weeks_layout(marks: Marks) -> str:
    columns = [f"{day} {period}" for day in WEEKDAYS for period in Period]
    rows = []
    for upn in UPNS:
        for week in the_calendar().school_weeks:
            days = [date.fromordinal(week.toordinal() + n) for n in range(5)]
            cells = [marks.get((upn, Session(day, period)), "") for day in days for period in Period]
            if any(cells):
                rows.append(f"{upn},{week:%d/%m/%Y},{','.join(cells)}")
    return "\r\n".join([f"UPN,Week Commencing,{','.join(columns)}", *rows, ""])


def dated_layout(marks: Marks) -> str:
    sessions = the_calendar().sessions(FIRST, LAST)
    columns = ",".join(f"{s.day:%d/%m/%Y} {s.period}" for s in sessions)
    rows = (f"{upn},{','.join(marks[upn, s] for s in sessions)}" for upn in UPNS)
    return "\r\n".join([f"UPN,{columns}", *rows, ""])


def string_layout(marks: Marks) -> str:
    weeks = [week for week in the_calendar().school_weeks if monday(FIRST) <= week <= LAST]
    days = [date.fromordinal(week.toordinal() + n) for week in weeks for n in range(5)]
    halves = [Session(day, period) for day in days if FIRST <= day <= LAST for period in Period]
    rows = (f"{u},{FIRST:%d/%m/%Y},{LAST:%d/%m/%Y},{''.join(marks.get((u, h), ' ') for h in halves)}" for u in UPNS)
    return "\r\n".join(["UPN,Start Date,Extract Date,Marks", *rows, ""])


LAYOUTS: Mapping[str, Callable[[Marks], str]] = {
    "long": long_layout,
    "weeks": weeks_layout,
    "dated": dated_layout,
    "string": string_layout,
}


def load(folder: Path, content: bytes) -> RegisterPages:
    """The register that one export makes, in a store of its own."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "marks.csv").write_bytes(content)
    os.utime(inbox / "marks.csv", (1_700_000_000, 1_700_000_000))
    given = Given(folder, the_calendar(), lambda: NOW.astimezone(UTC), time.sleep, _no_http)
    store = open_store(f"sqlite:///{folder}/mbls-sync.sqlite3", "example")
    try:
        adapter = IntegrisCsv(Options(), given)
        report = pull_source(
            store, adapter, codes=the_codebook(), calendar=the_calendar(), now=NOW, max_shrink=Decimal(20)
        )
        assert not report.needs_a_person
        assert all(page.adds_up for page in report.pages)
        with store.read() as tx:
            return registers.load(tx, AcademicYear(2026))
    finally:
        store.close()


def figures(pages: RegisterPages) -> tuple[PupilFigures, ...]:
    roll = [Pupil(PupilId(upn), "Testpupil", upn=upn) for upn in UPNS]
    measures = Measures.under(a_policy(LAST))
    return by_pupil(pages, roll, the_calendar(), first=FIRST, last=Session(LAST, Period.PM), measures=measures)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> RegisterPages:
    """What the long layout in plain UTF-8 gives, checked mark by mark."""
    marks = some_marks()
    pages = load(tmp_path_factory.mktemp("expected"), long_layout(marks).encode())
    for (upn, session), code in marks.items():
        assert pages.code(PupilId(upn), session) == ("" if code == "-" else code)
    return pages


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_and_encodings_agree(tmp_path: Path, expected: RegisterPages, layout: str, encoding: str) -> None:
    # A title row with an accent makes the encodings differ in more than their first bytes.
    text = "Register of Example École\r\n" + LAYOUTS[layout](some_marks())
    found = load(tmp_path, text.encode(encoding))
    assert found.pages == expected.pages
    assert figures(found) == figures(expected)


def _no_http(origin: str, _headers: Mapping[str, str]) -> Http:
    raise AssertionError(f"a drop folder opens HTTP to {origin}")
