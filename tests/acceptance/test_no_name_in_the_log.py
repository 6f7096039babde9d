"""A canary pupil is pushed through every path, errors included; no log line and no error message holds it."""

import io
import json

import pytest

from mbls_sync import logs
from mbls_sync.cli.run import Passes
from mbls_sync.cli.wiring import open_office

CANARY = ("Zzyzx", "Canarypupil", "Testpupil", "Parent-Example")


@pytest.fixture
def log():
    stream = io.StringIO()
    logs.configure("json", "debug", stream)
    yield stream
    logs.configure("json")


def upns(school):
    rows = json.loads(school.run("figures", "--format", "json").out)["rows"]
    return tuple(row["upn"] for row in rows)


def assert_nobody_is_in(text, school):
    for private in (*CANARY, *upns(school)):
        assert private not in text


def a_pass(school):
    office = open_office(school.folder)
    with office.store() as store:
        return Passes(office, store)(fence=0)


def test_a_pass_of_the_daemon_logs_nobody(school, log):
    a_pass(school)
    logs.logger().info("pass.finished", counts={"marks": 3})
    assert log.getvalue()
    assert_nobody_is_in(log.getvalue(), school)


def test_a_quarantined_row_is_named_by_line_and_not_by_pupil(school, log):
    file = school.inbox / "marks.csv"
    bad = file.read_text(encoding="utf-8").splitlines()[1].replace("07/09/2026", "99/99/2026")
    file.write_text(file.read_text(encoding="utf-8") + bad + "\n", encoding="utf-8")
    a_pass(school)
    assert_nobody_is_in(log.getvalue(), school)


def test_an_error_that_nobody_foresaw_says_where_and_never_what(school, log, run, monkeypatch):
    school.run("pull")
    known = upns(school)

    def fails(*_args, **_kwargs):
        raise ValueError(f"cannot handle Zzyzx Canarypupil {known[0]}")

    monkeypatch.setattr("mbls_sync.cli.passes.run_pass", fails)
    answer = school.run("once")
    assert answer.code == 70
    assert "ValueError at" in answer.err
    assert "Traceback" not in answer.err
    for private in (*CANARY, *known):
        assert private not in answer.err


def test_no_file_is_named_after_a_pupil(school):
    school.run("once")
    school.run("packet", "ewo", upns(school)[0])
    names = "\n".join(str(path) for path in school.folder.rglob("*"))
    assert_nobody_is_in(names, school)


def test_a_secret_shows_nowhere(school, monkeypatch, tmp_path):
    secret = tmp_path / "password"
    secret.write_text("hunter2-canary\n", encoding="utf-8")
    monkeypatch.setenv("MBLS_DATABASE_URL", f"sqlite:///{school.folder}/data/mbls-sync.sqlite3")
    monkeypatch.setenv("MBLS_TASK_LIST__MAIL__PASSWORD_FILE", str(secret))
    monkeypatch.setenv("MBLS_TASK_LIST__MAIL__TO", '["office@school.example"]')
    monkeypatch.setenv("MBLS_TASK_LIST__MAIL__SENDER", "mbls@school.example")
    shown = school.run("config", "show", "--format", "json")
    assert "MBLS_TASK_LIST__MAIL__PASSWORD_FILE" in shown.out
    assert "hunter2" not in shown.out + school.run("check").out


def test_an_option_of_a_source_is_masked_unless_its_adapter_says_it_is_no_secret(school, monkeypatch):
    monkeypatch.setenv("MBLS_SOURCES__INTEGRIS__OPTIONS__TOKEN", "hunter2-canary")
    shown = school.run("config", "show", "--format", "csv")
    assert "hunter2" not in shown.out
    assert "sources.integris.options.folder,inbox" in shown.out
