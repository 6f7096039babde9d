"""An inbox to put exports into, with time that stands still."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from mbls_adapter_integris_csv.adapter import IntegrisCsv
from mbls_adapter_integris_csv.options import Options

from mbls_sync.api import (
    AcademicYear,
    Closure,
    Given,
    HalfTerm,
    MarkRow,
    Page,
    Period,
    Resource,
    SchoolCalendar,
    SchoolYear,
    Session,
)

CALENDAR = SchoolCalendar(
    (
        SchoolYear(
            AcademicYear(2026),
            (
                HalfTerm(date(2026, 9, 1), date(2026, 10, 23), "autumn", 1),
                HalfTerm(date(2026, 11, 2), date(2026, 12, 18), "autumn", 2),
            ),
            inset_days=frozenset({date(2026, 9, 1)}),
            closures=(Closure(Session(date(2026, 9, 10), Period.PM), "boiler", planned=False),),
        ),
    )
)
A, B = "B801200005001", "N823432113104"
"""Two UPNs whose check letters agree (both published as examples)."""


@dataclass
class Inbox:
    """A school's folder with its drop folder. `waited` says how long the adapter slept."""

    root: Path
    now: datetime = datetime(2026, 9, 14, 8, 30, tzinfo=UTC)
    options: Mapping[str, Any] = field(default_factory=dict)
    waited: list[float] = field(default_factory=list)
    while_waiting: list[Any] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.root / "inbox"

    def put(self, name: str, content: str | bytes, *, age: float = 60) -> Path:
        """Put a file in that was written `age` seconds ago."""
        file = self.folder / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        self.touch(file, age)
        return file

    def touch(self, file: Path, age: float) -> None:
        moment = self.now.timestamp() - age
        os.utime(file, (moment, moment))

    def adapter(self, **options: Any) -> IntegrisCsv:
        given = Given(
            self.root, CALENDAR, lambda: self.now, self._sleep, lambda origin, headers: pytest.fail("no HTTP")
        )
        return IntegrisCsv(Options(**{**self.options, **options}), given)

    def pull(self, cursors: Mapping[str, str] | None = None, **options: Any) -> list[Page]:
        return list(self.adapter(**options).pull(cursors or {}))

    def page(self, name: str, content: str | bytes, **options: Any) -> Page:
        """The only page that one file gives."""
        self.put(name, content)
        (page,) = self.pull(**options)
        return page

    def store(self, cursors: dict[str, str], **options: Any) -> list[Page]:
        """Pull and commit every page, as the core does."""
        adapter, pages = self.adapter(**options), []
        for page in adapter.pull(cursors):
            bad = bool(page.bad or page.unreadable)
            cursors[page.stream] = page.retry_cursor if bad else page.cursor
            adapter.committed(page)
            pages.append(page)
        return pages

    def files(self) -> list[str]:
        """Every file in the folder, by its path within it."""
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if not p.is_dir())

    def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        for act in self.while_waiting:
            act()


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """An empty drop folder of a school, on Monday 14 September 2026 at 9.30."""
    (tmp_path / "inbox").mkdir()
    return Inbox(tmp_path)


@pytest.fixture(scope="session")
def said() -> Any:
    """Marks as short texts: `A 2026-09-07 AM /`."""

    def read(page: Page) -> list[str]:
        assert page.resource is Resource.MARKS
        return [_text(row) for row in page.marks]

    return read


def _text(row: MarkRow) -> str:
    pupil = {A: "A", B: "B"}.get(row.pupil, row.pupil)
    return f"{pupil} {row.day} {row.period} {row.code or 'none'}"
