"""The long layout: a row a mark."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

A, B = "B801200005001", "N823432113104"
LONDON = ZoneInfo("Europe/London")


def test_each_row_is_a_mark_with_its_line(inbox, said):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,/\n{A},07/09/2026,PM,\\\n")
    assert said(page) == ["A 2026-09-07 AM /", "A 2026-09-07 PM \\"]
    assert [row.line for row in page.marks] == [2, 3]
    assert not page.bad
    assert not page.warnings


def test_a_backslash_is_never_an_escape(inbox, said):
    page = inbox.page("marks.csv", f'UPN,Date,Session,Mark\n{A},07/09/2026,PM,"\\"\n{B},07/09/2026,PM,\\\n')
    assert said(page) == ["A 2026-09-07 PM \\", "B 2026-09-07 PM \\"]


@pytest.mark.parametrize("blank", ["", " ", "-", "\u00a0", "\u200b", " - "])
def test_a_blank_is_never_present(inbox, said, blank):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,{blank}\n")
    assert said(page) == ["A 2026-09-07 AM none"]


def test_an_absent_row_is_never_an_absence(inbox, said):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,/\n")
    assert said(page) == ["A 2026-09-07 AM /"], "the afternoon is not spoken of"


@pytest.mark.parametrize("word", ["am", "AM", "Morning", "morning", " A.M. "])
def test_sessions_have_many_words(inbox, said, word):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{A},07/09/2026,{word},/\n")
    assert said(page) == ["A 2026-09-07 AM /"]


@pytest.mark.parametrize(
    "day",
    [
        "03/09/2026",
        "3/9/26",
        "2026-09-03",
        "03/09/2026 00:00:00",
        "2026-09-03T00:00:00",
        "03-Sep-2026",
        "Thu 3 Sep 2026",
    ],
)
def test_dates_are_read_day_first(inbox, said, day):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{A},{day},AM,/\n")
    assert said(page) == ["A 2026-09-03 AM /"]


@pytest.mark.parametrize(
    "day", ["31/09/2026", "09/13/2026", "2026-13-01", "0/9/2026", "tomorrow", "", "07/09/1026", "46272"]
)
def test_an_impossible_date_is_quarantined_with_file_line_and_reason(inbox, day):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{A},{day},AM,/\n{A},07/09/2026,AM,/\n")
    (bad,) = page.bad
    assert (bad.source, bad.line, bad.marks) == ("marks.csv", 2, 1)
    assert "date" in bad.reason or "day" in bad.reason or "year" in bad.reason
    assert len(page.marks) == 1, "the rest goes in"


def test_codes_are_capitals_of_one_or_two_characters(inbox, said):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,i\n{A},07/09/2026,PM, c1 \n")
    assert said(page) == ["A 2026-09-07 AM I", "A 2026-09-07 PM C1"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found_out(inbox, said, delimiter, end):
    rows = ["UPN,Date,Session,Mark", f"{A},07/09/2026,AM,/", f"{A},07/09/2026,PM,\\"]
    page = inbox.page("marks.csv", end.join(row.replace(",", delimiter) for row in rows) + end)
    assert said(page) == ["A 2026-09-07 AM /", "A 2026-09-07 PM \\"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_found_out(inbox, said, encoding):
    text = f"UPN,Date,Session,Mark,Comment\n{A},07/09/2026,AM,I,Zoë – “ill”\n"
    page = inbox.page("marks.csv", text.encode(encoding))
    assert said(page) == ["A 2026-09-07 AM I"]
    assert page.marks[0].detail.comment == "Zoë – “ill”"
    assert not page.warnings


@pytest.mark.parametrize(
    "header",
    [
        "Unique Pupil Number,Attendance Date,AM/PM,Attendance Code",
        "upn,DATE,session,code",
        '"U.P.N.", Date ,Session:,Mark*',
    ],
)
def test_headers_have_aliases(inbox, said, header):
    page = inbox.page("marks.csv", f"{header}\n{A},07/09/2026,AM,/\n")
    assert said(page) == ["A 2026-09-07 AM /"]


def test_the_settings_add_an_alias(inbox, said):
    text = f"UPN,Date,Session,Roll Call\n{A},07/09/2026,AM,/\n"
    assert inbox.page("marks.csv", text).unreadable
    assert said(inbox.page("marks.csv", text, aliases={"mark": ("Roll call",)})) == ["A 2026-09-07 AM /"]


def test_title_rows_and_footers_are_passed_over(inbox, said):
    title, footer = "Example School\nMarks from 01/09/2026\n\n", "\nTotal,1\nPrinted 14/09/2026,\n"
    text = f"{title}UPN,Date,Session,Mark\n{A},07/09/2026,AM,/\n{footer}"
    page = inbox.page("marks.csv", text)
    assert said(page) == ["A 2026-09-07 AM /"]
    assert page.marks[0].line == 5
    assert not page.bad


@pytest.mark.parametrize("footer", ["Total,,,1", "Printed on 14/09/2026", "Page 1 of 1", ",,,", "", "Totals:,,,"])
def test_a_row_behind_the_footer_is_quarantined_and_not_lost(inbox, said, footer):
    text = f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,/\n{footer}\n{B},07/09/2026,AM,/\n"
    page = inbox.page("marks.csv", text)
    assert said(page) == ["A 2026-09-07 AM /"]
    assert [(bad.line, bad.marks) for bad in page.bad] == [(4, 1)]


def test_a_pupil_called_page_is_no_footer(inbox, said):
    text = f"Surname,UPN,Date,Session,Mark\nPage,{A},07/09/2026,AM,/\nTotal,{B},07/09/2026,AM,/\n"
    assert said(inbox.page("marks.csv", text)) == ["A 2026-09-07 AM /", "B 2026-09-07 AM /"]


def test_details_stand_beside_the_code(inbox):
    header = "UPN,Date,Session,Mark,Minutes Late,Comment,Amended By,Role,Amended At,Amendment Reason"
    row = f"{A},07/09/2026,AM,L,12,bus,A Example,office,08/09/2026 10:05,typing mistake"
    page = inbox.page("marks.csv", f"{header}\n{row}\n{B},07/09/2026,AM,/,,,,,,\n")
    detail = page.marks[0].detail
    assert (detail.minutes_late, detail.comment) == (12, "bus")
    assert (detail.amended_by, detail.amended_role, detail.amended_reason) == ("A Example", "office", "typing mistake")
    assert detail.amended_at == datetime(2026, 9, 8, 10, 5, tzinfo=LONDON)
    assert page.marks[1].detail is None


def test_minutes_that_are_none_quarantine_the_row(inbox):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark,Minutes Late\n{A},07/09/2026,AM,L,some\n")
    assert [bad.line for bad in page.bad] == [2]


def test_an_admission_number_serves_where_there_is_no_upn(inbox):
    text = f"UPN,Adm No,Date,Session,Mark\n,00123,07/09/2026,AM,/\n{A},9,07/09/2026,AM,/\n,,07/09/2026,AM,/\n"
    page = inbox.page("marks.csv", text)
    assert [row.pupil for row in page.marks] == ["adm:00123", A]
    assert [bad.line for bad in page.bad] == [4], "a row with neither is quarantined"


@pytest.mark.parametrize("nobody", ["", " ", "\u200b", "\u00a0"])
def test_a_row_about_nobody_is_quarantined(inbox, nobody):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{nobody},07/09/2026,AM,/\n{A},07/09/2026,AM,/\n")
    assert [bad.line for bad in page.bad] == [2]
    assert len(page.marks) == 1


def test_a_name_alone_is_never_enough(inbox):
    page = inbox.page("marks.csv", "Name,Date,Session,Mark\nTestpupil,07/09/2026,AM,/\n")
    assert "name" in page.unreadable


def test_a_wrong_check_letter_warns_and_drops_nothing(inbox):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\nA801200005001,07/09/2026,AM,/\n{A},07/09/2026,AM,/\n")
    assert len(page.marks) == 2
    assert len(page.warnings) == 1
    assert "check letter" in page.warnings[0]
    assert "lines 2" in page.warnings[0]
    assert "A801200005001" not in page.warnings[0]


@pytest.mark.parametrize(
    "typed",
    [
        "b801200005001",
        "B801 2000 05001",
        "\u00a0B801200005001 ",
        "Ｂ８０１２００００５００１",
        "'B801200005001",
        '"=""B801200005001"""',
    ],
)
def test_one_upn_has_many_spellings_and_is_one_pupil(inbox, said, typed):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{typed},07/09/2026,AM,/\n")
    assert said(page) == ["A 2026-09-07 AM /"]
    assert not page.warnings


def test_a_row_that_was_cut_is_quarantined(inbox):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,/\n{A},07/09/2026,PM")
    assert [bad.line for bad in page.bad] == [3], "a mark that is missing is no blank"
    assert "line end" in page.warnings[0]


def test_a_comma_without_quotes_is_quarantined(inbox):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark,Comment\n{A},07/09/2026,AM,I,ill, at home\n")
    assert [bad.line for bad in page.bad] == [2]


def test_an_unclosed_quote_costs_no_row_but_its_own(inbox, said):
    rows = "".join(f"{A},{n:02d}/09/2026,AM,/\n" for n in range(1, 29))
    page = inbox.page("marks.csv", f'UPN,Date,Session,Mark\n{A},30/09/2026,AM,"I\n{rows}')
    assert [bad.line for bad in page.bad] == [2]
    assert len(page.marks) == 28


def test_a_comment_over_two_lines_is_one_row(inbox, said):
    text = f'UPN,Date,Session,Mark,Comment\n{A},07/09/2026,AM,I,"ill\nat home"\n{B},07/09/2026,AM,/,\n'
    page = inbox.page("marks.csv", text)
    assert said(page) == ["A 2026-09-07 AM I", "B 2026-09-07 AM /"]
    assert [row.line for row in page.marks] == [2, 4]


def test_a_line_without_end_is_quarantined(inbox, said):
    text = f"UPN,Date,Session,Mark\n{A},07/09/2026,AM,{'x' * 70_000}\n{B},07/09/2026,AM,/\n"
    page = inbox.page("marks.csv", text)
    assert said(page) == ["B 2026-09-07 AM /"]
    assert [bad.line for bad in page.bad] == [2]


def test_two_columns_for_one_thing_are_refused(inbox):
    page = inbox.page("marks.csv", f"UPN,Date,Session,Mark,Code\n{A},07/09/2026,AM,/,N\n")
    assert "same thing" in page.unreadable


@pytest.mark.parametrize(
    "text",
    [
        "UPN,Surname,TermlySessionsPossible,/,\\,B,I\nA,Testpupil,120,60,58,0,2\n",
        "Surname,Sessions Possible,Authorised\nTestpupil,120,2\n",
    ],
)
def test_totals_are_refused_with_what_to_do(inbox, text):
    page = inbox.page("marks.csv", text)
    assert "totals" in page.unreadable
    assert "Export" in page.unreadable


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("marks.csv", "", "empty"),
        ("marks.csv", "hello\nthere\n", "no header"),
        ("marks.xlsx", b"PK\x03\x04rest", "save it as CSV"),
        ("marks.csv", b"PK\x03\x04rest", "workbook"),
        ("marks.pdf", b"%PDF", "only CSV"),
    ],
)
def test_what_cannot_be_read_says_why(inbox, name, content, says):
    assert says in inbox.page(name, content).unreadable


@pytest.mark.parametrize(
    ("name", "header"),
    [("marks.csv", "UPN,Date,Session,Mark"), ("pupils.csv", "UPN,Admission Date,Surname,Year Group")],
)
def test_a_file_with_the_month_first_is_refused_whole_since_half_of_its_dates_look_well(inbox, name, header):
    """A spreadsheet set to another country turns 14 September into 09/14/2026, and 3 September into 9 March."""
    rows = [f"{A},{date},AM,2" for date in ("09/03/2026", "09/14/2026", "09/15/2026")]
    page = inbox.page(name, "\n".join([header, *rows]))
    assert "month first" in page.unreadable
    assert [*page.marks, *page.items] == []


def test_a_slip_of_the_pen_in_a_date_costs_no_row_but_its_own(inbox):
    for slips in (["09/14/2026"], ["09/14/2026", "09/15/2026", "14/09/2026"]):
        rows = [f"{A},{date},AM,/" for date in ["03/09/2026", *slips]]
        page = inbox.page("marks.csv", "\n".join(["UPN,Date,Session,Mark", *rows]))
        assert (page.unreadable, page.marks[0].line) == ("", 2)
        assert len(page.bad) == sum(date.startswith("09") for date in slips)


def test_a_heading_in_our_own_order_does_not_hide_that_the_rows_have_the_month_first(inbox):
    rows = [f"{A},{date},AM,/" for date in ("09/03/2026", "09/14/2026", "09/15/2026")]
    heading = ["Attendance 01/09/2026 to 30/09/2026", "Printed 30/09/2026"]
    page = inbox.page("marks.csv", "\n".join([*heading, "UPN,Date,Session,Mark", *rows]))
    assert ("month first" in page.unreadable, list(page.marks)) == (True, [])


@pytest.mark.parametrize("day", ["07/09/2026", "2026-09-07", "7 Sep 2026"])
def test_neither_a_time_nor_a_comment_is_taken_for_a_date_with_the_month_first(inbox, day):
    """Times may be written with dots, and a family abroad writes dates its own way; one bad row is one bad row."""
    rows = [f"{A},{day},{time},in,back from the US 9/14/2026 or 9/15/2026" for time in ("9.15.00", "9.20.30", "late")]
    page = inbox.page("sign_ins.csv", "\n".join(["UPN,Date,Time,Direction,Reason", *rows]))
    assert (page.unreadable, len(page.items), len(page.bad)) == ("", 2, 1)
