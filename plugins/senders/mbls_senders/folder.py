"""A folder that a person, or another program, takes files from: what lies in it is whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from mbls_senders.names import refused_name
from mbls_sync.api import Channel, Fate, HealthReport, OutgoingFile, Receipt, Sighting, Verified, sender


class FolderOptions(BaseModel):
    """`folder`: where files are put, against the school's folder. It must be there: a drive may not be connected."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path


def find(name: str, sha256: str, channel: Channel) -> Sighting:
    """What lies in the folder under that name."""
    place = _folder(channel) / name
    try:
        held = hashlib.sha256(place.read_bytes()).hexdigest()
    except FileNotFoundError:
        # A person uploads a file and takes it away: that it is gone does not mean that it never was there. Only
        # what is still called half a file surely never had its name.
        return Sighting.ABSENT if _half(place).is_file() else Sighting.CANNOT_TELL
    except OSError:
        return Sighting.CANNOT_TELL
    return Sighting.WHOLE if held == sha256 else Sighting.OTHER


def probe(channel: Channel) -> Iterator[HealthReport]:
    """Whether the folder is there and can be written to."""
    folder = _folder(channel)
    if not folder.is_dir():
        yield HealthReport("folder", False, f"{folder} is not there", "make it, or connect the drive")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield HealthReport("folder", False, f"{folder} cannot be written to", "give this user the right to write there")
    else:
        yield HealthReport("folder", True, f"{folder} can be written to")


@sender(kind="folder", title="a folder that a person uploads from", options=FolderOptions, find=find, probe=probe)
def send_file(file: OutgoingFile, channel: Channel) -> Receipt:
    """Put the file there under a name that nobody takes up, read it back, and only then give it its own."""
    refusal = refused_name(file)
    if refusal is not None:
        return refusal
    folder = _folder(channel)
    place = folder / file.name
    half = _half(place)
    try:
        if place.exists():
            return _already_there(file, place)
        _write(half, file.data)
        if hashlib.sha256(half.read_bytes()).hexdigest() != file.sha256:
            return Receipt(Fate.NOT_SENT, f"what was read back from {folder} is not what was written; look at the disk")
        _take_name(half, place)
        _settle(folder)
    except FileExistsError:
        return _already_there(file, place)
    except OSError as error:
        says = f"{folder} cannot be written to ({error.strerror or type(error).__name__}); nothing was put there"
        return Receipt(Fate.NOT_SENT, says)
    return Receipt(Fate.ARRIVED, f"put into {folder}", str(place), Verified.HASH)


def _folder(channel: Channel) -> Path:
    return channel.folder / channel.options_as(FolderOptions).folder


def _half(place: Path) -> Path:
    return place.with_name(f".{place.name}.part")


def _already_there(file: OutgoingFile, place: Path) -> Receipt:
    if place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() == file.sha256:
        return Receipt(Fate.ARRIVED, f"it lies in {place.parent} already", str(place), Verified.HASH)
    says = f"another file called {file.name} lies in {place.parent}; it was left alone: take it away, then try again"
    return Receipt(Fate.REFUSED, says)


def _write(half: Path, data: bytes) -> None:
    with half.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _take_name(half: Path, place: Path) -> None:
    """Give the file its name unless another has taken it. A share that knows no links can only be asked first."""
    try:
        os.link(half, place)
    except FileExistsError:
        half.unlink()
        raise
    except OSError:
        os.rename(half, place)
        return
    half.unlink()


def _settle(folder: Path) -> None:
    """Make the name outlive a power cut. Some shares cannot sync a folder, and the file stands all the same."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
