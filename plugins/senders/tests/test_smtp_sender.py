"""Mail goes under TLS, to a listed address only, once, and names nobody outside the file."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from mbls_senders import smtp
from mbls_senders.smtp import SmtpOptions
from pydantic import ValidationError

from mbls_sync.api import Channel, Fate, OutgoingFile, Sighting
from mbls_sync.testing.sender_contract import FILE, SenderContract
from mbls_sync.testing.sending import OneSending, open_store, sender_of

TO = "attendance@la.example"
KILLED = Path(__file__).with_name("killed_sender.py")
KILLS = sorted(random.Random(20261127).sample(range(1, 23), 6))


@dataclass
class PostBox:
    """What the LA's server took. `answers` is said to the text of a mail; `cut` hangs up in place of it."""

    mails: list[bytes] = field(default_factory=list)
    answers: str = "250 taken"
    cut: bool = False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the library's name
        if address.startswith("nobody@"):
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the library's name
        self.mails.append(envelope.content)
        if self.cut:
            server.transport.abort()
        return self.answers


@dataclass
class MailServer:
    """An LA's mail server on this machine."""

    box: PostBox
    port: int
    root: Path

    def options(self, **changes: object) -> dict[str, object]:
        return {
            "host": "localhost",
            "port": self.port,
            "sender": "office@school.example",
            "to": TO,
            "allowed": (TO,),
            "user": "school",
            "password_file": self.root / "password",
            "ca_file": self.root / "ca.pem",
            "seconds": 60,
            **changes,
        }

    def channel(self, **changes: object) -> Channel:
        return Channel("la", SmtpOptions(**self.options(**changes)), self.root)

    @property
    def broken(self) -> Channel:
        return self.channel(allowed=("another@la.example",))

    def received(self) -> Mapping[str, list[bytes]]:
        found: dict[str, list[bytes]] = {}
        for mail in self.box.mails:
            for part in message_from_bytes(mail, policy=default).iter_attachments():
                found.setdefault(part.get_filename() or "", []).append(part.get_payload(decode=True))
        return found

    def put(self, file: OutgoingFile) -> None:
        letter = smtp._letter(file, SmtpOptions(**self.options()))
        self.box.mails.append(letter)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


class Talk(SMTP):
    """One connection. `gone` is set once it has ended: an open one at the end of the loop would never be closed."""

    def __init__(self, talks: list[Talk], *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.gone = threading.Event()
        talks.append(self)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.gone.set()


class AtOpenDoor(Controller):
    """Serves at a socket that listens already, and takes as long to begin as the machine needs."""

    def __init__(self, make: Callable[[list[Talk]], Talk]) -> None:
        self.door, self.make, self.talks = socket.create_server(("127.0.0.1", 0)), make, []
        super().__init__(None, hostname="127.0.0.1", port=self.door.getsockname()[1], ready_timeout=60)

    def factory(self) -> Talk:
        return self.make(self.talks)

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self.door)

    def _trigger_server(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), 60) as line:
            line.recv(1024)

    def stop(self, no_assert: bool = False) -> None:
        for talk in self.talks:
            assert talk.gone.wait(60), "the sender has not hung up"
        super().stop(no_assert)


@pytest.fixture
def serve(authority, tmp_path) -> Iterator[Callable[..., MailServer]]:
    running = []
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    (tmp_path / "password").write_text("correct horse battery\n")

    def login(server, session, envelope, mechanism, data) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"school", b"correct horse battery"), handled=False)

    def make(host: str = "localhost", *, tls: bool = True, most: int = 1 << 25) -> MailServer:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(context)
        box = PostBox()

        found = AtOpenDoor(
            lambda talks: Talk(
                talks,
                box,
                tls_context=context if tls else None,
                require_starttls=tls,
                authenticator=login,
                auth_require_tls=tls,
                data_size_limit=most,
            )
        )
        running.append(found)
        found.start()
        return MailServer(box, found.port, tmp_path)

    yield make
    for server in running:
        server.stop()


@dataclass(frozen=True)
class Receiver:
    """The server with its sound channel."""

    server: MailServer

    @property
    def channel(self) -> Channel:
        return self.server.channel()

    @property
    def broken(self) -> Channel:
        return self.server.broken

    def received(self) -> Mapping[str, list[bytes]]:
        return self.server.received()

    def put(self, file: OutgoingFile) -> None:
        self.server.put(file)


class TestSmtp(SenderContract):
    module: ClassVar[ModuleType] = smtp
    can_look: ClassVar[bool] = False

    @pytest.fixture
    def receiver(self, serve) -> Receiver:
        return Receiver(serve())


def test_a_receiver_that_is_not_on_the_list_gets_nothing(serve):
    server = serve()
    receipt = smtp.send_file(FILE, server.channel(to="gossip@elsewhere.example"))
    assert (receipt.fate, server.box.mails) == (Fate.REFUSED, [])


def test_a_whole_domain_may_be_listed_and_one_that_ends_alike_is_not_it(serve):
    server = serve()
    assert smtp.send_file(FILE, server.channel(allowed=("@la.example",))).fate is Fate.ARRIVED
    assert smtp.send_file(FILE, server.channel(to="a@notla.example", allowed=("@la.example",))).fate is Fate.REFUSED


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"host": "another.example"}, "did not prove who it is"),
        ({"tls": False}, "offers no TLS"),
        ({"most": FILE.size}, f"takes mails of {FILE.size} bytes"),
    ],
)
def test_a_server_that_is_another_or_offers_no_tls_or_takes_no_mail_so_large_gets_nothing(serve, given, says):
    server = serve(**given)
    receipt = smtp.send_file(FILE, server.channel())
    assert (receipt.fate, server.box.mails, says in receipt.says) == (Fate.REFUSED, [], True)


def test_a_wrong_password_is_for_a_person_and_is_not_told(serve):
    server = serve()
    (server.root / "password").write_text("wrong horse")
    receipt = smtp.send_file(FILE, server.channel())
    assert receipt.fate is Fate.REFUSED
    assert "wrong horse" not in receipt.says


@pytest.mark.parametrize(("answer", "fate"), [("554 not wanted", Fate.REFUSED), ("451 later", Fate.NOT_SENT)])
def test_a_mail_that_the_server_turns_away_has_not_left(serve, answer, fate):
    server = serve()
    server.box.answers = answer
    assert smtp.send_file(FILE, server.channel()).fate is fate


def test_an_address_that_the_server_does_not_know_is_for_a_person(serve):
    server = serve()
    receipt = smtp.send_file(FILE, server.channel(to="nobody@la.example", allowed=("@la.example",)))
    assert (receipt.fate, server.box.mails) == (Fate.REFUSED, [])


def test_a_mail_whose_answer_was_lost_is_asked_after_and_never_sent_again(serve, tmp_path):
    server = serve()
    server.box.cut = True
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite3", "school")
    one = OneSending(store, sender_of(smtp), server.channel(), FILE, tmp_path)
    for _ in range(3):
        told = one.one_pass()
        server.box.cut = False
    assert (one.state(), len(server.box.mails)) == ("unknown", 1)
    assert smtp.find(FILE.name, FILE.sha256, server.channel()) is Sighting.CANNOT_TELL
    assert "nobody but the receiver can tell" in " ".join(told)
    store.close()


def test_the_mail_names_nobody_and_two_copies_are_known_for_one(serve):
    server = serve()
    for _ in range(2):
        smtp.send_file(FILE, server.channel())
    first, second = (message_from_bytes(mail, policy=default) for mail in server.box.mails)
    assert first["Message-ID"] == second["Message-ID"]
    assert "Canarypupil" not in str(first["Subject"]) + first.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"host": "mail.la.example"}, "allow_remote"),
        ({"host": "mail.la.example", "allow_remote": True, "tls": "none"}, "allow_remote"),
        ({"to": "a@b.example\r\nBcc: c@d.example"}, "pattern"),
        ({"allowed": ()}, "at least 1 item"),
        ({"password_file": None}, "go together"),
    ],
)
def test_options_that_are_not_exactly_right_are_refused(serve, changes, says):
    with pytest.raises(ValidationError, match=says):
        SmtpOptions(**serve().options(**changes))


@pytest.mark.parametrize("step", KILLS)
def test_a_mail_of_ours_that_was_cut_short_by_our_own_death_is_never_sent_twice(serve, tmp_path, step):
    server = serve()
    command = [sys.executable, KILLED, tmp_path, "smtp", json.dumps(server.options(), default=str), str(step)]
    assert subprocess.run(command, check=False, timeout=90).returncode == -signal.SIGKILL
    with contextlib.closing(open_store(f"sqlite:///{tmp_path}/store.sqlite3", "school")) as store:
        one = OneSending(store, sender_of(smtp), server.channel(), FILE, tmp_path)
        told, sent = " ".join(one.one_pass() + one.one_pass()), one.state() == "sent"
        assert one.disclosed() == sent <= len(server.box.mails) <= 1
        assert sent or (one.state() == "unknown" and "ask them" in told)
