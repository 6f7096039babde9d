"""SFTP keeps what every sender promises, and speaks to no server but the pinned one."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar
from unittest.mock import Mock

import pytest
from mbls_senders import sftp
from mbls_senders.sftp_login import SftpOptions
from pydantic import ValidationError

from mbls_sync.api import Channel, Fate, OutgoingFile, Sighting, Verified
from mbls_sync.testing.sender_contract import FILE, SenderContract


@dataclass(frozen=True)
class Receiver:
    """An LA behind SFTP."""

    server: object

    @property
    def channel(self) -> Channel:
        return Channel("la", SftpOptions(**self.server.options()), self.server.root)

    @property
    def broken(self) -> Channel:
        return Channel("la", SftpOptions(**self.server.options(host_keys=("SHA256:" + "A" * 43,))), self.server.root)

    def received(self):
        return self.server.received()

    def put(self, file: OutgoingFile) -> None:
        self.server.put(file)


class TestSftp(SenderContract):
    module: ClassVar[ModuleType] = sftp

    @pytest.fixture
    def receiver(self, server) -> Receiver:
        return Receiver(server)


class TestOpenSsh(SenderContract):
    module: ClassVar[ModuleType] = sftp

    @pytest.fixture
    def receiver(self, openssh) -> Receiver:
        return Receiver(openssh)


@pytest.fixture
def send(server, make_channel):
    def make(**changes: object):
        return sftp.send_file(FILE, make_channel(SftpOptions(**server.options(**changes))))

    return make


def test_what_arrives_was_read_back_before_it_had_its_name(send):
    receipt = send()
    assert (receipt.fate, receipt.verified) == (Fate.ARRIVED, Verified.HASH)


def test_a_server_that_cuts_files_short_and_says_nothing_is_found_out(server, send):
    server.start(when="silent")
    assert send().fate is Fate.NOT_SENT
    assert server.received() == {}


def test_a_changed_host_key_is_refused_and_nothing_is_said_to_it(server, send):
    pinned = server.options()["host_keys"]
    server.make().start()
    receipt = send(host_keys=pinned)
    assert receipt.fate is Fate.REFUSED
    assert "not pinned" in receipt.says
    assert server.received() == {}


def test_while_a_key_is_rotated_the_old_and_the_new_are_both_good(server, send):
    old = server.options()["host_keys"]
    server.make()
    both = (*old, *server.options()["host_keys"])
    assert send(host_keys=both).fate is Fate.ARRIVED
    server.start()
    assert send(host_keys=both).fate is Fate.ARRIVED
    assert send(host_keys=old).fate is Fate.REFUSED


@pytest.fixture
def two_keys(make_server):
    return make_server(name="two", kinds=("ed25519", "ecdsa"))


@pytest.mark.parametrize("which", [0, 1])
def test_of_a_server_with_two_keys_either_may_be_the_pinned_one(two_keys, make_channel, which):
    options = two_keys.options()
    pinned = SftpOptions(**{**options, "host_keys": (options["host_keys"][which],)})
    assert sftp.send_file(FILE, make_channel(pinned)).fate is Fate.ARRIVED


def test_none_of_two_keys_being_pinned_is_refused_with_both_named(two_keys, make_channel):
    options = two_keys.options()
    other = SftpOptions(**{**options, "host_keys": ("SHA256:" + "A" * 43,)})
    receipt = sftp.send_file(FILE, make_channel(other))
    assert receipt.fate is Fate.REFUSED
    assert all(key in receipt.says for key in options["host_keys"])


def test_a_wrong_password_is_for_a_person_and_is_not_told(server, send):
    (server.root / "password").write_text("wrong horse")
    receipt = send()
    assert receipt.fate is Fate.REFUSED
    assert "wrong horse" not in receipt.says


def test_a_server_that_is_away_is_for_later(server, send):
    server.stop()
    assert send().fate is Fate.NOT_SENT


def test_an_upload_goes_on_where_a_cut_left_it(server, send):
    half = server.folder / f".{FILE.name}.part"
    half.write_bytes(FILE.data[:100_000])
    born = half.stat().st_ino
    assert send().fate is Fate.ARRIVED
    assert (server.folder / FILE.name).stat().st_ino == born
    assert [file.name for file in server.folder.iterdir()] == [FILE.name]


def test_a_remnant_of_something_else_is_written_over(server, send):
    (server.folder / f".{FILE.name}.part").write_bytes(b"of another sealing" * 40_000)
    assert send().fate is Fate.ARRIVED
    assert server.received() == {FILE.name: [FILE.data]}


def test_a_drop_box_that_lets_nobody_read_is_verified_by_size(openssh, make_channel, monkeypatch):
    # Root may read everything, so the refusal is made at the client's end of the wire.
    real = sftp.paramiko.SFTPClient.open

    def write_only(self, name, mode="r", *more):
        if "r" in mode and "+" not in mode:
            raise PermissionError("write only")
        return real(self, name, mode, *more)

    monkeypatch.setattr(sftp.paramiko.SFTPClient, "open", write_only)
    channel = make_channel(SftpOptions(**openssh.options()))
    receipt = sftp.send_file(FILE, channel)
    assert (receipt.fate, receipt.verified) == (Fate.ARRIVED, Verified.SIZE)
    assert sftp.find(FILE.name, FILE.sha256, channel) is Sighting.CANNOT_TELL


@pytest.mark.parametrize("collected", [True, False])
def test_an_empty_folder_says_nothing_where_the_la_takes_files_away(server, make_channel, collected):
    channel = make_channel(SftpOptions(**server.options(collected=collected)))
    expected = Sighting.CANNOT_TELL if collected else Sighting.ABSENT
    assert sftp.find(FILE.name, FILE.sha256, channel) is expected


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"host_keys": ()}, "at least 1 item"),
        ({"host_keys": ("MD5:00:11",)}, "ssh-keygen"),
        ({"password_file": None}, "key_file or password_file"),
        ({"host": "sftp.la.example"}, "allow_remote"),
        ({"pasword_file": "x"}, "Extra inputs"),
    ],
)
def test_options_that_are_not_exactly_right_are_refused(server, changes, says):
    with pytest.raises(ValidationError, match=says):
        SftpOptions(**server.options(**changes))


def test_the_file_is_nobody_elses_to_read_by_our_doing(server, send):
    send()
    mode = (server.folder / FILE.name).stat().st_mode
    assert not mode & stat.S_IWOTH


def test_a_server_that_lets_us_in_and_not_write_is_for_a_person_and_not_tried_for_ever(openssh, make_channel):
    config = openssh.root / "sshd_config"
    config.write_text(config.read_text().replace("internal-sftp", "internal-sftp -R"))
    openssh.start()
    receipt = sftp.send_file(FILE, make_channel(SftpOptions(**openssh.options())))
    assert (receipt.fate, "may not be written to" in receipt.says) == (Fate.REFUSED, True)
    gone = sftp.send_file(FILE, make_channel(SftpOptions(**openssh.options(folder="/no/such/folder"))))
    assert (gone.fate, openssh.received()) == (Fate.REFUSED, {})


def test_a_server_that_fails_while_it_writes_is_told_from_one_that_is_gone(server, make_channel, monkeypatch):
    monkeypatch.setattr(sftp, "_upload", Mock(side_effect=OSError("Failure")))
    receipt = sftp.send_file(FILE, make_channel(SftpOptions(**server.options())))
    assert (receipt.fate, "its disk may be full" in receipt.says) == (Fate.NOT_SENT, True)
