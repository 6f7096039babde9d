"""What goes to the LA, what is remembered of it, what is held about one pupil, and what goes when its term is over."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from mbls_sync.model.upn import upn_check_letter

LONDON = ZoneInfo("Europe/London")
AMBER, BLUE, CANARY = (f"{upn_check_letter(f'82399992600{n}')}82399992600{n}" for n in (1, 2, 3))
PASSPHRASE = "six words are long enough here"
CHANNEL = """
[channels.la]
kind = "folder"
papers = ["attendance", "register-check"]
recipient = "The LA, attendance team"
seal = "zip"
[channels.la.options]
folder = "upload"
"""


@pytest.fixture
def sending(school, tmp_path, monkeypatch):
    """The school with a channel to the LA, in mode confirm, its first pass made."""
    settings = school.folder / "mbls-sync.toml"
    text = settings.read_text(encoding="utf-8").replace('mode = "shadow"', 'mode = "confirm"')
    settings.write_text(text + CHANNEL, encoding="utf-8")
    (school.folder / "upload").mkdir()
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    monkeypatch.setenv("MBLS_CHANNELS__LA__PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    school.run("once")
    school.run("returns", "lint", "attendance", "--override", "the office has looked at it")
    assert school.run("returns", "write", "attendance").code == 0
    school.run("once")
    return school


def listed(school) -> dict[str, dict]:
    return {row["document"]: row for row in json.loads(school.run("send", "list", "--format", "json").out)}


def counted(out: str) -> dict[str, int]:
    return {row["what"]: row["rows"] for row in json.loads(out)}


def test_nothing_leaves_in_confirm_that_nobody_approved(sending):
    ((name, row),) = listed(sending).items()
    assert row["state"] == "waiting"
    assert list((sending.folder / "upload").iterdir()) == []
    assert sending.run("send", "approve", name).code == 0
    sending.run("apply")
    assert listed(sending)[name]["state"] == "sent"
    (file,) = (sending.folder / "upload").iterdir()
    assert file.name == f"{name}.zip"
    sending.run("apply")
    assert [f.name for f in (sending.folder / "upload").iterdir()] == [f"{name}.zip"]


def test_what_the_lint_stops_is_not_approved(sending):
    (name,) = listed(sending)
    manifest = sending.folder / "out" / "returns" / f"{name}.manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"overridden"', '"not ready"'), encoding="utf-8")
    answer = sending.run("send", "approve", name)
    assert (answer.code, listed(sending)[name]["state"]) == (2, "waiting")
    assert "returns lint" in answer.err


def test_what_left_is_listed_and_proved_and_names_nobody(sending):
    (name,) = listed(sending)
    sending.run("send", "approve", name)
    sending.run("apply")
    (row,) = json.loads(sending.run("disclosures", "--format", "json").out)
    assert (row["document"], row["recipient"], row["by"]) == (name, "The LA, attendance team", "mbls-sync")
    said = sending.run("disclosures", "log").out + sending.run("send", "list", "--format", "json").out
    said += " ".join(file.name for file in (sending.folder / "upload").iterdir())
    assert not [word for word in (AMBER, BLUE, CANARY, "Canarypupil", "Testpupil") if word in said]
    assert sending.run("audit", "verify").code == 0


def test_what_a_person_carries_is_recorded_like_the_rest_and_not_sent_once_more(sending):
    (name,) = listed(sending)
    assert sending.run("send", "done", "attendance", "--by", "O. Officer-Example").code == 0
    again = sending.run("send", "done", name, "--by", "O. Officer-Example")
    assert (again.code, "recorded as sent already" in again.err) == (2, True)
    sending.run("apply")
    assert list((sending.folder / "upload").iterdir()) == []
    (row,) = json.loads(sending.run("disclosures", "--format", "json").out)
    assert (row["channel"], row["by"]) == ("by-hand", "O. Officer-Example")


def test_shadow_sends_nothing_at_all(sending, monkeypatch):
    (name,) = listed(sending)
    sending.run("send", "approve", name)
    monkeypatch.setenv("MBLS_MODE", "shadow")
    sending.run("apply")
    assert list((sending.folder / "upload").iterdir()) == []


def test_auto_sends_nothing_that_was_filed_before_and_nothing_no_lint_calls_ready(sending, monkeypatch):
    monkeypatch.setenv("MBLS_MODE", "auto")
    sending.run("apply")
    sending.run("apply")
    assert list((sending.folder / "upload").iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ('kind = "pigeon"', "the plugins in use offer: folder, sftp, smtp"),
        ('kind = "folder"\nspeed = 3', "channels.la.speed: is no setting"),
    ],
)
def test_a_channel_that_is_not_right_is_named_with_its_line(sending, setting, says):
    file = sending.folder / "mbls-sync.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('kind = "folder"', setting), encoding="utf-8")
    answer = sending.run("apply")
    assert answer.code == 2
    assert says in answer.err
    assert "mbls-sync.toml:" in answer.err


def test_check_probes_a_channel_and_sends_nothing(sending):
    (sending.folder / "upload").rmdir()
    said = sending.run("check").out
    assert "channel la" in said
    assert "is not there" in said


def test_all_that_is_held_about_one_pupil_and_nothing_about_another(sending):
    note = f"home says Blue Example and {BLUE} were with her"
    sending.run("events", "record", "note", "--upn", AMBER, "--note", note)
    answer = sending.run("disclosures", "export", AMBER)
    assert "names another pupil" in answer.err
    with zipfile.ZipFile(answer.out.strip()) as archive:
        files = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    whole = json.loads(files["everything.json"])
    assert {row["session"] for row in whole["sections"]["marks"]} >= {"2026-09-07 AM", "2026-11-24 AM"}
    assert whole["sections"]["contacts"][0]["contacts"][0]["mobile"] == "07700 900123"
    assert not [name for name, text in files.items() if BLUE in text or CANARY in text or "Canarypupil" in text]
    assert "Amber Testpupil" in files["everything.html"]
    assert "task-list.csv" in {row["file"] for row in whole["sections"]["working papers"]}


def test_a_subject_s_file_can_be_sealed(sending, tmp_path):
    answer = sending.run("disclosures", "export", AMBER, "--sealed-with", tmp_path / "passphrase")
    data = (sending.folder / answer.out.strip()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert all(info.flag_bits & 1 for info in archive.infolist())


def test_years_later_the_copy_is_gone_the_log_stands_and_all_of_it_proves(sending):
    (name,) = listed(sending)
    sending.run("send", "done", name, "--by", "O. Officer-Example")
    given = ("--to", "A. Court-Example", "--by", "O. Officer-Example")
    assert sending.run("extract", "--upn", AMBER, "--from", "2026-09-07", "--until", "2026-09-11", *given).code == 0
    assert list((sending.folder / "out" / "extracts").iterdir())
    open_ones = [effect["key"] for effect in json.loads(sending.run("outbox", "list", "--format", "json").out)]
    assert sending.run("outbox", "discard", *open_ones, "--reason", "the end of the test").code == 0
    with time_machine.travel(datetime(2029, 9, 3, 10, tzinfo=LONDON), tick=False):
        would = counted(sending.run("purge", "--dry-run", "--format", "json").out)
        assert would["our copy of the register 2026-27"] > 0
        gone = counted(sending.run("purge", "--format", "json").out)
        assert gone == would
        assert json.loads(sending.run("purge", "--format", "json").out) == []
        assert not list((sending.folder / "out" / "extracts").iterdir())
        assert sending.run("audit", "verify").code == 0
        assert len(json.loads(sending.run("disclosures", "--format", "json").out)) == 2
    with time_machine.travel(datetime(2033, 9, 1, 10, tzinfo=LONDON), tick=False):
        sending.run("purge")
        assert json.loads(sending.run("disclosures", "--format", "json").out) == []
        assert sending.run("audit", "verify").code == 0
        key = sending.folder / "data" / "signing.key"
        key.rename(key.with_name("elsewhere"))
        answer = sending.run("audit", "verify")
        assert (answer.code, "not the school's key at hand" in answer.err) == (1, True)
        answer = sending.run("purge")
        assert (answer.code, "--sign-again" in answer.err, key.exists()) == (2, True, False)
        signed = counted(sending.run("purge", "--sign-again", "--format", "json").out)
        assert signed == {"earlier purges, signed again": 2}
        assert sending.run("audit", "verify").code == 0
