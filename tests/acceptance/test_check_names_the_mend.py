"""`check` says what is wrong, in which file and line, and how to mend it."""

import json
import os
import sqlite3
import time
from types import SimpleNamespace


def problems(answer):
    return [row for row in json.loads(answer.out) if row["standing"] == "problem"]


def check(school):
    return school.run("check", "--format", "json")


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(file, text):
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def the_only_problem(school):
    answer = check(school)
    assert answer.code == 2
    found = problems(answer)
    assert len(found) == 1, found
    return found[0]


def test_a_fresh_school_is_well(school):
    answer = school.run("check")
    assert answer.code == 0
    assert "problem" not in answer.out


def test_a_filled_school_is_well(school):
    school.run("once")
    # A file's own time is the machine's, whatever the clock of the test says.
    os.utime(school.folder / "data" / "mbls-sync.sqlite3", (time.time(), time.time()))
    answer = check(school)
    assert (answer.code, problems(answer)) == (0, [])
    assert {"store", "ledger", "quarantine", "roll", "clock"} <= {row["name"] for row in json.loads(answer.out)}


def test_a_setting_that_is_none_is_named_with_its_line(school):
    settings = school.folder / "mbls-sync.toml"
    change(settings, 'mode = "shadow"', 'mode = "shadow"\nmoed = "auto"')
    found = the_only_problem(school)
    assert f"{settings}:{line_of(settings, 'moed')}: moed: is no setting" in found["says"]


def test_a_broken_value_is_named_with_its_line_and_the_values_that_will_do(school):
    settings = school.folder / "mbls-sync.toml"
    change(settings, 'mode = "shadow"', 'mode = "bold"')
    found = the_only_problem(school)
    assert f"{settings}:{line_of(settings, 'bold')}: mode" in found["says"]
    assert "'shadow', 'confirm' or 'auto'" in found["says"]


def test_settings_that_are_no_toml_are_named_with_their_line(school):
    settings = school.folder / "mbls-sync.toml"
    change(settings, 'mode = "shadow"', "mode = shadow")
    assert f"{settings}:{line_of(settings, 'mode = shadow')}: is not TOML" in the_only_problem(school)["says"]


def test_a_broken_parameter_is_named_with_its_line(school):
    file = school.folder / "config" / "policy" / "parameters" / "first_day_calling" / "starts_at.yaml"
    line = next(n for n, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1) if "value:" in text)
    text = file.read_text(encoding="utf-8").splitlines()
    text[line - 1] = text[line - 1].split("value:")[0] + "value: quarter past nine"
    file.write_text("\n".join(text) + "\n", encoding="utf-8")
    found = the_only_problem(school)
    assert f"{file}:{line}" in found["says"]
    assert "09:15" in found["says"]


def test_a_parameter_past_its_review_is_a_note(school):
    file = school.folder / "config" / "policy" / "parameters" / "timetable" / "every.yaml"
    change(file, "review_by: 2027-09-01", "review_by: 2026-09-01")
    answer = check(school)
    assert answer.code == 0
    notes = [row for row in json.loads(answer.out) if row["standing"] == "note" and str(file) in row["says"]]
    assert notes
    assert notes[0]["mend"]


def test_a_gap_in_the_calendar_names_the_file_to_add(school):
    (school.folder / "config" / "calendar" / "2026-27.yaml").unlink()
    answer = check(school)
    assert answer.code == 2
    found = problems(answer)
    assert any(str(school.folder / "config" / "calendar" / "2026-27.yaml") in row["says"] for row in found)
    assert any("write the terms" in row["mend"] for row in found)


def test_a_code_nobody_knows_is_named_with_file_and_line(school):
    change(school.inbox / "marks.csv", ",AM,I\n", ",AM,Q9\n")
    answer = school.run("once")
    assert answer.code == 1
    assert "marks.csv:" in answer.err
    found = problems(check(school))
    assert [row for row in found if row["name"] == "quarantine" and "Q9" in row["says"] and row["mend"]]


def test_rows_in_quarantine_alone_are_1_and_beside_a_set_up_to_mend_2(school):
    change(school.inbox / "marks.csv", ",AM,I\n", ",AM,Q9\n")
    school.run("once")
    # A file's own time is the machine's, whatever the clock of the test says.
    os.utime(school.folder / "data" / "mbls-sync.sqlite3", (time.time(), time.time()))
    assert check(school).code == 1
    change(school.folder / "mbls-sync.toml", '# shared_folder = "shared"', 'shared_folder = "gone/away"')
    assert check(school).code == 2


def test_a_folder_that_is_not_there_is_named_with_the_setting_that_asks_for_it(school):
    settings = school.folder / "mbls-sync.toml"
    change(settings, '# shared_folder = "shared"', 'shared_folder = "gone/away"')
    found = the_only_problem(school)
    assert f"mbls-sync.toml:{line_of(settings, 'gone/away')}: shared_folder" in found["says"]
    assert str(school.folder / "gone" / "away") in found["says"]
    assert found["mend"]


def test_a_drop_folder_that_is_not_there_is_named(school):
    change(school.folder / "mbls-sync.toml", 'folder = "inbox"', 'folder = "elsewhere"')
    found = the_only_problem(school)
    assert "elsewhere" in found["says"]
    assert "mbls-sync.toml:" in found["says"]
    assert found["mend"]


def test_an_option_nobody_knows_is_named_with_its_line(school):
    settings = school.folder / "mbls-sync.toml"
    change(settings, 'folder = "inbox"', 'folder = "inbox"\nfodler = "inbox"')
    found = the_only_problem(school)
    assert f"mbls-sync.toml:{line_of(settings, 'fodler')}" in found["says"]


def test_a_plugin_that_is_not_there_is_named_with_those_that_are(school):
    change(school.folder / "mbls-sync.toml", '"senders"]', '"senders", "packtes"]')
    found = the_only_problem(school)
    assert "packtes" in found["says"]
    assert "rules-school" in found["says"]


def test_a_pupil_without_a_date_of_birth_is_listed(school):
    change(school.inbox / "pupils.csv", "03/05/2019", "")
    school.run("once")
    notes = [row for row in json.loads(check(school).out) if row["name"] == "roll"]
    assert notes[0]["standing"] == "note"
    assert "compulsory school age" in notes[0]["says"]


def test_a_ledger_that_was_edited_is_named(school):
    school.run("once")
    connection = sqlite3.connect(school.folder / "data" / "mbls-sync.sqlite3")
    for (trigger,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f"drop trigger {trigger}")
    connection.execute("delete from ledger where seq = 2")
    connection.commit()
    connection.close()
    answer = check(school)
    assert answer.code == 2
    assert any(row["name"] == "ledger" for row in problems(answer))
    assert school.run("audit", "verify").code == 1


def parameter(school, name):
    return school.folder / "config" / "policy" / "parameters" / name


def test_a_parameter_that_is_gone_or_mistyped_is_named_before_a_rule_needs_it(school):
    file = parameter(school, "first_day_calling/starts_at.yaml")
    file.rename(file.with_name("start_at.yaml"))
    found = the_only_problem(school)
    assert f"{file}: first_day_calling.starts_at is missing" in found["says"]
    assert f"mbls-sync init {school.folder} --missing" in found["mend"]
    notes = [row["says"] for row in json.loads(check(school).out) if row["standing"] == "note"]
    assert any("nothing shipped reads first_day_calling.start_at" in says for says in notes)


def test_a_parameter_of_another_kind_is_named(school):
    file = parameter(school, "first_day_calling/starts_at.yaml")
    change(file, "kind: time", "kind: text")
    assert f"{file}: first_day_calling.starts_at is of kind text" in the_only_problem(school)["says"]


def test_a_parameter_that_only_starts_in_the_future_is_named(school):
    file = parameter(school, "first_day_calling/starts_at.yaml")
    change(file, "2023-09-01:", "2030-01-01:")
    assert "has no value today; its first starts 2030-01-01" in the_only_problem(school)["says"]


def test_a_letter_that_cannot_be_read_is_named_with_its_line(school):
    file = school.folder / "config" / "letters" / "support-letter.j2"
    file.write_text("Subject\n\n{{ forename\n", encoding="utf-8")
    assert f"{file}:3: cannot be read" in the_only_problem(school)["says"]
    file.write_text("Subject\n\nDear {{ parent }}\n", encoding="utf-8")
    assert f"{file}:3: cannot be filled: 'parent' is undefined" in the_only_problem(school)["says"]
    file.unlink()
    assert f"{file}: there is no such letter" in the_only_problem(school)["says"]


def test_a_folder_of_plugins_that_is_not_there_is_named_with_its_line(school):
    settings = school.folder / "mbls-sync.toml"
    change(settings, '# plugin_folders = ["plugins"]', 'plugin_folders = ["nowhere"]')
    assert f"{settings.name}:{line_of(settings, 'nowhere')}: plugin_folders names" in the_only_problem(school)["says"]


def test_a_disk_that_is_nearly_full_is_named(school, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=3 << 20))
    says = [row["says"] for row in problems(check(school))]
    assert [text.split(", and")[0] for text in says] == [
        f"the disk of {school.folder / name} has 3 MB left" for name in ("data", "out")
    ]


def test_a_drop_folder_that_is_quiet_is_a_matter_to_look_at_and_no_fault(school):
    (school.inbox / "done" / "2026-11-10").mkdir(parents=True)
    for file in school.inbox.glob("*.csv"):
        file.unlink()
    answer = check(school)
    quiet = [row for row in json.loads(answer.out) if "nothing has come since 10/11/2026" in row["says"]]
    assert answer.code == 0
    assert [row["standing"] for row in quiet] == ["note"]
    assert "9 school days" in quiet[0]["says"]


def test_an_empty_value_is_named_because_it_ends_a_duty(school):
    file = school.folder / "config/policy/parameters/stage/support_percent.yaml"
    change(file, "value: 93", "value:")
    (row,) = (row for row in json.loads(check(school).out) if "has ended" in row["says"])
    assert (row["standing"], "stage.support_percent" in row["says"]) == ("note", True)
