"""A slip in the table of reminders is told before a duty is missed by it."""

import json

import pytest


@pytest.fixture
def table(empty_school):
    return empty_school.folder / "config" / "policy" / "reminders.yaml"


def lines(school):
    rows = json.loads(school.run("check", "--format", "json").out)
    return [(row["standing"], row["says"]) for row in rows if row["name"] == "reminders"]


def test_a_table_as_it_is_shipped_has_nothing_to_tell(empty_school):
    assert lines(empty_school) == []


def test_a_role_that_nobody_knows_is_a_problem(empty_school, table):
    table.write_text(table.read_text(encoding="utf-8").replace("role: head\n", "role: haed\n", 1), encoding="utf-8")
    ((standing, says),) = lines(empty_school)
    assert (standing, "'haed'" in says) == ("problem", True)


def test_a_row_that_was_cut_out_is_told(empty_school, table):
    text = table.read_text(encoding="utf-8")
    start = text.index("  - id: staff-trained")
    table.write_text(text[:start] + text[text.index("  - id: ", start + 5) :], encoding="utf-8")
    ((standing, says),) = lines(empty_school)
    assert (standing, "reminders.staff_trained" in says) == ("note", True)


def test_the_gaps_of_the_policy_are_told_too(empty_school):
    says = [row["says"] for row in json.loads(empty_school.run("check", "--format", "json").out)]
    assert sum("no text follows" in text for text in says) == 1


def test_check_says_which_roles_nobody_holds_and_where_a_name_is_written(school):
    said = school.run("check").out
    assert "nobody is named for headteacher" in said
    file = school.folder / "config/policy/parameters/roles/holders.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(": ''", ": 'A. Example; B. Example'"), encoding="utf-8")
    assert "nobody is named for" not in school.run("check").out
