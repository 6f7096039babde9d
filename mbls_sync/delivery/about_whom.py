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


def about_whom(files: Mapping[str, bytes], pupils: Iterable[Pupil]) -> frozenset[PupilId]:
    """The pupils whose UPN or admission number stands in a file, or whose two names stand in one row of it.

    A PDF is not read: the same data always lies beside it as CSV or JSON.
    """
    rows = [row for name, data in sorted(files.items()) for row in _rows(name, data)]
    whole = "\n".join(rows)
    return frozenset(pupil.id for pupil in pupils if _stands_in(pupil, whole, rows))


def _stands_in(pupil: Pupil, whole: str, rows: Iterable[str]) -> bool:
    number = pupil.id.removeprefix("adm:")
    # An admission number is short: it counts only where it stands as the id that we write.
    if (number == pupil.id and number in whole) or pupil.id in whole:
        return True
    names = (pupil.surname.casefold(), pupil.forename.casefold())
    return all(names) and any(all(name in row.casefold() for name in names) for row in rows)


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
