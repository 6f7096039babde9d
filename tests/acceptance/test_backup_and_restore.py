"""A backup holds a school whole, proves itself, and comes back only where it loses nothing."""

from __future__ import annotations

import fcntl
import json
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def live(school: Any) -> Any:
    assert school.run("pull").code == 0
    return school


@pytest.fixture
def saved(live: Any, tmp_path: Path) -> Path:
    file = tmp_path / "elsewhere.zip"
    assert live.run("backup", file).code == 0
    return file


def store_of(folder: Path) -> Path:
    return folder / "data" / "mbls-sync.sqlite3"


def rewritten(file: Path, change: dict[str, Any]) -> None:
    """The same backup with members changed: bytes for a member, None to leave it out, a dict to alter the manifest."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, new in change.items():
        if isinstance(new, dict):
            members[name] = json.dumps(json.loads(members[name]) | new).encode()
        elif new is None:
            del members[name]
        else:
            members[name] = new
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_a_restored_school_is_the_school_that_was_saved(live, run, tmp_path):
    there, saved = tmp_path / "new machine", tmp_path / "b.zip"
    assert live.run("once").code == 0
    assert live.run("backup", saved).code == 0
    answer = run("-C", there, "restore", saved)
    assert answer.code == 0, answer.err
    assert "entries prove the registers" in answer.out
    for what in (("figures", "--format", "json"), ("tasks", "list", "--format", "json"), ("events", "export")):
        assert run("-C", there, *what).out == live.run(*what).out
    assert run("-C", there, "audit", "verify").code == 0
    assert '"open"' not in run("-C", there, "once", "--format", "json").out


def test_files_come_back_with_their_rights_and_in_the_order_they_came(live, run, tmp_path):
    waiting = live.inbox / "messages.csv"
    waiting.write_text("UPN,At,Text\n", encoding="utf-8")
    assert live.run("backup", tmp_path / "b.zip").code == 0
    there = tmp_path / "there"
    assert run("-C", there, "restore", tmp_path / "b.zip").code == 0
    for name in ("data", "inbox", "out", "inbox/messages.csv", "data/mbls-sync.sqlite3", "mbls-sync.toml"):
        was, came = (live.folder / name).stat(), (there / name).stat()
        assert stat.S_IMODE(came.st_mode) == stat.S_IMODE(was.st_mode), name
    assert (there / "inbox" / "messages.csv").stat().st_mtime == waiting.stat().st_mtime
    assert not list(there.rglob("writer.lock"))


def test_a_backup_is_for_the_eyes_of_its_user_only(saved, tmp_path):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_backup_taken_in_the_middle_of_a_write_holds_all_that_was_stored_and_nothing_half_done(live, run, tmp_path):
    with closing(sqlite3.connect(store_of(live.folder), isolation_level=None)) as writer:
        writer.execute("CREATE TABLE stored (witness)")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE person SET pseudonym = 'half-done-' || pupil")
        assert live.run("backup", tmp_path / "b.zip").code == 0
        writer.execute("ROLLBACK")
    there = tmp_path / "there"
    assert run("-C", there, "restore", tmp_path / "b.zip").code == 0
    with closing(sqlite3.connect(store_of(there))) as store:
        assert store.execute("SELECT COUNT(*) FROM person WHERE pseudonym LIKE 'half-done%'").fetchone() == (0,)
        assert store.execute("SELECT * FROM stored").fetchall() == []


def test_into_a_folder_a_backup_takes_a_name_of_its_own(live, tmp_path):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    assert live.run("backup", shelf).code == 0
    assert [path.name for path in shelf.iterdir()] == ["mbls-sync-my-school-2026-11-24-091600.zip"]


def test_a_restore_stands_in_the_audit(saved, run, tmp_path):
    run("-C", tmp_path / "there", "restore", saved)
    assert '"store.restored"' in run("-C", tmp_path / "there", "audit", "export").out


def test_a_backup_overwrites_nothing_and_does_not_lie_in_what_it_saves(live, saved):
    before = saved.read_bytes()
    for place in (saved, live.folder / "b.zip", live.folder / "missing" / "b.zip"):
        assert live.run("backup", place).code == 2
    assert saved.read_bytes() == before
    assert not (live.folder / "b.zip").exists()


def test_a_school_that_has_stored_nothing_has_nothing_to_save(school, tmp_path):
    answer = school.run("backup", tmp_path / "b.zip")
    assert answer.code == 2
    assert "nothing to save" in answer.err
    assert not (tmp_path / "b.zip").exists()


def test_a_ledger_that_proves_nothing_is_not_saved_as_if_it_did(live, tmp_path):
    with closing(sqlite3.connect(store_of(live.folder), isolation_level=None)) as database:
        database.execute("DELETE FROM page")
    answer = live.run("backup", tmp_path / "b.zip")
    assert answer.code == 2
    assert "audit verify" in answer.err
    assert list(tmp_path.glob("*.zip")) == list(tmp_path.glob(".*zip*")) == []


def test_what_a_killed_backup_left_of_the_pupils_data_is_dropped_by_the_next(live, tmp_path):
    shelf = tmp_path / "shelf"
    left = shelf / ".mbls-sync-my-school.part"
    left.mkdir(parents=True)
    (left / "store").write_bytes(b"a copy that was cut short")
    assert live.run("backup", shelf).code == 0
    assert [path.suffix for path in shelf.iterdir()] == [".zip"]


def test_two_backups_of_one_school_do_not_take_each_other_s_halves_for_a_killed_one_s(live, tmp_path):
    with (live.folder / "mbls-sync.toml").open("rb") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        answer = live.run("backup", tmp_path / "b.zip")
    assert (answer.code, "is being made" in answer.err) == (2, True)


def test_a_data_folder_that_is_a_link_comes_back_as_a_folder_and_the_link_is_told(live, run, tmp_path):
    data = (live.folder / "data").rename(tmp_path / "larger disk")
    (live.folder / "data").symlink_to(data)
    answer = live.run("backup", tmp_path / "b.zip")
    assert (answer.code, f"{live.folder / 'data'}, a link" in answer.out) == (0, True)
    there = tmp_path / "there"
    assert run("-C", there, "restore", tmp_path / "b.zip").code == 0
    assert run("-C", there, "audit", "verify").code == 0


def test_of_postgresql_a_backup_says_what_does_it(live, tmp_path, monkeypatch):
    monkeypatch.setenv("MBLS_DATABASE_URL", "postgresql://mbls:hunter2@127.0.0.1:1/mbls")
    answer = live.run("backup", tmp_path / "b.zip")
    assert answer.code == 2
    assert "pg_dump" in answer.err
    assert "hunter2" not in answer.err


def test_a_restore_overwrites_nothing(live, saved):
    before = store_of(live.folder).read_bytes()
    answer = live.run("restore", saved)
    assert answer.code == 2
    assert "overwrites nothing" in answer.err
    assert store_of(live.folder).read_bytes() == before


def test_a_restore_fits_into_an_empty_volume_and_clears_what_a_killed_one_left(saved, run, tmp_path):
    volume = tmp_path / "volume"
    for name in ("lost+found", ".restoring/data"):
        (volume / name).mkdir(parents=True)
    assert run("-C", volume, "restore", saved).code == 0
    assert {path.name for path in volume.iterdir()} >= {"lost+found", "mbls-sync.toml", "data"}
    assert not (volume / ".restoring").exists()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"backup.json": {"revision": "9999"}}, "Install that version"),
    ({"backup.json": {"format": 2}}, "Install that version"),
    ({"backup.json": None}, "is no backup"),
    ({"backup.json": b"[]"}, "is no backup"),
    ({"backup.json": {"unknown": 1}}, "is no backup"),
    ({"data/mbls-sync.sqlite3": None}, "is damaged"),
    ({"data/mbls-sync.sqlite3": b"not a database"}, "not a database"),
    ({"backup.json": {"files": {"../outside": [0o644, 0.0]}}, "../outside": b"x"}, "is no backup"),
    ({"backup.json": {"store": "../../outside"}}, "is no backup"),
    ({"backup.json": {"files": ["data/mbls-sync.sqlite3"]}}, "is no backup"),
    ({"backup.json": {"files": {"data/mbls-sync.sqlite3": ["all", 0.0]}}}, "is no backup"),
]


def test_what_cannot_be_restored_is_refused_and_leaves_nothing(saved, run, tmp_path):
    for change, says in REFUSED:
        file = Path(shutil.copy(saved, tmp_path / "changed.zip"))
        rewritten(file, change)
        answer = run("-C", tmp_path / "there", "restore", file)
        assert (answer.code, says in answer.err) == (2, True), (change, answer.err)
        assert not (tmp_path / "there").exists()
        assert not (tmp_path / "outside").exists()


def test_a_file_that_was_cut_short_on_its_way_is_refused(saved, run, tmp_path):
    saved.write_bytes(saved.read_bytes()[:-100])
    answer = run("-C", tmp_path / "there", "restore", saved)
    assert answer.code == 2
    assert "is damaged" in answer.err


def test_a_backup_whose_ledger_was_edited_by_hand_is_refused(live, saved, run, tmp_path):
    forged = tmp_path / "forged.sqlite3"
    shutil.copy(store_of(live.folder), forged)
    with closing(sqlite3.connect(forged)) as database:
        database.execute("DELETE FROM page")
        database.commit()
        database.execute("PRAGMA journal_mode = DELETE")
    rewritten(saved, {"data/mbls-sync.sqlite3": forged.read_bytes()})
    answer = run("-C", tmp_path / "there", "restore", saved)
    assert answer.code == 2
    assert "does not prove the registers" in answer.err
    assert not (tmp_path / "there").exists()
