"""Whom a file is about: decided by what stands in it, so that the log of disclosures cannot differ from the file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping

from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Pupil

TEXTS = (".csv", ".json", ".html", ".txt")
BOOK = ".xlsx"
TAG = re.compile(r"<[^>]+>")
WORD = re.compile(r"[^\W_]+")


def about_whom(files: Mapping[str, bytes], pupils: Iterable[Pupil]) -> frozenset[PupilId]:
    """The pupils whose id stands in a file, or whose two names stand in a row of it that holds no id.

    A PDF is not read: the same data always lies beside it as CSV or JSON.
    """
    known = tuple(pupils)
    rows = [row for name, data in sorted(files.items()) for row in _rows(name, data)]
    ids = {pupil.id for pupil in known if any(_holds(row, pupil.id) for row in rows)}
    without = [_words(row) for row in rows if not any(_holds(row, id) for id in ids)]
    return frozenset(ids.union(pupil.id for pupil in known if pupil.id not in ids and _is_named(pupil, without)))


def is_about(pupil: Pupil, text: str) -> bool:
    """Whether a text holds the pupil's id, or both names."""
    return _holds(text, pupil.id) or _is_named(pupil, [_words(text)])


def _holds(row: str, id: str) -> bool:
    """Whether the id stands in the row, and not as the beginning of another's: adm:1 is not in adm:12."""
    at = row.find(id)
    while at >= 0:
        if not row[at + len(id) :][:1].isdigit():
            return True
        at = row.find(id, at + 1)
    return False


def _is_named(pupil: Pupil, rows: Iterable[str]) -> bool:
    names = [_words(name) for name in (pupil.surname, pupil.forename)]
    return all(name.strip() for name in names) and any(all(name in row for name in names) for row in rows)


def _words(text: str) -> str:
    """The text's words, a blank around each, so that Ann is not found in Anna."""
    return f" {' '.join(re.findall(WORD, text.casefold()))} "


def _rows(name: str, data: bytes) -> list[str]:
    if name.endswith(TEXTS):
        return data.decode("utf-8", "replace").splitlines()
    if name.endswith(BOOK):
        return _rows_of_book(data)
    return []


def _rows_of_book(data: bytes) -> list[str]:
    """The texts of a workbook. They lie in one heap, so each cell is a row of its own: enough for a UPN."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = [book.read(part).decode("utf-8", "replace") for part in book.namelist() if part.endswith(".xml")]
    except (zipfile.BadZipFile, KeyError):
        return []
    return [text for part in parts for text in TAG.split(part) if text.strip()]
