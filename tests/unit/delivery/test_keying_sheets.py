"""The keying sheet and the sheets of the office."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.keying_sheet import write_keying_sheet
from mbls_sync.delivery.sheets import write_advice_sheets, write_block_sheets, write_row_sheets
from mbls_sync.errors import PaperRefused
from mbls_sync.model.codes import CodeStanding, Meaning
from mbls_sync.model.deliveries import Effect, Kind, Mode, State
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import AddToSheet, SetCode
from mbls_sync.model.pupils import Phase
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.subjects import PupilSession

Wrap = Callable[..., Effect]
DAY = date(2026, 10, 13)


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def marks(desk: Desk, effect_of: Wrap) -> Desk:
    subject = PupilSession(PupilId("A1"), Session(DAY, Period.AM), "N", Meaning.UNAUTHORISED, CodeStanding.VALID,
                           desk.calendar.zone, Phase.KEY_STAGE_1, "Otters", True, True)  # fmt: skip
    wanted = SetCode(subject, "I", "Home said at 08:30 that the pupil is ill.")
    done = replace(effect_of(wanted, Kind.MARK, State.VERIFIED), key="f" * 64)
    return replace(desk, effects=(effect_of(wanted, Kind.MARK), done))


def test_the_keying_sheet_says_what_stands_now_what_it_becomes_and_why(marks: Desk, tmp_path: Path) -> None:
    page, sheet = write_keying_sheet(marks, tmp_path)
    (row,) = _rows(sheet.read_bytes())[1:]
    assert row[:6] == ["Otters", "Amber Testpupil", "13/10/2026", "AM", "N", "I"]
    text = page.read_text(encoding="utf-8")
    assert "Home said at 08:30" in text
    assert "SHADOW MODE. Do not enter" in text


def test_a_mark_that_a_pull_has_shown_is_off_the_sheet(marks: Desk, tmp_path: Path) -> None:
    done = replace(marks, effects=marks.effects[1:])
    assert "No mark to enter" in write_keying_sheet(done, tmp_path)[0].read_text(encoding="utf-8")


def test_outside_shadow_mode_the_sheet_says_to_enter(marks: Desk, tmp_path: Path) -> None:
    text = write_keying_sheet(replace(marks, mode=Mode.AUTO), tmp_path)[0].read_text(encoding="utf-8")
    assert "SHADOW" not in text
    assert "leave it: a person has changed it" in text


def _row(key: str, **cells: str) -> AddToSheet:
    return AddToSheet("whole-school", key, key, "row", tuple(cells.items()))


def test_a_day_is_updated_in_place_and_what_a_person_added_stays(desk: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    sheet = tmp_path / "whole-school.csv"
    sheet.write_text("Date,Attendance,Our note\r\n12/10/2026,90.0%,snow\r\nmine,,kept\r\n", encoding="cp1252")
    rows = (_row("2026-10-12", Attendance="91.0%", Late="3"), _row("2026-10-13", Attendance="95.0%", Late="1"))
    given = replace(desk, effects=tuple(effect_of(row, Kind.SHEET_ROW) for row in rows))
    assert write_row_sheets(given, tmp_path) == [sheet]
    first = sheet.read_bytes()
    assert _rows(first) == [
        ["Date", "Attendance", "Our note", "Late"],
        ["12/10/2026", "91.0%", "snow", "3"],
        ["mine", "", "kept", ""],
        ["2026-10-13", "95.0%", "", "1"],
    ]
    write_row_sheets(given, tmp_path)
    assert sheet.read_bytes() == first


def test_a_new_sheet_starts_with_the_key(desk: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    given = replace(desk, effects=(effect_of(_row("2026-10-13", Attendance="95.0%"), Kind.SHEET_ROW),))
    assert _rows(write_row_sheets(given, tmp_path)[0].read_bytes()) == [["Date", "Attendance"], ["2026-10-13", "95.0%"]]


def test_a_sheet_that_cannot_be_read_is_left_as_it_is(desk: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    (tmp_path / "whole-school.csv").mkdir()
    given = replace(desk, effects=(effect_of(_row("2026-10-13", A="1"), Kind.SHEET_ROW),))
    with pytest.raises(PaperRefused, match="left as it is"):
        write_row_sheets(given, tmp_path)


def test_the_fire_list_is_a_page_by_class_and_a_csv(desk: Desk, effect_of: Wrap, tmp_path: Path) -> None:
    block = AddToSheet("fire-list", "Otters", "Otters: 1 of 2 on site", "block", (("=Amber <b>", "marked / AM"),))
    given = replace(desk, effects=(effect_of(block, Kind.SHEET_ROW),))
    page, sheet = write_block_sheets(given, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert "Otters: 1 of 2 on site" in text
    assert "=Amber &lt;b&gt;" in text
    assert _rows(sheet.read_bytes())[1] == ["Otters", "'=Amber <b>", "marked / AM"]


def test_advice_is_a_page_of_labelled_lines_and_goes_when_nothing_is_left(
    desk: Desk, effect_of: Wrap, tmp_path: Path
) -> None:
    row = AddToSheet("requests-for-the-head", "k", "Ada <b>: decide", "advice", (("Purpose", "a & b"),))
    given = replace(desk, effects=(effect_of(row, Kind.SHEET_ROW),))
    (page,) = write_advice_sheets(given, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert "<dt>Purpose</dt>\n<dd>a &amp; b</dd>" in text
    assert "Ada &lt;b&gt;: decide" in text
    assert write_advice_sheets(replace(desk, effects=()), tmp_path) == []
    assert not page.exists()
