"""Which file names a sender takes: plain ones, so that no name can lead out of the receiver's folder."""

from __future__ import annotations

import re

from mbls_sync.api import Fate, OutgoingFile, Receipt

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]*")


def refused_name(file: OutgoingFile) -> Receipt | None:
    """The refusal of a file whose name is not plain; None where it is."""
    if PLAIN.fullmatch(file.name):
        return None
    return Receipt(Fate.REFUSED, "the file has no plain name (letters, digits, dot, hyphen); nothing was sent")
