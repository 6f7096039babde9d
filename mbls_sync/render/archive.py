"""Archives: open zips with the same bytes for the same files, and zips and 7z sealed with AES-256."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from enum import StrEnum

from mbls_sync.errors import PaperRefused

STAMP = (1980, 1, 1, 0, 0, 0)
"""Every entry's time: the first that the format knows, so that the same files give the same bytes."""

SHORTEST_PASSPHRASE = 12
"""Characters below which a sealed archive falls to guessing."""

FEWEST_CHARACTERS = 6
"""Different characters below which a passphrase is one key held down."""


class Seal(StrEnum):
    """How a document is packed for its receiver.

    `none`: as it is where it is one file, else an open zip. `zip`: AES-256, the names of its files stay readable.
    `7z`: AES-256 with hidden names, since some receivers' filters turn zip away.
    """

    NONE = "none"
    ZIP = "zip"
    SEVEN_ZIP = "7z"


def packed(name: str, files: Mapping[str, bytes], seal: Seal, passphrase: str) -> tuple[str, bytes]:
    """What is handed over for a document, with its file name. Raises PaperRefused for a weak passphrase."""
    match seal:
        case Seal.ZIP:
            return f"{name}.zip", sealed_zip(files, passphrase)
        case Seal.SEVEN_ZIP:
            return f"{name}.7z", sealed_7z(files, passphrase)
        case Seal.NONE if len(files) == 1:
            return next(iter(files.items()))
        case Seal.NONE:
            return f"{name}.zip", zip_of(files)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, in order of their names."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(_entry(zipfile.ZipInfo(_plain(name), STAMP)), files[name])
    return data.getvalue()


def sealed_zip(files: Mapping[str, bytes], passphrase: str) -> bytes:
    """The files as a zip sealed with AES-256; their names stay readable. Raises PaperRefused for a weak passphrase."""
    refuse_weak(passphrase)
    import pyzipper  # noqa: PLC0415 - it brings a library of ciphers, which only a sealed packet needs

    data = io.BytesIO()
    with pyzipper.AESZipFile(data, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(passphrase.encode("utf-8"))
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for name in sorted(files):
            archive.writestr(_plain(name), files[name])
    return data.getvalue()


def sealed_7z(files: Mapping[str, bytes], passphrase: str) -> bytes:
    """The files as a 7z sealed with AES-256, their names too. Raises PaperRefused for a weak passphrase."""
    refuse_weak(passphrase)
    import py7zr  # noqa: PLC0415 - it brings libraries of ciphers and compression, which only such a packet needs

    data = io.BytesIO()
    with py7zr.SevenZipFile(data, "w", password=passphrase, header_encryption=True) as archive:
        for name in sorted(files):
            archive.writestr(files[name], _plain(name))
    return data.getvalue()


def refuse_weak(passphrase: str) -> None:
    """Raise PaperRefused for a passphrase that can be guessed."""
    if len(passphrase) < SHORTEST_PASSPHRASE or len(set(passphrase)) < FEWEST_CHARACTERS:
        raise PaperRefused(
            f"the passphrase has fewer than {SHORTEST_PASSPHRASE} characters, or fewer than {FEWEST_CHARACTERS} "
            f"different ones, so nothing was sealed; give a longer one, such as six words"
        )


def _entry(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.create_system = 3
    return info


def _plain(name: str) -> str:
    if "/" in name or "\\" in name or name.startswith("."):
        raise ValueError("a file of an archive has a plain name")
    return name
