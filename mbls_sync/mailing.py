"""Mails the day's task list to the attendance officer. No name stands in the subject."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

from mbls_sync.settings.parts import MailPart

DEADLINE = 20
"""Seconds that a mail server may take for one answer."""

BODY = """The day's attendance list is attached; open {first} in a browser.

It names pupils. Do not forward it; delete it when the day's work is done.
"""


def mail_files(part: MailPart, subject: str, files: Sequence[Path]) -> None:
    """Send `files`. Raises OSError, of which SMTPException is one, where it cannot be sent."""
    try:
        _deliver(part, letter(part, subject, files))
    except ValueError as error:
        # A password or an address that mail cannot carry is as lasting as a server that refuses, and no worse.
        raise OSError(f"the mail cannot be made as it is set ({type(error).__name__})") from None


def _deliver(part: MailPart, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    if part.tls == "tls":
        with smtplib.SMTP_SSL(part.host, part.port, timeout=DEADLINE, context=context) as server:
            _send(server, part, message)
        return
    with smtplib.SMTP(part.host, part.port, timeout=DEADLINE) as server:
        if part.tls == "starttls":
            server.starttls(context=context)
        _send(server, part, message)


def letter(part: MailPart, subject: str, files: Sequence[Path]) -> EmailMessage:
    """The message with its files attached."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = part.sender
    message["To"] = ", ".join(part.to)
    message.set_content(BODY.format(first=files[0].name))
    for file in files:
        kind = {".html": "html", ".csv": "csv"}.get(file.suffix, "plain")
        message.add_attachment(file.read_bytes(), maintype="text", subtype=kind, filename=file.name)
    return message


def _send(server: smtplib.SMTP, part: MailPart, message: EmailMessage) -> None:
    if part.user:
        server.login(part.user, part.password.get_secret_value())
    server.send_message(message)
