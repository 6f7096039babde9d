"""A stranger sets up a school, drops files, and gets figures and tasks; a second pass changes nothing."""

import csv
import io
import json

from mbls_sync.store.database import open_store
from mbls_sync.store.outbox import load

KEYS = [
    "upn",
    "possible",
    "present",
    "approved_activity",
    "authorised",
    "unauthorised",
    "unmarked",
    "late_before_close",
    "late_after_close",
    "attendance_percent",
    "absence_percent",
    "persistent",
    "severe",
    "unauthorised_10_weeks",
]


def effects(school):
    store = open_store(f"sqlite:///{school.folder / 'data' / 'mbls-sync.sqlite3'}", "my-school", migrate=False)
    try:
        with store.read() as tx:
            return load(tx)
    finally:
        store.close()


def figures(school, *args):
    return json.loads(school.run("figures", "--format", "json", *args).out)


def test_after_init_dropping_files_and_once_just_works(school):
    answer = school.run("once")
    assert (answer.code, answer.err) == (0, "")
    assert (school.folder / "out" / "task-list.html").is_file()
    assert not list(school.inbox.glob("*.csv"))


def test_init_overwrites_nothing(school):
    before = (school.folder / "mbls-sync.toml").read_bytes()
    answer = school.run("init", school.folder)
    assert answer.code == 2
    assert "is there already, and nothing was changed" in answer.err
    assert (school.folder / "mbls-sync.toml").read_bytes() == before


def test_figures_by_pupil_hold_every_key_of_the_contract_and_the_counts_of_the_file(school):
    assert school.run("pull").code == 0
    found = figures(school, "--to", "2026-09-11")
    assert (found["cohort"], found["by"], found["from"], found["to"]) == (
        "all_roll",
        "pupil",
        "2026-08-01",
        "2026-09-11",
    )
    assert [list(row) for row in found["rows"]] == [KEYS] * 3
    by_upn = {row["upn"]: row for row in found["rows"]}
    assert [by_upn[upn]["possible"] for upn in sorted(by_upn)] == [10, 10, 10]
    ill = next(row for row in found["rows"] if row["authorised"] == 10)
    assert (ill["attendance_percent"], ill["absence_percent"]) == ("0.0000000000", "100.0000000000")
    assert (ill["persistent"], ill["severe"]) == (True, True)


def test_a_span_without_a_possible_session_has_no_percentage(school):
    school.run("pull")
    row = figures(school, "--from", "2026-10-05", "--to", "2026-10-06")["rows"][0]
    assert (row["possible"], row["attendance_percent"], row["absence_percent"]) == (0, None, None)


def test_every_way_of_grouping_adds_up_to_the_same(school):
    school.run("pull")
    sums = {
        by: sum(row["possible"] for row in figures(school, "--by", by)["rows"]) for by in ("class", "year", "school")
    }
    assert set(sums.values()) == {33}
    assert sum(row["possible"] for row in figures(school, "--by", "weekday")["rows"]) == 33


def test_csv_has_the_columns_of_json(school):
    school.run("pull")
    answer = school.run("figures", "--format", "csv")
    assert next(csv.reader(io.StringIO(answer.out))) == KEYS


def test_the_list_names_who_is_absent_without_a_message(school):
    school.run("once")
    found = json.loads(school.run("tasks", "list", "--format", "json").out)["rows"]
    calls = [row for row in found if row["kind"] == "call-home"]
    assert {row["name"] for row in calls} == {"Amber Testpupil", "Zzyzx Canarypupil"}
    assert {row["rule"] for row in calls} == {"FDC-03"}


def test_plan_at_a_past_minute_knows_no_later_mark(school):
    school.run("pull")
    early = school.run("plan", "--at", "2026-11-24T09:14", "--format", "csv").out
    late = school.run("plan", "--at", "2026-11-24T09:15", "--format", "csv").out
    assert "FDC-03" not in early
    assert "FDC-03" in late


def test_a_second_pass_changes_nothing(school):
    school.run("once")
    before, figures_before = effects(school), school.run("figures", "--format", "csv").out
    assert school.run("once").code == 0
    assert effects(school) == before
    assert school.run("figures", "--format", "csv").out == figures_before


def test_a_task_that_is_done_stays_done(school):
    school.run("once")
    rows = json.loads(school.run("tasks", "list", "--format", "json").out)["rows"]
    task = next(row for row in rows if row["kind"] == "call-home")
    refused = school.run("tasks", "done", task["id"])
    assert refused.code == 2
    assert "--outcome" in refused.err
    assert school.run("tasks", "done", task["id"], "--outcome", task["outcomes"][0]).code == 0
    school.run("once")
    left = json.loads(school.run("tasks", "list", "--format", "json").out)["rows"]
    assert task["id"] not in {row["id"] for row in left if row["kind"] == "call-home"}
    assert "call-home" in school.run("events", "list", "--format", "csv").out


def test_a_task_that_is_put_off_leaves_the_list_and_a_note_is_kept(school):
    school.run("once")
    rows = json.loads(school.run("tasks", "list", "--format", "json").out)["rows"]
    task = next(row for row in rows if row["kind"] == "call-home")
    assert school.run("tasks", "note", task["id"], "rang twice").code == 0
    assert school.run("tasks", "snooze", task["id"], "2026-11-24T09:00").code == 2
    assert school.run("tasks", "snooze", task["id"], "2026-11-24T14:00").code == 0
    left = json.loads(school.run("tasks", "list", "--format", "json").out)["rows"]
    assert task["id"] not in {row["id"] for row in left}
    assert "rang twice" in school.run("events", "list", "--format", "csv").out


def test_explain_leads_from_a_task_to_its_marks_and_dated_values(school):
    school.run("once")
    rows = json.loads(school.run("tasks", "list", "--format", "json").out)["rows"]
    task = next(row for row in rows if row["kind"] == "call-home")
    told = json.loads(school.run("explain", task["id"], "--format", "json").out)[0]
    assert told["rule"] == "FDC-03"
    assert "first_day_calling.starts_at" in {value["parameter"] for value in told["values"]}
    assert {"session": "2026-11-24 AM", "code": "N"} in told["marks"]
    assert school.run("explain", task["upn"]).code == 0


def test_the_ledger_proves_the_registers(school):
    school.run("once")
    assert school.run("audit", "verify").out.startswith("ok: ")
    assert "Canarypupil" not in school.run("audit", "export").out


def test_a_packet_is_written_on_request_and_its_name_holds_no_pupil(school):
    school.run("once")
    rows = json.loads(school.run("figures", "--format", "json").out)["rows"]
    answer = school.run("packet", "ewo", rows[0]["upn"])
    assert answer.code == 0
    assert rows[0]["upn"] not in answer.out
    assert ".pdf" in answer.out


def test_returns_are_listed_and_written(school):
    school.run("once")
    assert "register-check" in school.run("returns", "list", "--format", "csv").out
    for name, ending in (("register-check", ".xlsx"), ("attendance", ".csv"), ("absence-alert", ".html")):
        answer = school.run("returns", "write", name)
        assert (answer.code, ending in answer.out) == (0, True)


def test_rebuild_into_an_empty_store_gives_the_same_figures(school):
    school.run("once")
    figures_before = school.run("figures", "--format", "csv").out
    assert school.run("rebuild").code == 2
    for file in (school.folder / "data").glob("mbls-sync.sqlite3*"):
        file.unlink()
    assert school.run("rebuild").code == 0
    assert school.run("figures", "--format", "csv").out == figures_before


def test_rebuild_with_the_exported_events_gives_the_same_tasks_and_the_same_bytes(school):
    school.run("once")
    rows = json.loads(school.run("tasks", "list", "--format", "json").out)["rows"]
    task = next(row for row in rows if row["kind"] == "call-home")
    school.run("tasks", "done", task["id"], "--outcome", task["outcomes"][0])
    school.run("once")
    events = school.folder / "events-export.csv"
    assert school.run("events", "export", events).code == 0
    listed = school.run("tasks", "list", "--format", "json").out
    page = (school.folder / "out" / "task-list.html").read_bytes()
    for file in (school.folder / "data").glob("mbls-sync.sqlite3*"):
        file.unlink()
    assert school.run("rebuild", "--events", events).code == 0
    assert school.run("apply").code == 0
    assert school.run("tasks", "list", "--format", "json").out == listed
    assert (school.folder / "out" / "task-list.html").read_bytes() == page
