"""The list by mail: no name in the subject, the files attached, over loopback."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from mbls_sync.mailing import letter, mail_files
from mbls_sync.settings.parts import MailPart


class _Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as one message needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 example\r\n")
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self._data()
            said = {b"QUIT": b"221 bye\r\n", b"EHLO": b"250-example\r\n250 AUTH PLAIN\r\n"}
            self.wfile.write(said.get(command, b"250 ok\r\n"))
            if command == b"QUIT":
                return

    def _data(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.received.append(b"".join(lines))  # type: ignore[attr-defined]  # the test's own list


@pytest.fixture
def server() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as found:
        found.received = []  # type: ignore[attr-defined]  # the test's own list
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "task-list.html"
    file.write_text("<p>Zzyzx Canarypupil</p>", encoding="utf-8")
    return file


def part(port: int = 25) -> MailPart:
    return MailPart(to=("office@school.example",), sender="mbls@school.example", host="127.0.0.1", port=port)


def test_the_list_arrives_whole_and_the_subject_names_nobody(server, page):
    mail_files(part(server.server_address[1]), "Attendance list 2026-11-24 09:16", [page])
    message: Message = message_from_bytes(server.received[0])
    assert message["Subject"] == "Attendance list 2026-11-24 09:16"
    assert message["To"] == "office@school.example"
    (attached,) = [p for p in message.walk() if p.get_filename()]
    assert attached.get_filename() == "task-list.html"
    assert b"Canarypupil" in attached.get_payload(decode=True)


def test_the_text_beside_it_names_nobody(page):
    message = letter(part(), "Attendance list", [page])
    body = message.get_body(("plain",))
    assert body is not None
    assert "Canarypupil" not in body.get_content()


def test_a_server_that_is_away_is_an_oserror(page):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="refused"):
            mail_files(part(held.getsockname()[1]), "Attendance list", [page])


def test_a_password_that_mail_cannot_carry_is_a_failure_to_send_and_not_told(server, page):
    port = server.server_address[1]
    part = MailPart(to=("a@b.example",), sender="c@d.example", port=port, user="office", password="pässwörd")
    with pytest.raises(OSError, match="cannot be made as it is set") as error:
        mail_files(part, "Attendance list", [page])
    assert "pässw" not in str(error.value)
