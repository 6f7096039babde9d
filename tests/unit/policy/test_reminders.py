"""The table of reminders is read exactly, or refused with the line that is wrong."""

from datetime import date

import pytest

from mbls_sync.errors import ParameterError
from mbls_sync.model.reminders import Every
from mbls_sync.policy.places import reminders_file, shipped_config
from mbls_sync.policy.reminders import load_reminders
from mbls_sync.policy.view import PolicyAt

ROW = """\
  - id: staff-trained
    duty: GOV-07
    since: 2023-09-01
    title: Train the staff
    why: None this term.
    role: head
    every: term
    done_as: training-held
    steps: [Plan it., Hold it.]
    cites: Training of staff
    says: training each term
"""


def put(folder, *rows):
    (folder / "reminders.yaml").write_text("reminders:\n" + "".join(rows))
    return folder / "reminders.yaml"


def test_a_row_is_a_dated_value_that_the_policy_gives_and_remembers(tmp_path):
    policy = PolicyAt(load_reminders(put(tmp_path, ROW)), date(2026, 11, 24))
    row = policy.reminder("reminders.staff_trained")
    assert (row.every, row.role, row.steps) == (Every.TERM, "head", ("Plan it.", "Hold it."))
    (reading,) = policy.readings
    assert (reading.value, reading.cites) == ("every term, by head", "Training of staff")


def test_rows_of_one_id_follow_each_other_in_time(tmp_path):
    later = ROW.replace("2023-09-01", "2026-09-01").replace("every: term", "every: year")
    rows = load_reminders(put(tmp_path, later, ROW))
    before, since = (PolicyAt(rows, day).reminder("reminders.staff_trained") for day in (date(2026, 8, 31), date.max))
    assert (before.every, since.every) == (Every.TERM, Every.YEAR)


def test_a_row_ends_with_its_last_day(tmp_path):
    rows = load_reminders(put(tmp_path, ROW + "    until: 2026-08-31\n"))
    standing = [PolicyAt(rows, date(2026, month, 1)).is_in_force("reminders.staff_trained") for month in (8, 9)]
    assert standing == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("every: term", "every: fortnight", "cannot be read"),
        ("every: term", "every: term\n    on: entry", "either `every`"),
        ("every: term", "on: entry", "add `due`"),
        ("every: term", "every: term\n    due: soon", "number of school days"),
        ("every: term", "every: term\n    due: 0", "first school day of a span is 1"),
        ("every: term", "every: term\n    rank: top", "rank is"),
        ("id: staff-trained", "id: Staff Trained", "is no id"),
        ("    says: training each term\n", "", "lacks says"),
        ("why:", "whim:", "unknown key"),
    ],
)
def test_a_row_that_is_not_right_is_refused_with_its_line(tmp_path, old, new, problem):
    with pytest.raises(ParameterError, match=problem) as caught:
        load_reminders(put(tmp_path, ROW.replace(old, new, 1)))
    assert caught.value.line


def test_two_rows_of_one_day_are_refused(tmp_path):
    with pytest.raises(ParameterError, match="stands twice"):
        load_reminders(put(tmp_path, ROW, ROW))


def test_the_shipped_table_names_roles_that_the_policy_has():
    roles = {file.stem for file in (shipped_config() / "policy" / "parameters" / "roles").glob("*.yaml")}
    rows = load_reminders(reminders_file(shipped_config())).values()
    assert {dict(row.values[-1].value or ()).get("role", "head") for row in rows} <= roles
