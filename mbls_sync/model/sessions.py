"""A session is one half-day, morning or afternoon, of a school day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Period(StrEnum):
    """Morning or afternoon. `AM` sorts before `PM`."""

    AM = "AM"
    PM = "PM"


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """One half-day of one date. Sorts in the order in which sessions happen."""

    day: date
    period: Period

    def at(self, when: time, zone: ZoneInfo) -> datetime:
        """The moment `when` on this session's day, aware, in the school's zone."""
        return datetime.combine(self.day, when, tzinfo=zone)

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.period}"

    @classmethod
    def parse(cls, text: str) -> Session:
        """Read what `str` writes, such as `2026-09-07 AM`. Raises ValueError."""
        day, period = text.split(" ")
        return cls(date.fromisoformat(day), Period(period))
