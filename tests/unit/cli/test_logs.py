"""The log: what nobody permitted is dropped, and an exception never quotes a row."""

import io
import json
import logging

import pytest

from mbls_sync import logs
from mbls_sync.errors import Unreachable


@pytest.fixture
def log():
    stream = io.StringIO()
    logs.configure("json", "info", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.configure("json")


def test_a_key_that_nobody_permitted_is_dropped_and_counted(log):
    logs.logger().info("register.pulled", marks=12, name="Zzyzx Canarypupil", upn="X823999926001")
    (line,) = log()
    assert (line["marks"], line["dropped"]) == (12, 2)
    assert "Zzyzx" not in json.dumps(line)


def test_what_looks_like_a_upn_is_masked_wherever_it_stands(log):
    logs.logger().info("file.stored", file="done/X823999926001.csv", counts={"X823999926001": 1})
    assert "X823999926001" not in json.dumps(log())


def test_counts_hold_numbers_only(log):
    logs.logger().info("pass.finished", counts={"marks": 3, "who": "Canarypupil"})
    assert log()[0]["counts"] == {"marks": 3}


def test_an_exception_of_a_library_says_its_type_and_our_line_only(log):
    try:
        raise KeyError("Zzyzx Canarypupil")
    except KeyError:
        logs.logger().exception("pass.failed")
    (line,) = log()
    assert line["error"].startswith("KeyError at test_logs.py:")
    assert "Canarypupil" not in json.dumps(line)


def test_an_exception_raised_on_purpose_says_what_to_do(log):
    logs.logger().warning("pass.failed", error=Unreachable("the drop folder cannot be read; make it"))
    assert log()[0]["error"] == "the drop folder cannot be read; make it"


@pytest.mark.parametrize("event", ["Zzyzx was absent", "REGISTER.PULLED", "pulled", ""])
def test_an_event_is_a_noun_and_a_verb_or_it_is_not_said(log, event):
    logs.logger().info(event)
    assert log()[0]["event"] == "log.malformed"


def test_a_library_that_logs_is_named_and_not_quoted(log):
    logging.getLogger("some.library").error("cannot parse %s", "Zzyzx Canarypupil")
    (line,) = log()
    assert (line["event"], line["logger"]) == ("library.logged", "some.library")
    assert "Canarypupil" not in json.dumps(line)


def test_the_run_stands_on_every_line(log):
    logs.bind_run("20261124T091500", "example")
    logs.logger().info("pass.finished")
    assert (log()[0]["run"], log()[0]["school"]) == ("20261124T091500", "example")


def test_what_is_below_the_level_is_not_said(log):
    logs.logger().debug("pass.began")
    assert log() == []


def test_on_a_terminal_it_is_for_people():
    stream = io.StringIO()
    logs.configure("console", "info", stream)
    logs.logger().info("pass.finished", marks=3)
    assert "pass.finished" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
    logs.configure("json")
