"""What is handed over: one file as it is, several as a zip, or sealed so that only the receiver opens it."""

from __future__ import annotations

import io

import py7zr
import pytest
import pyzipper

from mbls_sync.errors import PaperRefused
from mbls_sync.render.archive import Seal, packed

FILES = {"register.csv": b"UPN;A823999926001\r\n", "register.manifest.json": b"{}"}
AES_256 = 3
"""How the format writes down that the key has 256 bits."""
PHRASE = "seven lazy otters swim at noon"


def test_a_7z_hides_the_names_of_its_files_and_opens_with_the_passphrase_alone():
    name, data = packed("8230000_x_001", FILES, Seal.SEVEN_ZIP, PHRASE)
    assert name == "8230000_x_001.7z"
    assert b"register" not in data
    with py7zr.SevenZipFile(io.BytesIO(data), password=PHRASE) as archive:
        factory = py7zr.io.BytesIOFactory(1 << 20)
        archive.extract(factory=factory)
        assert {name: product.read() for name, product in factory.products.items()} == FILES
    with pytest.raises(py7zr.exceptions.PasswordRequired):
        py7zr.SevenZipFile(io.BytesIO(data))


def test_a_sealed_zip_is_aes_256():
    name, data = packed("8230000_x_001", FILES, Seal.ZIP, PHRASE)
    assert name == "8230000_x_001.zip"
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        assert (
            {info.wz_aes_strength for info in archive.infolist()} == {pyzipper.WZ_AES_256}
            if hasattr(pyzipper, "WZ_AES_256")
            else {3}
        )
        archive.setpassword(PHRASE.encode())
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        archive.setpassword(b"another passphrase, as long")
        with pytest.raises(RuntimeError):
            archive.read("register.csv")


def test_a_seal_is_salted_while_the_members_stay_the_same():
    for seal in (Seal.ZIP, Seal.SEVEN_ZIP):
        assert packed("x", FILES, seal, PHRASE)[1] != packed("x", FILES, seal, PHRASE)[1]


def test_without_a_seal_one_file_goes_as_it_is_and_several_as_one_zip_of_the_same_bytes():
    assert packed("x", {"a.csv": b"1"}, Seal.NONE, "") == ("a.csv", b"1")
    assert packed("x", FILES, Seal.NONE, "") == packed("x", dict(reversed(FILES.items())), Seal.NONE, "")


@pytest.mark.parametrize("seal", [Seal.ZIP, Seal.SEVEN_ZIP])
@pytest.mark.parametrize("phrase", ["", "short", "elevenchars", "aaaaaaaaaaaaaaaaaaaa", "abababababababab"])
def test_a_passphrase_that_can_be_guessed_seals_nothing(seal, phrase):
    with pytest.raises(PaperRefused, match="nothing was sealed"):
        packed("x", FILES, seal, phrase)
