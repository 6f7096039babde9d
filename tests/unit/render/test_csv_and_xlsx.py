"""Two kinds of CSV and one of XLSX: a machine's cell is never altered, a person's never runs."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.errors import PaperRefused
from mbls_sync.render.cells import STARTS_A_FORMULA
from mbls_sync.render.csv_machine import csv_for_machine
from mbls_sync.render.csv_person import csv_for_person, guarded, read_csv_of_person, unguarded
from mbls_sync.render.xlsx import LONGEST_CELL, Sheet, workbook

HOSTILE = ('=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1")
MARKS = ("/", "\\", "-", "#", "N", "C1", "@", "+", "L", "")
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_a_machine_reads_back_exactly_what_was_written_or_the_file_is_refused(rows: list[tuple[str, str]]) -> None:
    try:
        data = csv_for_machine(("a", "b"), rows)
    except PaperRefused:
        return
    found = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    assert found == [["a", "b"], *(list(row) for row in rows)]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_that_looks_like_a_formula_goes_to_a_machine_as_it_is(mark: str) -> None:
    assert list(csv.reader(io.StringIO(csv_for_machine(("Mark",), [(mark,)]).decode())))[1:] == [[mark]]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_machine_file_that_would_need_altering_is_refused_without_repeating_the_text(text: str) -> None:
    with pytest.raises(PaperRefused, match="row 2, column Surname") as refused:
        csv_for_machine(("Surname",), [("Testpupil",), (text,)])
    assert text not in str(refused.value)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "\ud800"])
def test_a_control_character_is_refused_too(text: str) -> None:
    with pytest.raises(PaperRefused, match="control character"):
        csv_for_machine(("a",), [(text,)])


def test_a_telephone_number_and_a_negative_number_are_no_formulas() -> None:
    assert b"+44 7700 900101,-3" in csv_for_machine(("a", "b"), [("+44 7700 900101", -3)])


def test_dates_are_iso_for_a_machine_and_british_for_a_person() -> None:
    day = date(2026, 9, 7)
    assert b"2026-09-07" in csv_for_machine(("a",), [(day,)])
    assert b"07/09/2026" in csv_for_person(("a",), [(day,)])


@given(st.lists(st.tuples(st.text(max_size=30)), max_size=8))
def test_no_cell_of_a_persons_file_starts_a_formula(rows: list[tuple[str]]) -> None:
    found = list(csv.reader(io.StringIO(csv_for_person(("a",), rows).decode("utf-8-sig"), newline="")))
    assert len(found) == len(rows) + 1
    assert not any(cell.startswith(STARTS_A_FORMULA) for row in found for cell in row)


@given(TEXT.filter(str.isprintable))
def test_what_guards_a_cell_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) in (text, text.removeprefix("'"))


@given(st.lists(st.tuples(TEXT.filter(str.isprintable), TEXT.filter(str.isprintable)), max_size=5))
def test_a_persons_file_can_be_read_again(rows: list[tuple[str, str]]) -> None:
    heads, found = read_csv_of_person(csv_for_person(("a", "b"), rows))
    assert heads == ["a", "b"]
    assert [[unguarded(c) for c in row] for row in found] == [[unguarded(c) for c in row] for row in rows]


def test_a_file_that_a_spreadsheet_saved_its_own_way_is_read_too() -> None:
    assert read_csv_of_person("Date;Note\r\n2026-09-07;café\r\n".encode("cp1252")) == (
        ["Date", "Note"],
        [["2026-09-07", "café"]],
    )


def _book(*rows: tuple[str | int | date | None, ...]) -> bytes:
    sheet = Sheet("Register check", "Title", ("Name", "Born", "Sessions"), rows, "subtitle", ("=note",))
    return workbook([sheet], "Title", date(2026, 10, 13))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_book((text, date(2020, 1, 5), 101), ("http://x", None, 0))))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert text.strip() in {str(cell.value).strip() for cell in cells}


def test_a_workbook_has_typed_cells_a_frozen_head_and_print_titles() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_book(("Testpupil", date(2020, 1, 5), 101))))
    page = book.worksheets[0]
    assert page["B4"].is_date
    assert page["C4"].value == 101
    assert page.freeze_panes == "A4"
    assert page.print_title_rows == "$3:$3"


def test_a_workbook_is_the_same_twice() -> None:
    assert _book(("a", None, 1)) == _book(("a", None, 1))


def test_a_text_too_long_for_a_cell_is_cut_where_one_sees_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_book(("x" * (LONGEST_CELL + 5), None, 1))))
    assert str(book.worksheets[0]["A4"].value).endswith("…")


def test_a_row_has_room_for_its_longest_cell_whatever_opens_it() -> None:
    rows = (("short", 1), ("a cause told in many words, " * 8, 2), ("one\ntwo\nthree", 3), ("x" * 40_000, 4))
    data = workbook([Sheet("check", "Title", ("Cause", "Unauthorised absence"), rows)], "Title", date(2026, 10, 13))
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    heights = [page.row_dimensions[number].height or 15 for number in range(4, 8)]
    assert heights[0] < heights[2] <= heights[1] <= heights[3] <= 409
