"""A week a row, dated columns, and mark strings."""

from __future__ import annotations

import pytest

A, B = "B801200005001", "N823432113104"
WEEK = "Mon AM,Mon PM,Tue AM,Tue PM,Wed AM,Wed PM,Thu AM,Thu PM,Fri AM,Fri PM"
TEN = "/,\\,/,\\,I,I,/,,L,-"
SEVENTH = [
    "A 2026-09-07 AM /", "A 2026-09-07 PM \\", "A 2026-09-08 AM /", "A 2026-09-08 PM \\", "A 2026-09-09 AM I",
    "A 2026-09-09 PM I", "A 2026-09-10 AM /", "A 2026-09-10 PM none", "A 2026-09-11 AM L", "A 2026-09-11 PM none",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("marks.csv", f"UPN,Week Commencing,{WEEK}\n{A},07/09/2026,{TEN}\n"),
        ("marks.csv", f"UPN,W/C,{WEEK}\n{A},09/09/2026,{TEN}\n"),
        ("marks.csv", f"Week commencing 07/09/2026\nUPN,{WEEK}\n{A},{TEN}\n"),
        ("marks.csv", f"Register,w/c Mon 7 Sep 2026,,,\nUPN,{WEEK}\n{A},{TEN}\n"),
        ("marks 2026-09-07.csv", f"UPN,{WEEK}\n{A},{TEN}\n"),
        ("marks_07-09-2026.csv", f"UPN,{WEEK}\n{A},{TEN}\n"),
        ("marks20260907.csv", f"UPN,{WEEK}\n{A},{TEN}\n"),
        ("marks.csv", f"UPN,Week Commencing,{WEEK.replace(' ', '')}\n{A},07/09/2026,{TEN}\n"),
        ("marks.csv", f"UPN,Date,{WEEK.replace('AM', 'morning').replace('Mon', 'Monday')}\n{A},07/09/2026,{TEN}\n"),
    ],
)  # fmt: skip
def test_a_week_of_weekday_columns(inbox, said, name, text):
    page = inbox.page(name, text)
    assert said(page) == SEVENTH
    assert not page.bad


def test_the_settings_can_name_the_week(inbox, said):
    page = inbox.page("marks.csv", f"UPN,{WEEK}\n{A},{TEN}\n", week_commencing="2026-09-07")
    assert said(page) == SEVENTH


def test_weekdays_without_a_week_are_refused(inbox):
    assert "of which week" in inbox.page("marks.csv", f"UPN,{WEEK}\n{A},{TEN}\n").unreadable


@pytest.mark.parametrize(
    "header",
    [
        "07/09/2026 AM,07/09/2026 PM",
        "07/09/2026AM,07/09/2026PM",
        "Mon 07/09/2026 AM,Mon 07/09/2026 PM",
        "2026-09-07 am,2026-09-07 pm",
        "7/9/26 Morning,7/9/26 Afternoon",
    ],
)
def test_dated_columns(inbox, said, header):
    page = inbox.page("marks.csv", f"UPN,Surname,{header}\n{A},Testpupil,/,\\\n")
    assert said(page) == ["A 2026-09-07 AM /", "A 2026-09-07 PM \\"]


def test_a_dated_column_that_is_no_day_is_refused(inbox):
    page = inbox.page("marks.csv", f"UPN,31/09/2026 AM,07/09/2026 PM\n{A},/,\\\n")
    assert "column 2" in page.unreadable


def test_the_settings_can_give_the_pattern_of_headers(inbox, said):
    page = inbox.page(
        "marks.csv",
        f"UPN,Week Commencing,S-Mon-1-AM,S-Mon-2-PM\n{A},07/09/2026,/,\\\n",
        session_columns=r"S-(?P<day>\w{3})-\d-(?P<session>..)",
    )
    assert said(page) == ["A 2026-09-07 AM /", "A 2026-09-07 PM \\"]


def test_a_bad_wide_row_counts_each_of_its_cells(inbox):
    page = inbox.page("marks.csv", f"UPN,Week Commencing,{WEEK}\n,07/09/2026,{TEN}\n{A},32/09/2026,{TEN}\n")
    assert [(bad.line, bad.marks) for bad in page.bad] == [(2, 10), (3, 10)]


STRING = "UPN,Start Date,Extract Date,Marks"


def test_a_string_is_ten_characters_a_school_week(inbox, said):
    page = inbox.page("marks.csv", f"{STRING}\n{A},07/09/2026,11/09/2026,/\\/\\II/ L-\n")
    assert said(page) == SEVENTH


def test_a_closed_day_keeps_its_place_and_a_holiday_week_has_none(inbox, said):
    # Thursday and Friday before the half-term holiday (26 to 30 October), then Monday 2 November.
    page = inbox.page("marks.csv", f"{STRING}\n{A},22/10/2026,02/11/2026,/\\/\\/\\\n")
    assert [text.split()[1] for text in said(page)][::2] == ["2026-10-22", "2026-10-23", "2026-11-02"]
    start = inbox.page("marks.csv", f"{STRING}\n{A},31/08/2026,02/09/2026,    /\\\n")
    assert said(start)[-2:] == ["A 2026-09-02 AM /", "A 2026-09-02 PM \\"], "31 August and INSET keep their places"


@pytest.mark.parametrize("string", ["/\\/\\II/ L", "/\\/\\II/ L-/", "/\\C1/\\II/ L-", ""])
def test_a_string_of_another_length_is_quarantined_whole(inbox, string):
    page = inbox.page("marks.csv", f"{STRING}\n{A},07/09/2026,11/09/2026,{string}\n")
    (bad,) = page.bad
    assert not page.marks
    assert bad.marks == len(string)
    assert "10 half-days" in bad.reason


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("marks.csv", "Extracted on 11/09/2026\nUPN,Start Date,Marks\n"),
        ("marks 2026-09-11.csv", "UPN,Start Date,Marks\n"),
    ],
)
def test_the_date_of_the_extract_may_stand_elsewhere(inbox, said, name, text):
    assert said(inbox.page(name, f"{text}{A},07/09/2026,/\\/\\II/ L-\n")) == SEVENTH


def test_without_a_date_the_day_of_the_file_is_that_of_the_extract(inbox, said):
    # The file is a minute old on Monday the 14th: a week and a day.
    page = inbox.page("marks.csv", f"UPN,Start Date,Marks\n{A},07/09/2026,/\\/\\II/ L-/\\\n")
    assert said(page)[-1] == "A 2026-09-14 PM \\"


def test_a_year_without_a_calendar_cannot_be_counted(inbox):
    page = inbox.page("marks.csv", f"{STRING}\n{A},07/09/2025,11/09/2025,/\\/\\/\\/\\/\\\n")
    assert "2025-26" in page.bad[0].reason


def test_a_layout_that_is_set_is_not_guessed(inbox):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,/\n", layout="mark_string")
    assert "mark_string" in page.unreadable
