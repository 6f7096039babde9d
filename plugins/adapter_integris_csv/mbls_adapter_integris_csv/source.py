"""One export as it arrived, before it is known what it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from mbls_adapter_integris_csv.columns import headers_of
from mbls_adapter_integris_csv.options import Options
from mbls_adapter_integris_csv.sessions import session_pattern
from mbls_adapter_integris_csv.tables import Table, find_table
from mbls_adapter_integris_csv.values import Dates
from mbls_sync.api import BadRow, Item, MarkRow, Resource, SchoolCalendar

LONGEST_TEXT = 500


@dataclass(frozen=True)
class Reading:
    """What the rows of one file say: marks or items, the rows that cannot be read, and warnings."""

    marks: tuple[MarkRow, ...] | list[MarkRow] = ()
    items: tuple[Item, ...] = ()
    bad: tuple[BadRow, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A file's name, its own day, and its lines, with what is needed to read them."""

    name: str
    file_day: date
    lines: list[str]
    options: Options
    calendar: SchoolCalendar

    @cached_property
    def dates(self) -> Dates:
        """How this school writes dates; it knows which were met in this file."""
        return Dates(self.options.date_formats, self.calendar.zone)

    @property
    def session_pattern(self) -> re.Pattern[str]:
        """How this school heads a column of marks."""
        return session_pattern(self.options.session_columns)

    def table(self, resource: Resource) -> Table:
        """The file's header and rows, read as `resource`. Raises UnreadableFile."""
        # A weekday column means nothing outside marks, so that nothing else is scored by it.
        pattern = self.session_pattern if resource is Resource.MARKS else re.compile(r"(?!)")
        known = headers_of(resource, self.options.aliases)
        return find_table(self.lines, known, pattern, self.options.delimiter, self.options.preamble_rows)

    def bad(self, line: int, reason: str, marks: int = 0) -> BadRow:
        """A row that cannot be read, with its text for the note."""
        text = self.lines[line - 1].rstrip("\r\n")[:LONGEST_TEXT] if 0 < line <= len(self.lines) else ""
        return BadRow(self.name, line, reason, marks, text)
