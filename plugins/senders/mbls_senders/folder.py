"""A folder that a person, or another program, takes files from: what lies in it is whole.

Every look and every write is made by a process that can be left behind: a share that hangs holds up one file for so
long and no longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from mbls_senders.left_behind import Errand, Silent
from mbls_senders.names import refused_name
from mbls_senders.putting import GO
from mbls_sync.api import Channel, Fate, HealthReport, OutgoingFile, Receipt, Sighting, Verified, sender

SIGHTINGS = {"whole": Sighting.WHOLE, "other": Sighting.OTHER, "absent": Sighting.ABSENT}


class FolderOptions(BaseModel):
    """`folder`: where files are put, against the school's folder. It must be there: a drive may not be connected.

    `total_seconds` is how long one file, or one look, may take.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path
    total_seconds: Annotated[int, Field(gt=0, le=3600)] = 120


def find(name: str, sha256: str, channel: Channel) -> Sighting:
    """What lies in the folder under that name."""
    options = channel.options_as(FolderOptions)
    try:
        with Errand(options.total_seconds, "look", _folder(channel) / name, sha256) as errand:
            return SIGHTINGS.get(errand.answer()[0], Sighting.CANNOT_TELL)
    except (Silent, OSError):
        return Sighting.CANNOT_TELL


def probe(channel: Channel) -> Iterator[HealthReport]:
    """Whether the folder is there and can be written to."""
    folder = _folder(channel)
    try:
        with Errand(channel.options_as(FolderOptions).total_seconds, "stands", folder) as errand:
            found = errand.answer()[0]
    except (Silent, OSError):
        found = "silent"
    if found == "writable":
        yield HealthReport("folder", True, f"{folder} can be written to")
    elif found == "closed":
        yield HealthReport("folder", False, f"{folder} cannot be written to", "give this user the right to write there")
    elif found == "gone":
        yield HealthReport("folder", False, f"{folder} is not there", "make it, or connect the drive")
    else:
        yield HealthReport("folder", False, f"{folder} does not answer", "connect the drive again; see its server")


@sender(kind="folder", title="a folder that a person uploads from", options=FolderOptions, find=find, probe=probe)
def send_file(file: OutgoingFile, channel: Channel) -> Receipt:
    """Put the file there under a name that nobody takes up, read it back, and only then give it its own."""
    refusal = refused_name(file)
    if refusal is not None:
        return refusal
    options, folder, named = channel.options_as(FolderOptions), _folder(channel), False
    try:
        with Errand(options.total_seconds, "put", folder / file.name, file.sha256, str(file.size)) as errand:
            errand.tell(file.data)
            said, why = errand.answer()
            if said == "ready":
                named = True
                errand.tell(GO)
                said, why = errand.answer()
    except (Silent, OSError):
        if named:
            return Receipt(Fate.UNKNOWN, f"{folder} stopped answering while the file was given its name")
        return Receipt(Fate.NOT_SENT, f"{folder} does not answer; nothing was put there. See whether its drive hangs")
    return _receipt(said, why, file, folder, named=named)


def _receipt(said: str, why: str, file: OutgoingFile, folder: Path, *, named: bool) -> Receipt:
    place = str(folder / file.name)
    if said == "arrived":
        return Receipt(Fate.ARRIVED, f"put into {folder}", place, Verified.HASH)
    if said == "already":
        return Receipt(Fate.ARRIVED, f"it lies in {folder} already", place, Verified.HASH)
    if said == "taken":
        says = f"another file called {file.name} lies in {folder}; it was left alone: take it away, then try again"
        return Receipt(Fate.REFUSED, says)
    if said == "changed":
        says = f"what was read back from {folder} is not what was written; look at the disk"
        return Receipt(Fate.NOT_SENT, says)
    if named:
        return Receipt(Fate.UNKNOWN, f"{folder} failed ({why}) while the file was given its name")
    return Receipt(Fate.NOT_SENT, f"{folder} cannot be written to ({why}); nothing was put there")


def _folder(channel: Channel) -> Path:
    return channel.folder / channel.options_as(FolderOptions).folder
