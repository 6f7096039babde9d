"""A sheet beside a web form: each field in the form's order, whole values to copy, and what is missing said aloud."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.model.la_profile import NOT_HELD, Column, ReturnForm
from mbls_sync.model.papers import Cell, ReturnTable
from mbls_sync.render.fill_sheet import fill_sheet

COLUMNS = (
    Column("Name", "full_name", required=True),
    Column("Born", "born", required=True),
    Column("New school", "destination"),
    Column("Safe to visit?", NOT_HELD),
)


def _page(*rows: tuple[Cell, ...], one_each: bool = True) -> str:
    form = ReturnForm("made-up", columns=COLUMNS, one_pupil_each=one_each)
    table = ReturnTable("made-up", "Made-up form", "x", tuple(column.head for column in COLUMNS), rows)
    return fill_sheet(table, form, "Example School", "27/11/2026").decode("utf-8")


def _said(page: str) -> list[tuple[str, str]]:
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    return [(unescape(head), unescape(re.sub(r"<[^>]+>", "", value))) for head, value in pairs]


def test_the_fields_stand_in_the_form_s_order_with_dates_as_people_write_them() -> None:
    assert _said(_page(("Amber Test", date(2019, 5, 1), "Elsewhere", ""))) == [
        ("Name", "Amber Test"),
        ("Born", "01/05/2019"),
        ("New school", "Elsewhere"),
        ("Safe to visit?", "Not on record: answer it yourself"),
    ]


def test_what_the_la_asks_for_and_nobody_holds_is_missing_and_what_it_does_not_insist_on_is_left_empty() -> None:
    assert [value for _, value in _said(_page(("", None, "", "")))] == [
        "Missing: see the checklist",
        "Missing: see the checklist",
        "leave empty",
        "Not on record: answer it yourself",
    ]


def test_each_child_has_a_form_and_nobody_is_said_in_words() -> None:
    assert _page(("A", None, "", ""), ("B", None, "", "")).count("<dl") == 2
    assert "Nobody to report" in _page()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool))
def test_a_value_is_copied_whole_and_none_becomes_part_of_the_page(value: str) -> None:
    page = _page((value, None, value, ""))
    assert next(said for _, said in _said(page)) == value
    assert re.findall(r"<(script|iframe|object)", page) == []
