"""`connect` says of each step what was seen and what to mend, names nobody, and its exit code says whose turn it is."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from mbls_sync.cli.masking import masked, shape
from mbls_sync.model.pupils import Contact
from mbls_sync.testing.builders import the_calendar
from mbls_sync.testing.fake_http import SECRET, Said, serving, some_pupils
from mbls_sync.testing.fake_rest import FakeRest

EXAMPLE = Path(__file__).parents[2] / "plugins" / "adapter_rest" / "examples" / "plain-rest.toml"
SETTINGS = """\
plugins = ["rest"]

[school]
id = "example"
name = "Example Lower School"
la_code = "823"
la_name = "Central Bedfordshire"
establishment_number = "9999"

"""


@pytest.fixture
def mis():
    fake = FakeRest(some_pupils(5), page_rows=200)
    fake.fill(the_calendar(), 30, last=date(2026, 11, 27))
    return fake


class InTrouble(FakeRest):
    """An MIS that has the same answer for everybody."""

    def __init__(self, said):
        super().__init__()
        self.said = said

    def answer(self, asked):
        return self.said


def as_a_process(*asked):
    """The command as a school's computer runs it."""
    command = [Path(sys.executable).with_name("mbls-sync"), *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def connected(tmp_path, run):
    """Runs a command of a school whose MIS is `mis`; its exit code and all that it said."""

    def it(mis, *options, change=lambda text: text, key=SECRET, command="connect", run=run):
        folder = tmp_path / "school"
        (folder / "secrets").mkdir(parents=True)
        (folder / "secrets" / "mis-key").write_text(key)
        with serving(mis) as url, time_machine.travel(datetime(2026, 11, 27, 15, tzinfo=UTC)):
            text = SETTINGS + EXAMPLE.read_text(encoding="utf-8").replace("https://mis.example", url)
            (folder / "mbls-sync.toml").write_text(change(text), encoding="utf-8")
            code, out, err = run("-C", folder, command, *options)
        return code, out + err

    return it


def test_a_good_connection_is_said_step_by_step_and_writes_nothing(mis, connected):
    code, said = connected(mis, run=as_a_process)
    assert code == 0, said
    for step in ("name: localhost", "certificate:", "table codes", "pupils: one page: 5 rows", "code map", "writing"):
        assert step in said
    assert mis.writes == []
    assert all(asked.method == "GET" for asked in mis.asked)


def test_a_sample_shows_shapes_and_nobody(mis, connected):
    code, said = connected(mis, "mis", "--sample")
    assert code == 0
    assert "Xxxxxxxxx" in said
    assert not [word for word in ("Testpupil", "Sample1", *(p.upn for p in mis.pupils), SECRET) if word in said]


def test_a_wrong_key_is_said_and_is_for_the_settings(mis, connected):
    code, said = connected(mis, key="another-key")
    assert code == 2
    assert "credentials" in said
    assert "another-key" not in said


def test_a_wrong_path_names_what_stands_there_instead(mis, connected):
    code, said = connected(
        mis,
        change=lambda t: t.replace('path = "/students"\nselect = "data"', 'path = "/students"'),
    )
    assert code == 2
    assert "no list of rows stands at select" in said


def test_a_wrong_field_names_the_fields_that_there_are(mis, connected):
    code, said = connected(mis, change=lambda t: t.replace("name.legal.last", "name.last"))
    assert code == 2
    assert "its fields are" in said.lower()
    assert "id, upn, name.legal.last, name.legal.first, year, class" in said


def test_no_right_to_write_is_seen_without_writing(mis, connected):
    mis.may_write = False
    code, said = connected(mis)
    assert code == 2
    assert re.search(r"problem +mis +.*\n", said)
    assert mis.writes == []


def test_an_mis_that_is_not_there_is_exit_code_3(mis, connected):
    code, said = connected(
        mis,
        change=lambda t: re.sub(r'base_url = ".*"', 'base_url = "http://127.0.0.1:1/api"\nhttp = { attempts = 1 }', t),
    )
    assert code == 3
    assert "cannot be connected" in said


@pytest.mark.parametrize(
    ("command", "exit_code", "trouble"),
    [("connect", 3, Said("no", 429, {"Retry-After": "1"})), ("check", 2, Said("no", 500))],
)
def test_an_mis_in_trouble_is_said_at_once_and_not_asked_again(connected, command, exit_code, trouble):
    mis = InTrouble(trouble)
    code, said = connected(mis, command=command)
    assert code == exit_code
    assert "HTTP 500" in said or "asks to be left alone" in said
    assert len(mis.asked) == 1, "a person waits for the answer"


def test_a_misspelt_setting_is_named_with_its_line(mis, connected):
    code, said = connected(mis, change=lambda t: t.replace("batch_size", "bach_size"))
    assert code == 2
    assert re.search(r"mbls-sync\.toml:\d+: sources\.mis\.options\.write\.bach_size", said)


def test_a_source_nobody_configured_is_refused(mis, connected):
    code, said = connected(mis, "arbor")
    assert code == 2
    assert "'arbor'" in said
    assert "mis" in said


def test_a_mask_keeps_the_shape_alone():
    assert shape("O'Neill-Test 07700") == "X'Xxxxx-Xxxx 99999"
    contact = masked({"contacts": (Contact(1, "Jo Testparent", "mother", True, mobile="07700 900101"),)})
    assert "Jo" not in str(contact)
    assert "900101" not in str(contact)
    assert masked({"born": date(2020, 1, 5)}) == {"born": "2020-…"}
