"""A folder keeps what every sender promises, and a cut leaves nothing that a person would upload by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from mbls_senders import folder

from mbls_sync.api import Channel, Fate, OutgoingFile, Sighting
from mbls_sync.testing.sender_contract import FILE, SenderContract


@dataclass(frozen=True)
class Place:
    """A folder of the test's own; what begins with a dot is taken up by nobody."""

    root: Path

    @property
    def channel(self) -> Channel:
        return Channel("la", folder.FolderOptions(folder=Path("upload")), self.root)

    @property
    def broken(self) -> Channel:
        return Channel("la", folder.FolderOptions(folder=Path("no-such-drive")), self.root)

    def received(self) -> Mapping[str, list[bytes]]:
        return {file.name: [file.read_bytes()] for file in (self.root / "upload").iterdir() if file.name[0] != "."}

    def put(self, file: OutgoingFile) -> None:
        (self.root / "upload" / file.name).write_bytes(file.data)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "upload").mkdir()
    return Place(tmp_path)


class TestFolder(SenderContract):
    module: ClassVar[ModuleType] = folder

    @pytest.fixture
    def receiver(self, place: Place) -> Place:
        return place


def test_the_remnant_of_a_cut_is_overwritten_and_gone_once_the_file_is_there(place):
    (place.root / "upload" / f".{FILE.name}.part").write_bytes(b"half")
    assert folder.send_file(FILE, place.channel).fate is Fate.ARRIVED
    assert [file.name for file in (place.root / "upload").iterdir()] == [FILE.name]


def test_a_file_that_a_person_took_away_is_not_taken_for_one_that_never_came(place):
    folder.send_file(FILE, place.channel)
    (place.root / "upload" / FILE.name).unlink()
    assert folder.find(FILE.name, FILE.sha256, place.channel) is Sighting.CANNOT_TELL


def test_half_a_file_says_that_it_never_had_its_name(place):
    (place.root / "upload" / f".{FILE.name}.part").write_bytes(b"half")
    assert folder.find(FILE.name, FILE.sha256, place.channel) is Sighting.ABSENT
