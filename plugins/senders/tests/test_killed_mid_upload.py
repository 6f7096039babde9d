"""A server that is killed in the middle of an upload, and comes back: exactly one whole file arrives.

The points are seeded. The mutants stay here: a test of faults that no mutant fails proves nothing.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mbls_senders import sftp
from mbls_senders.sftp_login import SftpOptions

from mbls_sync.api import Channel, Fate, OutgoingFile
from mbls_sync.testing.sender_contract import FILE
from mbls_sync.testing.sending import OneSending, Store, open_store, sender_of

SEED = 20261127
STEPS = [(step, when) for step in range(1, 18) for when in ("before", "after")]
"""The steps of one upload of the file: open, writes, close, and the reading back."""
RENAMING = [("posix_rename", "before"), ("posix_rename", "after")]
POINTS = [*RENAMING, *random.Random(SEED).sample(STEPS, 8)]
OURS = sorted(random.Random(SEED).sample(range(1, 110), 5))
KILLED = Path(__file__).with_name("killed_sender.py")
BYTES = sorted(random.Random(SEED).sample(range(2_000, 240_000), 10))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/store.sqlite3", "school")
    yield opened
    opened.close()


def on_its_way(store: Store, options: dict, folder: Path, file: OutgoingFile = FILE) -> OneSending:
    return OneSending(store, sender_of(sftp), Channel("la", SftpOptions(**options), folder), file, folder)


def seen_by_the_la(server) -> dict[str, list[bytes]]:
    """Only whole files may ever be seen; every one is the file itself."""
    found = server.received()
    assert set(found) <= {FILE.name}
    assert all(data == FILE.data for copies in found.values() for data in copies)
    return found


@pytest.mark.parametrize(("step", "when"), POINTS)
def test_exactly_one_whole_file_arrives_by_asyncssh(server, store, tmp_path, step, when):
    one = on_its_way(store, server.options(), tmp_path)
    server.start(step, when)
    one.one_pass()
    assert server.process.wait(60) == -signal.SIGKILL, "the upload ended before the server was killed"
    seen_by_the_la(server)
    server.start()
    for _ in range(2):
        one.one_pass()
    assert (one.state(), len(seen_by_the_la(server)), one.disclosed()) == ("sent", 1, 1)
    assert [file.name for file in server.folder.iterdir()] == [FILE.name]


@pytest.mark.parametrize("said", BYTES)
def test_exactly_one_whole_file_arrives_by_openssh(openssh, make_wire, store, tmp_path, said):
    wire = make_wire(openssh, said)
    one = on_its_way(store, openssh.options(port=wire.port), tmp_path)
    one.one_pass()
    assert wire.kill_at == 0, "the upload ended before the server was killed"
    seen_by_the_la(openssh)
    openssh.start()
    for _ in range(2):
        one.one_pass()
    assert (one.state(), len(seen_by_the_la(openssh)), one.disclosed()) == ("sent", 1, 1)
    assert [file.name for file in openssh.folder.iterdir()] == [FILE.name]


@pytest.mark.parametrize("step", OURS)
def test_exactly_one_whole_file_arrives_by_openssh_where_we_are_killed_ourselves(openssh, tmp_path, step):
    options = openssh.options(collected=False)
    command = [sys.executable, KILLED, tmp_path, "sftp", json.dumps(options, default=str), str(step)]
    ended = subprocess.run(command, check=False, timeout=90)
    assert ended.returncode == -signal.SIGKILL, "the upload ended before we were killed"
    seen_by_the_la(openssh)
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite3", "school")
    one = on_its_way(store, options, tmp_path)
    for _ in range(2):
        one.one_pass()
    assert (one.state(), len(seen_by_the_la(openssh)), one.disclosed()) == ("sent", 1, 1)
    assert [file.name for file in openssh.folder.iterdir()] == [FILE.name]
    store.close()


def test_where_the_la_sweeps_its_folder_a_lost_answer_is_asked_after_and_not_sent_again(server, store, tmp_path):
    one = on_its_way(store, server.options(), tmp_path)
    server.start(*RENAMING[1])
    one.one_pass()
    (server.folder / FILE.name).unlink()
    server.start()
    for _ in range(3):
        one.one_pass()
    assert (one.state(), server.received()) == ("unknown", {})


def test_a_mutant_that_renames_before_it_verifies_shows_half_a_file(server, make_channel, monkeypatch):
    def renames_first(client, file, options):
        place, half = sftp._places(options, file.name)
        sftp._upload(client, file, half)
        receipt = sftp._rename(client, half, place, sftp.Verified.NOTHING)
        sftp._verify(client, file, place)
        return receipt

    monkeypatch.setattr(sftp, "_send", renames_first)
    server.start(when="silent")
    sftp.send_file(FILE, make_channel(SftpOptions(**server.options())))
    with pytest.raises(AssertionError):
        seen_by_the_la(server)


def test_a_mutant_without_a_temporary_name_shows_half_a_file(server, make_channel, monkeypatch):
    def under_its_own_name(client, file, options):
        place, _ = sftp._places(options, file.name)
        sftp._upload(client, file, place)
        return sftp.Receipt(Fate.ARRIVED, "")

    monkeypatch.setattr(sftp, "_send", under_its_own_name)
    server.start(5, "before")
    sftp.send_file(FILE, make_channel(SftpOptions(**server.options())))
    with pytest.raises(AssertionError):
        seen_by_the_la(server)
