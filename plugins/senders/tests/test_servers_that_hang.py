"""A server that keeps us waiting holds up one file for so long and no longer, whatever it says in between."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from mbls_senders import sftp, smtp
from mbls_senders.sftp_login import SftpOptions
from mbls_senders.smtp import SmtpOptions

from mbls_sync.api import Channel, Fate, OutgoingFile

BIG = OutgoingFile("8239999_attendance_2026-11_001.zip", bytes(range(256)) * 2048)


def test_sftp_that_lets_us_in_and_then_says_nothing_is_left(server):
    server.start(when="mute")
    channel = Channel("la", SftpOptions(**server.options(seconds=1)), server.root)
    receipt = sftp.send_file(BIG, channel)
    assert receipt.fate is Fate.NOT_SENT
    assert not server.received()


def test_sftp_that_answers_slowly_for_ever_is_cut_off_and_gone_on_with_later(server):
    server.start(when="slow")
    hurried = Channel("la", SftpOptions(**server.options(total_seconds=1)), server.root)
    assert sftp.send_file(BIG, hurried).fate is Fate.NOT_SENT
    assert not server.received()
    server.start()
    patient = Channel("la", SftpOptions(**server.options()), server.root)
    assert sftp.send_file(BIG, patient).fate is Fate.ARRIVED
    assert server.received() == {BIG.name: [BIG.data]}


@pytest.fixture
def chatterer() -> Iterator[int]:
    """A mail server whose greeting never ends; its port."""
    door, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def greet() -> None:
        with contextlib.suppress(OSError):
            caller, _ = door.accept()
            with caller:
                while not over.wait(0.05):
                    caller.sendall(b"220-and another thing\r\n")

    thread = threading.Thread(target=greet)
    thread.start()
    yield door.getsockname()[1]
    over.set()
    door.shutdown(socket.SHUT_RDWR)
    thread.join()
    door.close()


def test_a_mail_server_that_never_comes_to_the_point_is_cut_off(chatterer, tmp_path: Path):
    options = SmtpOptions(
        host="127.0.0.1",
        port=chatterer,
        tls="none",
        sender="office@school.example",
        to="attendance@la.example",
        allowed=("@la.example",),
        total_seconds=1,
    )
    assert smtp.send_file(BIG, Channel("la", options, tmp_path)).fate is Fate.NOT_SENT
