"""The exit codes of README.md, and that a user's mistake never shows a traceback."""

import fcntl

import pytest


def test_done_is_0_though_tasks_are_open(school):
    assert school.run("once").code == 0


def test_a_quarantined_row_is_1(school):
    file = school.inbox / "marks.csv"
    file.write_text(file.read_text(encoding="utf-8") + "Z000000000000,99/99/2026,AM,/\n", encoding="utf-8")
    answer = school.run("once")
    assert answer.code == 1
    assert "quarantined: marks.csv:" in answer.err


def test_a_folder_that_is_no_school_is_2(tmp_path, run):
    answer = run("figures", "-C", tmp_path)
    assert answer.code == 2
    assert "mbls-sync init" in answer.err


def test_a_source_that_cannot_be_reached_is_3(school):
    for file in school.inbox.iterdir():
        file.unlink()
    school.inbox.rmdir()
    answer = school.run("once")
    assert answer.code == 3
    assert str(school.inbox) in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ("figures", "--at", "yesterday"),
        ("figures", "--from", "2026-12-01", "--to", "2026-11-01"),
        ("figures", "--cohort", "everybody"),
        ("tasks", "done", "no-such-task"),
        ("tasks", "snooze", "no-such-task", "tomorrow"),
        ("tasks", "sent", "support-letter"),
        ("packet", "ewo"),
        ("packet", "ewo", "NOBODY"),
        ("packet", "no-such-kind", "--due"),
        ("returns", "write", "no-such-return"),
        ("explain", "nothing"),
        ("outbox", "approve"),
        ("outbox", "discard", "nothing", "--reason", "because"),
        ("events", "record", "Not A Kind"),
        ("events", "record", "home-visit", "--upn", "NOBODY"),
        ("pull", "--release", "nothing"),
        ("once", "--without", "no-such-plugin"),
        ("rebuild", "--events", "no-such-file.csv"),
        ("new", "rule", "Not A Name"),
        ("figurs",),
    ],
)
def test_a_mistake_is_2_and_one_plain_message(school, words):
    answer = school.run(*words)
    assert answer.code == 2
    assert answer.err
    assert "Traceback" not in answer.err + answer.out


def test_the_folder_may_be_named_before_or_after_the_command(school, run):
    assert run("-C", school.folder, "plugins").code == 0
    assert run("plugins", "-C", school.folder).code == 0
    assert run("config", "show", f"--dir={school.folder}").code == 0


def test_a_plugin_left_out_is_said_aloud_and_audited(school):
    answer = school.run("once", "--without", "packets")
    assert answer.code == 0
    assert "'packets' is left out" in answer.err
    assert "plugin.left_out" in school.run("audit", "export").out


def test_two_commands_at_once_are_refused(school):
    with (school.folder / "data" / "writer.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        answer = school.run("once")
    assert answer.code == 2
    assert "another mbls-sync is at work" in answer.err


def test_a_place_that_cannot_be_used_is_2_and_says_which(run):
    answer = run("init", "/proc/no-such-place/school")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("mbls-sync: /proc/no-such-place")
    assert "unexpected" not in answer.err
