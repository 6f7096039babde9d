"""The head and the governors see where policy and law differ, on a terminal, as data and as a page."""

import json
import re


def test_each_difference_is_printed_with_its_source_and_what_to_do(empty_school):
    answer = empty_school.run("check", "--law")
    assert answer.code == 0
    for words in ("# for a part of the school", "SI 2024/208", "Say that the school asks the LA", "due for review"):
        assert words in answer.out


def test_as_data_it_holds_what_agrees_too_and_another_day_gives_another_law(empty_school):
    today = json.loads(empty_school.run("check", "--law", "--format", "json").out)
    before = json.loads(empty_school.run("check", "--law", "--at", "2024-08-18", "--format", "json").out)
    assert {row["standing"] for row in today} == {"differs", "policy differs, the law is followed", "agrees"}
    assert len(before) < len(today)
    csv = empty_school.run("check", "--law", "--format", "csv").out
    assert csv.startswith("standing,title,section,policy,in_force,law,since,source,mend\n")


def test_the_page_for_the_governors_has_a_heading_a_table_head_and_no_word_of_the_machine(empty_school):
    empty_school.run("check", "--law", "--page", str(empty_school.folder / "law.html"))
    page = (empty_school.folder / "law.html").read_text(encoding="utf-8")
    assert page.count("<h1>") == 1
    assert '<html lang="en-GB">' in page
    assert len(re.findall('scope="col"', page)) >= 5
    assert "unless_notified" not in page
    assert "each_day" not in page


def test_a_page_that_cannot_be_written_is_said(empty_school):
    answer = empty_school.run("check", "--law", "--page", str(empty_school.folder / "nowhere" / "law.html"))
    assert (answer.code, "was not written" in answer.err) == (2, True)
