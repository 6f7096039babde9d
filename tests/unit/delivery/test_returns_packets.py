"""What goes to the LA: returns with a manifest, packets that name nobody in a file name."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.evidence import evidence_of
from mbls_sync.delivery.packets import referral_of, write_packet
from mbls_sync.delivery.return_entries import due_without_lines, entries_of, return_due, returns_due
from mbls_sync.delivery.returns import write_return
from mbls_sync.errors import PaperRefused
from mbls_sync.figures.cases import unauthorised_in
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import FactsSection, PacketSections, ReturnTable
from mbls_sync.model.proposals import IncludeInReturn, OpenReferral
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.view import DatedValue, Parameter, ParameterKind

Wrap = Callable[..., Effect]
DUE = date(2026, 12, 18)


def _writer(**given: Any) -> ReturnTable:
    rows = tuple((e.pupil.surname, e.pupil.born, e.figures.possible, e.cause) for e in given["entries"])
    return ReturnTable("register-check", "Register check", "test", ("Surname", "Born", "Possible", "Cause"), rows)


def _builder(**given: Any) -> PacketSections:
    pupil = given["evidence"].pupil
    return PacketSections("ewo", "Referral", pupil.legal_name, (FactsSection("Pupil", (("UPN", pupil.upn),)),))


@pytest.fixture
def listed(desk: Desk, effect_of: Wrap) -> Desk:
    lines = [
        IncludeInReturn("register-check", PupilId(p), "2026-27 Autumn", DUE, "illness") for p in ("C3", "A1", "B2")
    ]
    effects = [effect_of(line, Kind.RETURN_LINE) for line in lines]
    effects[2] = replace(effects[2], state=State.WITHDRAWN)
    return replace(desk, effects=tuple(effects))


def _write(desk: Desk, folder: Path) -> dict[str, bytes]:
    (due,) = returns_due(desk)
    return {path.name: path.read_bytes() for path in write_return(desk, due, _writer, folder)}


def test_a_return_lists_by_name_all_who_stand_in_it_and_nobody_else(listed: Desk) -> None:
    (due,) = returns_due(listed)
    assert [entry.pupil.id for entry in entries_of(due, listed)] == ["C3", "A1"]


def test_its_files_are_named_by_school_return_period_and_number(listed: Desk, tmp_path: Path) -> None:
    stem = "8239999_register-check_2026-27-autumn_001"
    assert sorted(_write(listed, tmp_path)) == [f"{stem}.csv", f"{stem}.manifest.json", f"{stem}.xlsx"]


def test_after_it_was_sent_the_next_file_has_the_next_number(listed: Desk, tmp_path: Path) -> None:
    sent = Event(listed.now, "return-sent", ref="register-check 2026-27 Autumn")
    assert any("_002.csv" in name for name in _write(replace(listed, events=(sent,)), tmp_path))


def test_the_manifest_states_rows_hashes_rules_and_no_name(listed: Desk, tmp_path: Path) -> None:
    files = _write(listed, tmp_path)
    text = next(data for name, data in files.items() if name.endswith("manifest.json"))
    stated = json.loads(text)
    assert (stated["rows"], stated["rules"], stated["cohort"]) == (2, ["FDC-03"], "all_roll")
    for file in stated["files"]:
        assert file["sha256"] == hashlib.sha256(files[file["name"]]).hexdigest()
    assert b"Testpupil" not in text


def test_the_same_desk_gives_the_same_bytes_in_any_order_and_at_any_minute(listed: Desk, tmp_path: Path) -> None:
    later = replace(listed, effects=listed.effects[::-1], now=listed.now.replace(hour=11))
    assert _write(listed, tmp_path / "one") == _write(later, tmp_path / "two")


def test_csv_and_workbook_hold_the_same_rows(listed: Desk, tmp_path: Path) -> None:
    files = _write(listed, tmp_path)
    rows = list(csv.reader(io.StringIO(next(d for n, d in files.items() if n.endswith(".csv")).decode())))
    book = openpyxl.load_workbook(io.BytesIO(next(d for n, d in files.items() if n.endswith(".xlsx"))))
    page = book.worksheets[0]
    assert rows[1][0] == page["A4"].value == "Example"
    assert rows[1][1] == page["B4"].value.date().isoformat()


def test_a_name_that_would_have_to_be_altered_stops_the_return_and_leaves_nothing(listed: Desk, tmp_path: Path) -> None:
    history = listed.histories[PupilId("C3")]
    bad = replace(history, pupil=replace(history.pupil, surname="=1+1"))
    with pytest.raises(PaperRefused, match="row 1, column Surname"):
        _write(replace(listed, histories={**listed.histories, PupilId("C3"): bad}), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_pupil_who_left_is_counted_and_not_invented(listed: Desk, tmp_path: Path) -> None:
    gone = replace(listed, histories={PupilId("A1"): listed.histories[PupilId("A1")]})
    text = next(data for name, data in _write(gone, tmp_path).items() if name.endswith("manifest.json"))
    assert json.loads(text)["no_longer_on_roll"] == 1


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [("2026-11", date(2026, 11, 1), date(2026, 11, 30)), ("2026-12", date(2026, 12, 1), date(2026, 12, 31))],
)
def test_a_month_names_its_own_span(desk: Desk, period: str, first: date, last: date) -> None:
    due = return_due("attendance", period, last, desk.calendar)
    assert (due.first, due.last) == (first, last)


def test_a_term_names_its_own_span(desk: Desk) -> None:
    name, first, last = desk.calendar.terms(DUE)[0]
    due = return_due("register-check", f"2026-27 {name}", DUE, desk.calendar)
    assert (due.first, due.last) == (first, last)


@pytest.fixture
def referred(desk: Desk, effect_of: Wrap) -> Desk:
    wanted = OpenReferral("ewo", PupilId("A1"), "2026-27.1", desk.now, "attendance officer", "No improvement.")
    return replace(desk, effects=(effect_of(wanted, Kind.REFERRAL),))


def test_a_packet_is_a_zip_with_a_manifest_that_hashes_every_file(referred: Desk, tmp_path: Path) -> None:
    referral = referral_of(referred.effects[0])
    archive, *loose = write_packet(referred, referral, _builder, "p-1234", tmp_path)
    assert archive.name == "ewo_p-1234_20261013.zip"
    with zipfile.ZipFile(archive) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    stated = json.loads(files["manifest.json"])
    assert {file["name"] for file in stated["files"]} == set(files) - {"manifest.json"}
    assert all(hashlib.sha256(files[f["name"]]).hexdigest() == f["sha256"] for f in stated["files"])
    assert {path.name: path.read_bytes() for path in loose} == files


def test_no_name_and_no_upn_stands_in_a_file_name_or_in_the_manifest(referred: Desk, tmp_path: Path) -> None:
    written = write_packet(referred, referral_of(referred.effects[0]), _builder, "p-1234", tmp_path)
    manifest = next(path for path in written if path.name == "manifest.json").read_text(encoding="utf-8")
    for text in [manifest, *(str(path.relative_to(tmp_path)) for path in written)]:
        assert not any(word in text for word in ("Testpupil", "Amber", "A000000000001", "A1"))


def test_the_packet_is_the_same_twice_and_its_pdf_can_be_read(referred: Desk, tmp_path: Path) -> None:
    referral = referral_of(referred.effects[0])
    first = write_packet(referred, referral, _builder, "p", tmp_path / "one")
    second = write_packet(referred, referral, _builder, "p", tmp_path / "two")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    pdf = next(path for path in first if path.suffix == ".pdf")
    assert "A000000000001" in PdfReader(pdf).pages[0].extract_text()


def test_a_sealed_packet_leaves_nothing_open_beside_it(referred: Desk, tmp_path: Path) -> None:
    referral = referral_of(referred.effects[0])
    (sealed,) = write_packet(referred, referral, _builder, "p", tmp_path, "seven lazy otters swim at noon")
    assert list(tmp_path.iterdir()) == [sealed]
    with zipfile.ZipFile(sealed) as archive, pytest.raises(RuntimeError, match=r"password|encrypted|compression"):
        archive.read("manifest.json")


def test_evidence_is_about_one_pupil_and_counts_siblings_only(referred: Desk) -> None:
    evidence = evidence_of(referred, PupilId("A1"))
    assert evidence.siblings == 1
    assert evidence.marks[-1].code == "N"
    assert {event.pupil for event in evidence.events} == {"A1"}
    assert sum(possible for _, _, possible in evidence.weekly) == len(
        [m for m in evidence.marks if m.meaning != "not collected"]
    )


def test_a_packet_about_a_pupil_who_left_is_refused(referred: Desk, tmp_path: Path) -> None:
    referral = referral_of(referred.effects[0])
    with pytest.raises(PaperRefused, match="not on the roll"):
        write_packet(replace(referred, histories={}), referral, _builder, "p", tmp_path)


@pytest.fixture
def written_late(listed: Desk) -> Desk:
    """September's return, written in October: the last marks of the month were good, those since are not."""
    line = IncludeInReturn("attendance", PupilId("A1"), "2026-09", date(2026, 9, 30), "irregular")
    kept = replace(listed.effects[0], pupil=PupilId("A1"), proposal=line)
    return replace(listed, effects=(kept,))


def test_a_return_written_late_is_about_its_own_period(written_late: Desk, tmp_path: Path) -> None:
    (due,) = returns_due(written_late)
    (entry,) = entries_of(due, written_late)
    assert (entry.figures.absent, entry.unexplained_left) == (0, 0)
    assert entry.figures.possible == len(written_late.calendar.sessions(date(2026, 9, 1), date(2026, 9, 30)))
    assert entry.last_action is None, "the call of October is no step of September"
    files = _write(written_late, tmp_path)
    assert json.loads(next(d for n, d in files.items() if n.endswith("manifest.json")))["marks_until"] == "2026-09-30"


def test_a_return_of_last_school_year_is_about_that_year_and_still_names_a_leaver(written_late: Desk) -> None:
    history = written_late.histories[PupilId("A1")]
    gone = replace(history.pupil, left=date(2026, 9, 30))
    others = {id: other for id, other in written_late.histories.items() if id != "A1"}
    desk = replace(written_late, histories=others, leavers=(gone,), events=history.events)
    (entry,) = entries_of(returns_due(desk)[0], desk)
    assert (entry.pupil, entry.cause) == (gone, "irregular; left on 30/09/2026")
    last_year = return_due("register-check", "2025-26 summer", date(2026, 7, 17), desk.calendar)
    line = IncludeInReturn("register-check", PupilId("B2"), "2025-26 summer", date(2026, 7, 17), "low")
    summer = replace(desk, effects=(replace(desk.effects[0], pupil=PupilId("B2"), proposal=line),))
    (row,) = entries_of(last_year, summer)
    assert row.figures.possible == 0, "no register of that year is known, and this year's marks are none of it"


def test_a_step_late_in_the_evening_stands_on_the_school_s_own_day(listed: Desk) -> None:
    evening = Event(datetime(2026, 10, 1, 23, 30, tzinfo=UTC), "support-letter-sent", PupilId("A1"))
    history = replace(listed.histories[PupilId("A1")], events=(evening,))
    desk = replace(listed, histories={**listed.histories, PupilId("A1"): history})
    (due,) = returns_due(desk)
    acted = {entry.pupil.id: entry.last_action for entry in entries_of(due, desk)}[PupilId("A1")]
    assert acted is not None
    assert acted.at.date() == date(2026, 10, 2)


def test_a_text_that_names_a_brother_or_sister_is_counted_and_left_as_it_is(referred: Desk) -> None:
    history = referred.histories[PupilId("A1")]
    said = replace(history.events[0], note="Jo says that KIT is ill too")
    named = {**referred.histories, PupilId("A1"): replace(history, events=(said, history.events[0]))}
    evidence = evidence_of(replace(referred, histories=named), PupilId("A1"))
    assert (evidence.others_named, evidence_of(referred, PupilId("A1")).others_named) == (1, 0)
    assert evidence.events[0] == said


def test_a_text_that_names_any_other_pupil_in_full_or_by_number_is_counted_too(referred: Desk) -> None:
    history = referred.histories[PupilId("A1")]
    other = Pupil(PupilId("Z900"), "O'Strange-Example", "Zoë", upn="Z823999900001")
    texts = ("Pushed by ZOË  O'Strange-Example.", "o'strange-example, zoë was there", "see Z823999900001", "Zoë came")
    said = tuple(replace(history.events[0], note=text) for text in texts)
    named = {**referred.histories, PupilId("A1"): replace(history, events=said)}
    desk = replace(referred, histories=named, roll=(*referred.roll, other))
    assert evidence_of(desk, PupilId("A1")).others_named == 3


def test_the_sessions_that_count_for_a_notice_are_those_of_the_figure_though_weeks_went_unmarked(
    referred: Desk,
) -> None:
    history = referred.histories[PupilId("A1")]
    end = date(2027, 1, 22)
    late = replace(history, until=Session(end, Period.PM), spans=None)
    late = replace(late, figures=late.counts(late.year.first, end))
    evidence = evidence_of(replace(referred, histories={PupilId("A1"): late}), PupilId("A1"))
    assert evidence.marks[-1].meaning == "unauthorised absence", "the last weeks have no mark"
    counted = unauthorised_in(evidence, late.measures.school_weeks)
    assert len(counted) == evidence.figures.unauthorised_10_weeks == 0


def test_a_mark_of_a_day_off_roll_stands_beside_no_figure_that_leaves_it_out(referred: Desk) -> None:
    history = referred.histories[PupilId("A1")]
    late = replace(history, pupil=replace(history.pupil, admitted=date(2026, 9, 7)), spans=None)
    evidence = evidence_of(replace(referred, histories={PupilId("A1"): late}), PupilId("A1"))
    assert evidence.marks[0].session.day == date(2026, 9, 7)
    assert sum(possible for _, _, possible in evidence.weekly) == late.counts(date(2026, 9, 1), DUE).possible


def test_a_return_in_which_nobody_stands_is_of_the_present_term_and_due_at_its_end(desk: Desk, tmp_path: Path) -> None:
    due = due_without_lines("register-check", desk)
    assert (due.period, due.first, due.due) == ("2026-27 autumn", date(2026, 9, 1), DUE)
    files = [path.name for path in write_return(desk, due, _writer, tmp_path)]
    assert files[0] == "8239999_register-check_2026-27-autumn_001.csv"


def test_a_monthly_return_in_which_nobody_stands_is_of_the_present_month(desk: Desk) -> None:
    dated = DatedValue(date(2024, 8, 19), "monthly", "test", "test")
    stated = Parameter("la.attendance_return.frequency", "test", ParameterKind.TEXT, (dated,), None, Path("x.yaml"))
    monthly = replace(desk, parameters={stated.name: stated})
    due = due_without_lines("attendance", monthly)
    assert (due.period, due.first, due.last, due.due) == (
        "2026-10",
        date(2026, 10, 1),
        date(2026, 10, 31),
        date(2026, 10, 22),
    )
    holiday = replace(monthly, now=monthly.now.replace(month=8))
    assert due_without_lines("attendance", holiday).due == date(2026, 8, 31)
    assert due_without_lines("register-check", holiday).period == "2026-27"
