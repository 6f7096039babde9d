"""Which papers below the out folder are over their term, by what they and the store state of themselves.

A restore or a copy gives every file a new date: a file's own counts only where nothing else says when it was made.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from mbls_sync.delivery.about_whom import about_whom
from mbls_sync.delivery.documents import PACKETS, Document, documents
from mbls_sync.errors import PaperRefused
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.deliveries import Effect
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sendings import Sending

WORKING_PAPERS = ("letters", "advice", "packs", "extracts", "subject")
"""Folders of working papers below the out folder: they are kept no longer than our copy of the register."""

_DAY = re.compile(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)-(\d\d)(?!\d)")
_SHORT_ID = re.compile(r"-([0-9a-f]{6,})$")


@dataclass(frozen=True)
class Papers:
    """The out folder with what the store knows of its papers. Nothing about a pupil in `held` is over its term."""

    out: Path
    effects: Sequence[Effect]
    sendings: Sequence[Sending]
    held: Sequence[Pupil] = ()

    def documents_before(self, year: AcademicYear) -> list[Document]:
        """Returns and packets of earlier years that nobody has yet to send and no held pupil stands in."""
        owed = {sending.document for sending in self.sendings if sending.state.is_owed}
        every = [document for document in documents(self.out) if document.name not in owed]
        return [d for d in every if AcademicYear.of(self._made(d)) < year and not self._is_held(d)]

    def working_papers_before(self, day: date) -> list[Path]:
        """Letters, advice, packs, extracts and answers to subjects that were made before a day."""
        files = [path for name in WORKING_PAPERS for path in sorted((self.out / name).rglob("*")) if path.is_file()]
        letters = _Letters(self.effects)
        return [path for path in files if (letters.opened(path) or stated_day(path)) < day]

    def _made(self, document: Document) -> date:
        """The day a paper states, or that on which it last moved on its way to its receiver."""
        moved = [sending.changed_at.date() for sending in self.sendings if sending.document == document.name]
        return max([document.stated or document.filed_at.date(), *moved])

    def _is_held(self, document: Document) -> bool:
        if not self.held:
            return False
        try:
            return bool(about_whom(document.read(), self.held))
        except PaperRefused:
            return True  # whom it is about can no longer be told, and a hold is not to be broken by a guess


def names_of(document: Document) -> tuple[str, ...]:
    """The files of a paper, those that stay at school among them; the manifest last, by which a next purge finds it."""
    return (*document.kept, *sorted(document.files, key=lambda name: name.endswith("manifest.json")))


def remove(out: Path, papers: Iterable[Document], working_papers: Iterable[Path]) -> int:
    """Remove the papers, and the folders that are left without any; how many files that were."""
    gone = 0
    for document in papers:
        (document.folder.parent / f"{document.name}.zip").unlink(missing_ok=True)
        for name in names_of(document):
            (document.folder / name).unlink(missing_ok=True)
            gone += 1
    for path in working_papers:
        path.unlink(missing_ok=True)
        gone += 1
    for folder in (out / PACKETS).glob("*/"):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return gone


class _Letters:
    """When the draft of a letter was called for: its name ends with the beginning of its effect's key."""

    def __init__(self, effects: Iterable[Effect]) -> None:
        self._opened = sorted((effect.key, effect.opened_at.date()) for effect in effects)

    def opened(self, path: Path) -> date | None:
        named = _SHORT_ID.search(path.stem)
        if named is None or path.parent.name != "letters":
            return None
        found = list(self._starting(named[1]))
        return max(found) if found else None

    def _starting(self, short: str) -> Iterator[date]:
        for key, day in self._opened[bisect_left(self._opened, (short, date.min)) :]:
            if not key.startswith(short):
                return
            yield day


def stated_day(path: Path) -> date:
    """The day in a file's name; the last day of the academic year in it; else the file's own date."""
    for year, month, day in _DAY.findall(path.name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    for start, end in _YEAR.findall(path.name):
        if int(end) == (int(start) + 1) % 100:
            return AcademicYear(int(start)).last
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()
