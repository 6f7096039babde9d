"""Zip archives: open ones with the same bytes for the same files, sealed ones with AES-256."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from mbls_sync.errors import PaperRefused

STAMP = (1980, 1, 1, 0, 0, 0)
"""Every entry's time: the first that the format knows, so that the same files give the same bytes."""

SHORTEST_PASSPHRASE = 12
"""Characters below which a zip's AES falls to guessing."""


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, in order of their names."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(_entry(zipfile.ZipInfo(_plain(name), STAMP)), files[name])
    return data.getvalue()


def sealed_zip(files: Mapping[str, bytes], passphrase: str) -> bytes:
    """The files as a zip sealed with AES-256; their names stay readable. Raises PaperRefused for a short passphrase."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise PaperRefused(
            f"the passphrase has fewer than {SHORTEST_PASSPHRASE} characters, so the packet was not sealed; "
            f"give a longer one, such as six words"
        )
    import pyzipper  # noqa: PLC0415 - it brings a library of ciphers, which only a sealed packet needs

    data = io.BytesIO()
    with pyzipper.AESZipFile(data, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(passphrase.encode("utf-8"))
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for name in sorted(files):
            archive.writestr(_plain(name), files[name])
    return data.getvalue()


def _entry(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.create_system = 3
    return info


def _plain(name: str) -> str:
    if "/" in name or "\\" in name or name.startswith("."):
        raise ValueError("a file of an archive has a plain name")
    return name
