"""A body read whole, within a cap as it arrives and as it is inflated."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from mbls_sync.errors import BadPayload
from mbls_sync.mis_http.manners import MEGABYTE

CHUNK = 1 << 16
GZIP = 31
"""What zlib calls a gzip member with its header and check sum."""


class CutShort(Exception):
    """The compressed body ended before its own end."""


def read_body(chunks: Iterable[bytes], encoding: str, most: int) -> bytes:
    """Join the chunks, inflated where they are gzip. Raises BadPayload beyond the cap, CutShort at a cut."""
    kind = encoding.strip().lower()
    if kind in ("", "identity"):
        return _joined(chunks, most)
    if kind in ("gzip", "x-gzip"):
        return _inflated(chunks, most)
    raise BadPayload(f"the answer is packed as {kind[:20]!r}, which was not asked for; nothing of it was read")


def _joined(chunks: Iterable[bytes], most: int) -> bytes:
    whole = bytearray()
    for chunk in chunks:
        whole += chunk
        if len(whole) > most:
            raise _too_big(most)
    return bytes(whole)


def _inflated(chunks: Iterable[bytes], most: int) -> bytes:
    whole, packed, member = bytearray(), 0, zlib.decompressobj(GZIP)
    try:
        for chunk in chunks:
            packed += len(chunk)
            rest = chunk
            while rest:
                if member.eof:
                    member = zlib.decompressobj(GZIP)
                whole += member.decompress(rest, most - len(whole) + 1)
                if len(whole) > most or packed > most:
                    raise _too_big(most)
                rest = member.unconsumed_tail or member.unused_data
    except zlib.error as error:
        raise BadPayload("the answer says that it is gzip and is none; nothing of it was read") from error
    if packed and not member.eof:
        raise CutShort
    return bytes(whole)


def _too_big(most: int) -> BadPayload:
    return BadPayload(
        f"the answer is larger than {most / MEGABYTE:g} MB, packed or unpacked, and was let go; ask for smaller pages, "
        "or raise `most_megabytes` if it is right"
    )
