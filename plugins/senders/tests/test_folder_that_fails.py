"""A share that hangs or fails at any step holds up one file for so long, and never makes two or half of one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mbls_senders import folder, left_behind, putting
from mbls_senders.folder import FolderOptions

from mbls_sync.api import Channel, Fate, Sighting
from mbls_sync.testing.sender_contract import FILE
from mbls_sync.testing.sending import OneSending, Store, open_store, sender_of

WRAPPED = """
import os, runpy, signal, sys
def {call}(*given, real=os.{call}, **more):
    {before}
    done = real(*given, **more)
    {after}
    return done
os.{call} = {call}
sys.argv[0] = {script!r}
runpy.run_path({script!r}, run_name="__main__")
"""
HANGS, DIES = "signal.pause()", "os.kill(os.getpid(), signal.SIGKILL)"
TAKES = "[os.replace(given[1], given[1] + '.taken')]"
"""A receiver that takes a file away the moment it has its name."""


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """The folder that the LA's portal is fed from."""
    (tmp_path / "upload").mkdir()
    return tmp_path / "upload"


@pytest.fixture
def wrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes one call of the operating system do something before or after itself; without a call, nothing more."""

    def make(call: str = "", before: str = "pass", after: str = "pass") -> None:
        script = Path(putting.__file__)
        if call:
            text = WRAPPED.format(call=call, before=before, after=after, script=str(script))
            script = tmp_path / "wrapped.py"
            script.write_text(text, encoding="utf-8")
        monkeypatch.setattr(left_behind, "SCRIPT", script)

    return make


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/store.sqlite3", "school")
    yield opened
    opened.close()


def channel(share: Path, seconds: int = 60) -> Channel:
    return Channel("la", FolderOptions(folder=Path(share.name), total_seconds=seconds), share.parent)


def seen(share: Path) -> list[bytes]:
    return [file.read_bytes() for file in share.iterdir() if file.name[0] != "."]


@contextmanager
def time_is_over_once_there(word: bytes, place: Path) -> Iterator[None]:
    """Whoever was told the word has time until the file is there, however long that takes, and then no more."""
    tell = left_behind.Errand.tell

    def told(self: left_behind.Errand, data: bytes) -> None:
        tell(self, data)
        if data == word:
            while not place.exists():
                time.sleep(0.01)
            self._until = time.monotonic()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(left_behind.Errand, "tell", told)
        yield


def test_a_share_that_hangs_while_it_is_written_to_is_left_and_tried_again(share, wrap):
    wrap("fsync", before=HANGS)
    with time_is_over_once_there(FILE.data, putting.half(share / FILE.name)):
        receipt = folder.send_file(FILE, channel(share))
    assert (receipt.fate, "does not answer" in receipt.says) == (Fate.NOT_SENT, True)
    assert seen(share) == []
    wrap()
    assert folder.find(FILE.name, FILE.sha256, channel(share)) is Sighting.ABSENT
    assert folder.send_file(FILE, channel(share)).fate is Fate.ARRIVED
    assert seen(share) == [FILE.data]


def test_a_share_that_hangs_while_the_name_is_given_leaves_the_fate_unknown_and_is_looked_at(share, wrap):
    wrap("link", after=HANGS)
    with time_is_over_once_there(putting.GO, share / FILE.name):
        assert folder.send_file(FILE, channel(share)).fate is Fate.UNKNOWN
    wrap()
    assert folder.find(FILE.name, FILE.sha256, channel(share)) is Sighting.WHOLE
    assert [file.name for file in share.iterdir()] == [FILE.name]


def test_a_share_that_hangs_can_be_neither_looked_at_nor_probed_and_that_is_said_in_time(share, wrap):
    wrap("access", before=HANGS)
    (report,) = folder.probe(channel(share, seconds=1))
    assert (report.ok, "does not answer" in report.says) == (False, True)
    wrap("fspath", before=HANGS)
    assert folder.find(FILE.name, FILE.sha256, channel(share, seconds=1)) is Sighting.CANNOT_TELL


def test_a_process_whose_parent_has_died_gives_no_file_its_name(share):
    place = share / FILE.name
    command = [sys.executable, putting.__file__, "put", str(place), FILE.sha256, str(FILE.size)]
    done = subprocess.run(command, input=FILE.data, capture_output=True, check=True)
    assert b"ready" in done.stdout
    assert seen(share) == []
    assert folder.find(FILE.name, FILE.sha256, channel(share)) is Sighting.ABSENT


def test_a_share_that_knows_no_links_takes_files_too(share, wrap):
    wrap("link", before="raise PermissionError('links are not known here')")
    assert folder.send_file(FILE, channel(share)).fate is Fate.ARRIVED
    assert seen(share) == [FILE.data]


def test_a_right_that_is_lost_half_way_sends_nothing_and_says_why(share, wrap):
    wrap("fsync", before="raise PermissionError(13, 'Permission denied')")
    receipt = folder.send_file(FILE, channel(share))
    assert (receipt.fate, "Permission denied" in receipt.says) == (Fate.NOT_SENT, True)
    assert seen(share) == []


POINTS = [(call, when, DIES) for call in ("fsync", "replace", "link", "unlink") for when in ("before", "after")]


@pytest.mark.parametrize(("call", "when", "does"), [*POINTS, ("link", "after", f"{TAKES}; {DIES}")])
def test_killed_at_any_step_exactly_one_whole_file_is_there_and_logged_once(share, store, wrap, call, when, does):
    one = OneSending(store, sender_of(folder), channel(share), FILE, share.parent)
    wrap(call, **{when: does})
    one.one_pass()
    assert all(data == FILE.data for data in seen(share))
    wrap()
    for _ in range(2):
        one.one_pass()
    asked = one.state() == "unknown"
    assert len(seen(share)) == 1 or asked
    assert one.disclosed() == (0 if asked else 1)
    assert not asked or (call, when) in (("replace", "after"), ("link", "before"), ("link", "after"))
    assert asked or [file.name for file in share.iterdir()] == [FILE.name]
