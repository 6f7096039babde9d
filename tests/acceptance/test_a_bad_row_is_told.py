"""A pull that quarantines a row says so: counted, named with file and line, and by its exit code."""

import json

from mbls_sync.cli.main import NEEDS_A_PERSON

ROWS = "UPN,Date,Session,Mark\nB801200005001,07/09/2026,AM,/\nB801200005001,07/09/2026,PM,ZZ\n"


def test_a_pull_alone_counts_the_row_and_ends_with_1(empty_school):
    (empty_school.inbox / "marks.csv").write_text(ROWS)
    told = empty_school.run("pull", "--format", "json")
    counts = {row["count"]: row["number"] for row in json.loads(told.out)["rows"]}
    assert (counts["rows"], counts["stored"], counts["quarantined"]) == (2, 1, 1)
    assert "marks.csv:3" in told.err
    assert told.code == NEEDS_A_PERSON


def test_what_was_stored_with_a_doubt_is_told_though_nothing_is_wrong_enough_to_stop(empty_school):
    rows = ROWS.replace("ZZ", "H") + "A801200005001,07/09/2026,AM,/\n"
    (empty_school.inbox / "marks.csv").write_text(rows + rows.splitlines()[1] + "\n")
    told = empty_school.run("pull")
    assert told.code == 0
    assert "marks.csv: 1 UPNs do not agree with their check letter, first seen on lines 4" in told.err
    assert "more than once with the same code, on lines 2, 5" in told.err
    assert "marks with H: 1. The code is not in the national set" in told.err


def test_a_roll_with_upns_and_marks_with_admission_numbers_are_about_the_same_pupils(empty_school):
    (empty_school.inbox / "pupils.csv").write_text("UPN,Adm No,Surname\nB801200005001,000123,Testpupil\n")
    (empty_school.inbox / "marks.csv").write_text("Adm No,Date,Session,Mark\n123,07/09/2026,AM,N\n")
    assert empty_school.run("pull").code == 0
    rows = json.loads(empty_school.run("figures", "--format", "json").out)["rows"]
    assert [(row["upn"], row["unauthorised"]) for row in rows] == [("B801200005001", 1)]


def test_every_mark_that_came_is_counted_once_cell_by_cell(empty_school):
    wide = "UPN,Week Commencing,Mon AM,Mon PM,Tue AM\nB801200005001,07/09/2026,/,ZZ,N\nB801200005001,12/09/2026,/,/,/\n"
    (empty_school.inbox / "marks wide.csv").write_text(wide)
    repeated = ROWS.splitlines()[1].replace("07/", "10/") + "\n"
    (empty_school.inbox / "marks long.csv").write_text(ROWS.splitlines()[0] + "\n" + 2 * repeated)
    told = empty_school.run("pull", "--format", "json")
    counts = {row["count"]: row["number"] for row in json.loads(told.out)["rows"]}
    assert counts == {
        "rows": 8,
        "stored": 3,
        "unchanged": 1,
        "marks_quarantined": 4,
        "duplicates": 1,
        "quarantined": 2,
    }


def test_a_column_that_slipped_is_told_in_a_few_lines_and_listed_whole_for_a_program(empty_school):
    """Two thousand lines alike would hide the one that matters."""
    rows = "".join(f"B801200005001,{day:02d}/09/2026,/,AM\n" for day in range(1, 31))
    (empty_school.inbox / "marks.csv").write_text("UPN,Date,Session,Mark\n" + rows)
    told = empty_school.run("pull")
    assert told.err.count("is neither AM nor PM") == 10
    assert "20 more rows" in told.err
    assert empty_school.run("pull", "--format", "json").err.count("is neither AM nor PM") == 30


def test_a_file_that_cannot_be_read_is_told_once_in_a_pull(empty_school):
    (empty_school.inbox / "marks.csv").write_bytes(b"")
    assert empty_school.run("pull").err.count("the file is empty") == 1
    assert empty_school.run("pull").err.count("the file is empty") == 1
