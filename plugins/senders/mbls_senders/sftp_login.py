"""Opens SFTP to a server whose host key is pinned: an unknown or changed key is refused before anything is said."""

from __future__ import annotations

import base64
import hashlib
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import paramiko
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mbls_senders.deadline import TotalSeconds, within

LOOPBACK = ("localhost", "127.0.0.1", "::1")

# What a connection says of itself is in the receipt; the library would print it on standard error.
logging.getLogger("paramiko").addHandler(logging.NullHandler())

RSA = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")


class SftpOptions(BaseModel):
    """How the server is reached, and by what it is known.

    `host_keys` are the SHA-256 fingerprints that `ssh-keygen -lf` prints (`SHA256:…`); while the LA changes its key,
    the old and the new one. Key, its passphrase and password stand in files. `collected`: the LA takes files out of
    the folder, so that an empty folder does not mean that nothing came. `seconds` is for one answer, `total_seconds`
    for everything after the handshake.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    host: str
    port: Annotated[int, Field(gt=0, lt=65536)] = 22
    user: str
    host_keys: Annotated[tuple[str, ...], Field(min_length=1)]
    folder: str = "."
    key_file: Path | None = None
    key_passphrase_file: Path | None = None
    password_file: Path | None = None
    collected: bool = True
    allow_remote: bool = False
    seconds: Annotated[int, Field(gt=0, le=600)] = 30
    total_seconds: TotalSeconds = 600

    @field_validator("host_keys")
    @classmethod
    def _are_fingerprints(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        for key in keys:
            if not key.startswith("SHA256:") or len(key) != len("SHA256:") + 43:
                raise ValueError("a fingerprint is wanted as ssh-keygen -lf prints it: SHA256: and 43 characters")
        return keys

    @model_validator(mode="after")
    def _can_log_in(self) -> SftpOptions:
        if self.key_file is None and self.password_file is None:
            raise ValueError("key_file or password_file is wanted: the file that holds the key or the password")
        if self.host not in LOOPBACK and not self.allow_remote:
            raise ValueError("a host beyond this machine needs allow_remote = true")
        return self


class NotLetIn(Exception):
    """The server is not the one that is pinned, or does not let us in: a person must look."""


@contextmanager
def sftp(options: SftpOptions, folder: Path) -> Iterator[paramiko.SFTPClient]:
    """A connection to the server. `folder` is the school's: relative paths of secrets are against it.

    Raises NotLetIn where the host key or the login is wrong, OSError, EOFError or SSHException where it cannot be
    reached, or takes longer than the total.
    """
    transport = _to_pinned_host(options)
    try:
        with within(options.total_seconds, transport.close):
            _log_in(transport, options, folder)
            yield _client(transport, options)
    finally:
        transport.close()


def _client(transport: paramiko.Transport, options: SftpOptions) -> paramiko.SFTPClient:
    transport.channel_timeout = options.seconds
    # The library waits for a server's first words without end.
    with within(options.seconds, transport.close):
        client = paramiko.SFTPClient.from_transport(transport)
    if client is None:
        raise NotLetIn(f"{options.host} offers no SFTP; ask the LA for the right host and port")
    channel = client.get_channel()
    if channel is not None:
        channel.settimeout(options.seconds)
    return client


def _to_pinned_host(options: SftpOptions) -> paramiko.Transport:
    """Shake hands until a pinned key is shown. A server may hold keys of several kinds and shows one at a time."""
    seen: list[str] = []
    others: list[str] = []
    while True:
        transport = _shake_hands(options, others)
        if transport is None:
            break
        key = transport.get_remote_server_key()
        shown = fingerprint(key)
        if shown in options.host_keys:
            return transport
        transport.close()
        if shown in seen:
            break
        seen.append(shown)
        others += RSA if key.get_name() in RSA else (key.get_name(),)
    raise NotLetIn(
        f"the host key of {options.host} is {' and '.join(seen) or 'of no kind that is known'}, which is not pinned in "
        f"host_keys; nothing was sent. Ask the LA by telephone whether it has changed its key, and pin what it says"
    )


def _shake_hands(options: SftpOptions, others: list[str]) -> paramiko.Transport | None:
    """A transport with the server's key checked for possession; None where no further kind of key is left."""
    connection = socket.create_connection((options.host, options.port), timeout=options.seconds)
    transport = paramiko.Transport(connection, disabled_algorithms={"keys": others})
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = options.seconds
    try:
        transport.start_client(timeout=options.seconds)
    except paramiko.ssh_exception.IncompatiblePeer:
        transport.close()
        if others:
            return None
        raise
    except BaseException:
        transport.close()
        raise
    return transport


def _log_in(transport: paramiko.Transport, options: SftpOptions, folder: Path) -> None:
    try:
        if options.key_file is not None:
            transport.auth_publickey(options.user, _key(options, folder))
        else:
            transport.auth_password(options.user, _secret(options.password_file, folder) or "")
    except paramiko.AuthenticationException:
        way = "key" if options.key_file is not None else "password"
        raise NotLetIn(f"{options.host} does not let {options.user} in with this {way}; renew it with the LA") from None
    if not transport.is_authenticated():
        raise NotLetIn(
            f"{options.host} wants more than one proof of who we are; ask the LA for a key or a password alone"
        )


def _key(options: SftpOptions, folder: Path) -> Any:
    place = folder / (options.key_file or "")
    try:
        return paramiko.PKey.from_path(place, (_secret(options.key_passphrase_file, folder) or "").encode() or None)
    except (OSError, ValueError, TypeError, paramiko.SSHException, paramiko.UnknownKeyType) as error:
        raise NotLetIn(
            f"the key in {place} cannot be used ({type(error).__name__}); see its file and passphrase"
        ) from None


def _secret(file: Path | None, folder: Path) -> str | None:
    if file is None:
        return None
    try:
        return (folder / file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotLetIn(f"{folder / file} cannot be read ({type(error).__name__}); let this user read it") from None


def fingerprint(key: Any) -> str:
    """The SHA-256 fingerprint of a host key as ssh-keygen prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")
