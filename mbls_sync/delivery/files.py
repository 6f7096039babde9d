"""Files that are whole or not there: written beside their place, then moved into it."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write `data` as `folder/name`, making the folder where it is missing; a reader never sees half a file.

    A file that already holds these bytes is left untouched, so that a shared drive does not copy it again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / name
    if place.is_file() and place.read_bytes() == data:
        return place
    # One writer a school: a fixed name means that a killed writer leaves one remnant, not many.
    half = folder / f".{name}.part"
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, place)
    return place


def sha256(data: bytes) -> str:
    """The SHA-256 of the bytes, as a manifest states it."""
    return hashlib.sha256(data).hexdigest()


def safe_name(text: str) -> str:
    """The text as part of a file's name: lower case, digits, letters and hyphens only, never empty."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "unnamed"


def draft_stem(template: str, short_id: str) -> str:
    """The name of a letter's draft without its ending: its template and the task's id, never a pupil."""
    return f"{safe_name(template)}-{safe_name(short_id)}"
