"""SFTP to a server whose host key is pinned: up under a temporary name, read back, and only then renamed.

A reader at the LA sees the file whole or not at all. What a cut leaves is gone on with by the next attempt. Only
when the answer to the renaming itself was lost is the fate unknown; every earlier failure left nothing behind that a
reader would take up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress

import paramiko

from mbls_senders.names import refused_name
from mbls_senders.sftp_login import NotLetIn, SftpOptions, sftp
from mbls_sync.api import Channel, Fate, HealthReport, OutgoingFile, Receipt, Sighting, Verified, sender

LOST = (OSError, EOFError, paramiko.SSHException)
"""What a connection raises that was cut, was never made, or whose answer did not come in time."""

PIECE = 32 * 1024
"""Bytes of one packet, as every server takes it."""


class Whole(Exception):
    """What was read back is not what was written."""


def find(name: str, sha256: str, channel: Channel) -> Sighting:
    """What lies in the LA's folder under that name."""
    options = channel.options_as(SftpOptions)
    try:
        with sftp(options, channel.folder) as client:
            return _find(client, options, name, sha256)
    except (NotLetIn, *LOST):
        return Sighting.CANNOT_TELL


def probe(channel: Channel) -> Iterator[HealthReport]:
    """Whether the server is the pinned one, lets us in and has the folder. Nothing is written."""
    options = channel.options_as(SftpOptions)
    try:
        with sftp(options, channel.folder) as client:
            yield HealthReport("host key and login", True, f"{options.host} is the pinned server and lets us in")
            yield _folder_report(client, options)
    except NotLetIn as error:
        yield HealthReport("host key and login", False, str(error), "until then nothing is sent by this channel")
    except LOST as error:
        says = f"{options.host}:{options.port} cannot be reached ({type(error).__name__})"
        yield HealthReport("host key and login", False, says, "see host, port and firewall, or wait and try again")


@sender(
    kind="sftp",
    title="SFTP with a pinned host key",
    options=SftpOptions,
    find=find,
    probe=probe,
    serves=("sftp", "upload"),
)
def send_file(file: OutgoingFile, channel: Channel) -> Receipt:
    """Upload, verify, rename; go on with what an earlier attempt left."""
    refusal = refused_name(file)
    if refusal is not None:
        return refusal
    options = channel.options_as(SftpOptions)
    try:
        with sftp(options, channel.folder) as client:
            return _send(client, file, options)
    except NotLetIn as error:
        return Receipt(Fate.REFUSED, str(error))
    except Whole as error:
        return Receipt(Fate.NOT_SENT, str(error))
    except LOST as error:
        return Receipt(Fate.NOT_SENT, _failure(error, options))


def _failure(error: Exception, options: SftpOptions) -> str:
    """Whether the server said no, of which the library makes an OSError without a number, or is no longer heard."""
    if type(error) is OSError and error.errno is None:
        return f"{options.host} could not take the file, and does not say why; its disk may be full"
    return f"the connection to {options.host} failed ({type(error).__name__})"


def _send(client: paramiko.SFTPClient, file: OutgoingFile, options: SftpOptions) -> Receipt:
    place, half = _places(options, file.name)
    if _size(client, place) is not None:
        return _already_there(client, file, place)
    _upload(client, file, half)
    verified = _verify(client, file, half)
    return _rename(client, half, place, verified)


def _already_there(client: paramiko.SFTPClient, file: OutgoingFile, place: str) -> Receipt:
    if _hash(client, place) == file.sha256:
        return Receipt(Fate.ARRIVED, "it lies at the LA's already", place, Verified.HASH)
    return Receipt(
        Fate.REFUSED, f"another file called {file.name} lies at the LA's, or it cannot be read; it was left alone"
    )


def _upload(client: paramiko.SFTPClient, file: OutgoingFile, half: str) -> None:
    done = _begun(client, file, half)
    try:
        opened = client.open(half, "r+b" if done else "wb")
    except (PermissionError, FileNotFoundError) as error:
        says = "is not there" if isinstance(error, FileNotFoundError) else "may not be written to"
        raise NotLetIn(f"the LA's folder for {file.name} {says}; nothing was sent. Ask the LA for the right") from None
    with opened as remote:
        remote.set_pipelined(True)
        remote.seek(done)
        for start in range(done, file.size, PIECE):
            remote.write(file.data[start : start + PIECE])


def _begun(client: paramiko.SFTPClient, file: OutgoingFile, half: str) -> int:
    """How many bytes an earlier attempt left that are ours; what is not ours is written over from the start."""
    there = _size(client, half) or 0
    if not 0 < there <= file.size:
        return 0
    return there if _hash(client, half) == hashlib.sha256(file.data[:there]).hexdigest() else 0


def _verify(client: paramiko.SFTPClient, file: OutgoingFile, half: str) -> Verified:
    """Compare before it is renamed: what nobody takes up yet may be wrong, and is then written anew."""
    if _size(client, half) != file.size:
        raise Whole("the size of what arrived is not that of the file; it was not given its name")
    seal = _hash(client, half)
    if seal is None:
        return Verified.SIZE
    if seal != file.sha256:
        with suppress(*LOST):
            client.remove(half)
        raise Whole("what was read back is not what was sent; it was not given its name")
    return Verified.HASH


def _rename(client: paramiko.SFTPClient, half: str, place: str, verified: Verified) -> Receipt:
    says = "arrived under its own name"
    try:
        try:
            client.posix_rename(half, place)
        except OSError:
            # A server that knows only the older renaming says no, and is there still.
            if not _is_alive(client):
                raise
            client.rename(half, place)
    except LOST as error:
        if _is_alive(client) and isinstance(error, OSError):
            return Receipt(
                Fate.REFUSED, "the LA's server does not let the file have its name; ask them for the right to"
            )
        return Receipt(Fate.UNKNOWN, "the connection was cut while the file was given its name", place)
    return Receipt(Fate.ARRIVED, says, place, verified)


def _is_alive(client: paramiko.SFTPClient) -> bool:
    """Whether the server still answers: then an error is its answer, else the answer was lost."""
    try:
        client.stat(".")
    except LOST:
        return False
    return True


def _find(client: paramiko.SFTPClient, options: SftpOptions, name: str, sha256: str) -> Sighting:
    place, half = _places(options, name)
    if _size(client, place) is not None:
        seal = _hash(client, place)
        if seal is None:
            return Sighting.CANNOT_TELL
        return Sighting.WHOLE if seal == sha256 else Sighting.OTHER
    if _size(client, half) is not None or not options.collected:
        # What still has its temporary name has never had its own.
        return Sighting.ABSENT
    return Sighting.CANNOT_TELL


def _folder_report(client: paramiko.SFTPClient, options: SftpOptions) -> HealthReport:
    try:
        client.listdir(options.folder)
    except OSError:
        says = f"{options.host} has no folder {options.folder} that {options.user} may read"
        return HealthReport("folder", False, says, "correct the folder, or ask the LA for the right to it")
    return HealthReport("folder", True, f"the folder {options.folder} is there")


def _places(options: SftpOptions, name: str) -> tuple[str, str]:
    folder = options.folder.rstrip("/") or "/"
    return f"{folder}/{name}", f"{folder}/.{name}.part"


def _size(client: paramiko.SFTPClient, place: str) -> int | None:
    """How many bytes lie there; None where nothing does. Any other answer is raised: it must not pass for none."""
    try:
        size: int | None = client.stat(place).st_size
    except FileNotFoundError:
        return None
    return size


def _hash(client: paramiko.SFTPClient, place: str) -> str | None:
    """The SHA-256 of what lies there; None where the server does not let us read it, as a drop box may."""
    found = hashlib.sha256()
    try:
        with client.open(place, "rb") as remote:
            remote.prefetch()
            while piece := remote.read(1 << 20):
                found.update(piece)
    except PermissionError:
        return None
    return found.hexdigest()
