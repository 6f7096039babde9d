"""The cells of one row beside the marks, by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from mbls_adapter_integris_csv.values import BadCell, Dates, clean, read_yes
from mbls_sync.api import PupilId

T = TypeVar("T")


@dataclass
class Cells:
    """One row. A cell that cannot be read and need not be there is left out and named in `problems`."""

    pupil: PupilId | None
    line: int
    cells: Sequence[str]
    fields: Mapping[str, int]
    dates: Dates
    problems: list[str] = field(default_factory=list)

    @property
    def whom(self) -> PupilId:
        """The pupil. Raises BadCell where the row names none."""
        if self.pupil is None:
            raise BadCell("there is neither a UPN nor an admission number, and a name alone is never enough")
        return self.pupil

    def text(self, name: str) -> str:
        """The cell's text, trimmed; empty where the column is missing."""
        place = self.fields.get(name)
        return "" if place is None or place >= len(self.cells) else clean(self.cells[place])

    def day(self, name: str) -> date | None:
        """The day, or None."""
        return self.optional(name, self.dates.day)

    def yes(self, name: str) -> bool | None:
        """Yes, no, or None."""
        return self.optional(name, read_yes)

    def optional(self, name: str, read: Callable[[str], T]) -> T | None:
        """What `read` makes of the cell; None where it is blank or cannot be read."""
        text = self.text(name)
        if not text:
            return None
        try:
            return read(text)
        except BadCell as error:
            self.problems.append(f"{name.replace('_', ' ')} is left out: {error}")
            return None

    def given(self, name: str, read: Callable[[str], T]) -> T | None:
        """What `read` makes of the cell; None where it is blank. Raises BadCell where it cannot be read."""
        return self.needed(name, read) if self.text(name) else None

    def needed(self, name: str, read: Callable[[str], T]) -> T:
        """What `read` makes of the cell. Raises BadCell where it is blank or cannot be read."""
        text = self.text(name)
        if not text:
            raise BadCell(f"{name.replace('_', ' ')} is blank")
        try:
            return read(text)
        except BadCell as error:
            raise BadCell(f"{name.replace('_', ' ')}: {error}") from None

    def moment(self, name: str) -> datetime:
        """The moment the cell names. Raises BadCell."""
        return self.needed(name, self.dates.moment)
