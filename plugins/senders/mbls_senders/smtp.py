"""Mail with TLS to a secure address that stands on a list: no name in subject, text or file name.

Whether a mail arrived can be told by nobody but its receiver: when the answer to its text was lost, its fate is unknown
and a person asks. Its Message-ID comes from the file, so that two copies are known for one.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from threading import Timer
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mbls_senders.deadline import TotalSeconds, cut_after
from mbls_senders.names import refused_name
from mbls_sync.api import Channel, Fate, HealthReport, OutgoingFile, Receipt, Sighting, Verified, sender

LOOPBACK = ("localhost", "127.0.0.1", "::1")
ADDRESS = r"[^\s,<>@]+@[^\s,<>@]+"
Address = Annotated[str, Field(pattern=f"^{ADDRESS}$")]

BODY = """A file from {school} is attached. The passphrase that it asks for was given to you by another way.

File: {name}
SHA-256: {seal}
"""


class SmtpOptions(BaseModel):
    """Who sends to whom by which server.

    `to` must stand in `allowed`, or its domain as `@domain`: the list is kept by another hand than the address.
    `ca_file` holds the authority of a server whose certificate no public one signed. `seconds` is for one answer,
    `total_seconds` for the whole mail.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    host: str
    port: Annotated[int, Field(gt=0, lt=65536)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    sender: Address
    to: Address
    allowed: Annotated[tuple[str, ...], Field(min_length=1)]
    school: str = "the school"
    user: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    allow_remote: bool = False
    seconds: Annotated[int, Field(gt=0, le=600)] = 30
    total_seconds: TotalSeconds = 600

    @model_validator(mode="after")
    def _goes_nowhere_by_mistake(self) -> SmtpOptions:
        if self.host not in LOOPBACK and not (self.allow_remote and self.tls != "none"):
            raise ValueError("a mail host beyond this machine needs allow_remote = true and tls = starttls or tls")
        if (self.user != "") != (self.password_file is not None):
            raise ValueError("user and password_file go together")
        return self

    @property
    def may_receive(self) -> bool:
        """Whether the receiver stands on the list."""
        return any(self.to == entry or (entry.startswith("@") and self.to.endswith(entry)) for entry in self.allowed)


class NotOurs(Exception):
    """The server is not who it should be, or does not let us in: a person must look."""


def find(name: str, sha256: str, channel: Channel) -> Sighting:  # noqa: ARG001 - the shape of FindsFile
    """Nobody can look into another's post box."""
    return Sighting.CANNOT_TELL


def probe(channel: Channel) -> Iterator[HealthReport]:
    """Whether the receiver is on the list, and the server answers with a certificate that holds and lets us in."""
    options = channel.options_as(SmtpOptions)
    if not options.may_receive:
        says = f"{options.to} does not stand in `allowed`"
        yield HealthReport("receiver", False, says, "correct the address, or have it added to the list")
        return
    try:
        with _server(options, channel.folder):
            yield HealthReport("mail", True, f"{options.host}:{options.port} answers ({options.tls}) and lets us in")
    except NotOurs as error:
        yield HealthReport("mail", False, str(error), "until then nothing is sent by this channel")
    except (OSError, ValueError) as error:
        says = f"{options.host}:{options.port} cannot be reached ({type(error).__name__})"
        yield HealthReport("mail", False, says, "see host, port, tls and firewall, or wait and try again")


@sender(
    kind="smtp",
    title="mail with TLS to a listed address",
    options=SmtpOptions,
    find=find,
    probe=probe,
    serves=("secure-email",),
)
def send_file(file: OutgoingFile, channel: Channel) -> Receipt:
    """Mail the file once. Only the answer to its text decides whether it has left."""
    options = channel.options_as(SmtpOptions)
    refusal = refused_name(file)
    if refusal is not None:
        return refusal
    if not options.may_receive:
        return Receipt(Fate.REFUSED, f"{options.to} does not stand in the channel's `allowed`; nothing was sent")
    try:
        with _server(options, channel.folder) as server:
            return _mail(server, file, options)
    except NotOurs as error:
        return Receipt(Fate.REFUSED, str(error))
    except (OSError, ValueError) as error:
        return Receipt(Fate.NOT_SENT, f"the connection to {options.host} failed ({type(error).__name__})")


def _mail(server: smtplib.SMTP, file: OutgoingFile, options: SmtpOptions) -> Receipt:
    letter = _letter(file, options)
    most = _most_bytes(server)
    if most and len(letter) > most:
        says = (
            f"{options.host} takes mails of {most} bytes and this one has {len(letter)}; nothing was sent. Agree "
            f"with the LA on another channel for this file, or have the limit raised"
        )
        return Receipt(Fate.REFUSED, says)
    for who, (code, _) in (
        (options.sender, server.mail(options.sender)),
        (options.to, server.rcpt(options.to)),
    ):
        if code >= 400:
            fate = Fate.REFUSED if code >= 500 else Fate.NOT_SENT
            return Receipt(fate, f"{options.host} does not take {who} ({code}); nothing was sent")
    try:
        code, _ = server.data(letter)
    except smtplib.SMTPDataError as error:
        return Receipt(_said_no(error.smtp_code), f"{options.host} did not take the mail ({error.smtp_code})")
    except (OSError, smtplib.SMTPException):
        return Receipt(Fate.UNKNOWN, f"the connection to {options.host} was cut while the mail was handed over")
    if code != 250:
        return Receipt(_said_no(code), f"{options.host} did not take the mail ({code})")
    return Receipt(Fate.ARRIVED, f"{options.host} took the mail", options.to, Verified.ANSWER)


def _most_bytes(server: smtplib.SMTP) -> int:
    """How large a mail may be, as the server says (RFC 1870); 0 where it does not, or sets no limit.

    Asked before: a server may cut the connection on what is too large, and then nobody could tell what became of it.
    """
    said = server.esmtp_features.get("size", "").split()
    return int(said[0]) if said and said[0].isdecimal() else 0


def _said_no(code: int) -> Fate:
    return Fate.REFUSED if code >= 500 else Fate.NOT_SENT


@contextmanager
def _server(options: SmtpOptions, folder: Path) -> Iterator[smtplib.SMTP]:
    """The server, greeted under TLS and logged in to. A certificate that does not hold is no server of ours."""
    try:
        server = _connected(options, folder)
    except ssl.SSLError as error:
        says = f"{options.host} did not prove who it is ({error.reason or type(error).__name__}); nothing was sent"
        raise NotOurs(says) from None
    except smtplib.SMTPNotSupportedError:
        raise NotOurs(f"{options.host} offers no TLS or no login, and nothing is sent without") from None
    except smtplib.SMTPAuthenticationError:
        raise NotOurs(f"{options.host} does not let {options.user} in; renew the password") from None
    try:
        yield server
    finally:
        server.close()


class _Deadline:
    """A mail server that is cut off when the whole has taken too long, be it already in its greeting."""

    # Mixed in before a class of smtplib, whose connect and close these go on to; by itself it has neither.
    total_seconds = 0
    sock: socket.socket | None = None
    _timer: Timer | None = None

    def connect(self, *where: Any, **more: Any) -> Any:
        self._timer = cut_after(self.total_seconds, self._cut)
        try:
            return super().connect(*where, **more)  # type: ignore[misc]
        except BaseException:
            self._timer.cancel()
            raise

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().close()  # type: ignore[misc]

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _InTime(_Deadline, smtplib.SMTP):
    def __init__(self, options: SmtpOptions) -> None:
        self.total_seconds = options.total_seconds
        super().__init__(options.host, options.port, timeout=options.seconds)


class _InTimeTls(_Deadline, smtplib.SMTP_SSL):
    def __init__(self, options: SmtpOptions, context: ssl.SSLContext) -> None:
        self.total_seconds = options.total_seconds
        super().__init__(options.host, options.port, timeout=options.seconds, context=context)


def _connected(options: SmtpOptions, folder: Path) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=str(folder / options.ca_file) if options.ca_file else None)
    server = _InTimeTls(options, context=context) if options.tls == "tls" else _InTime(options)
    try:
        if options.tls == "starttls":
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if options.password_file is not None:
            _log_in(server, options.user, _secret(folder / options.password_file))
    except BaseException:
        server.close()
        raise
    return server


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """One attempt in one way: a wrong password that is tried in several locks the account."""
    offered = server.esmtp_features.get("auth", "").upper().split()
    server.user, server.password = user, password
    if "PLAIN" in offered:
        server.auth("PLAIN", server.auth_plain)
    elif "LOGIN" in offered:
        server.auth("LOGIN", server.auth_login)
    else:
        raise smtplib.SMTPNotSupportedError("neither PLAIN nor LOGIN is offered")


def _secret(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotOurs(f"{file} cannot be read ({type(error).__name__}); let this user read it") from None


def _letter(file: OutgoingFile, options: SmtpOptions) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = file.name
    message["From"] = options.sender
    message["To"] = options.to
    message["Message-ID"] = f"<{file.sha256}@{options.sender.rpartition('@')[2]}>"
    message.set_content(BODY.format(school=options.school, name=file.name, seal=file.sha256))
    message.add_attachment(file.data, maintype="application", subtype="octet-stream", filename=file.name)
    return message.as_bytes()
