"""The options that several commands share, and how a moment is read from the command line."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from mbls_sync.errors import ConfigurationError

END_OF_DAY = time(23, 59, 59)
YEARS = range(1900, 2200)
"""Beyond these a moment is a slip of the pen, and the calendar's arithmetic would run off its ends."""

AtOption = Annotated[
    str | None,
    typer.Option("--at", help="Judge as known at this date or time, in the school's zone.", metavar="WHEN"),
]
HindsightOption = Annotated[
    bool, typer.Option("--hindsight", help="With --at: by what is known now, not by what was known then.")
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option("--without", help="Leave a plugin out. Its duties are not judged; this is audited.", metavar="PLUGIN"),
]


def moment(text: str | None, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment that `--at` names, in the school's zone; a date alone is its end; `now` where nothing is named."""
    if text is None:
        return now.astimezone(zone)
    try:
        read = _read(text)
    except ValueError:
        raise ConfigurationError(
            f"--at is {text!r}, which is no date or time; write it as 2026-11-24 or 2026-11-24T09:15"
        ) from None
    if read.year not in YEARS:
        raise ConfigurationError(f"--at is {text!r}: no register is of the year {read.year}; correct it")
    return read.astimezone(zone) if read.tzinfo else read.replace(tzinfo=zone)


def _read(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), END_OF_DAY)
    except ValueError:
        return datetime.fromisoformat(text)


def day(text: str, option: str) -> date:
    """The date that an option names."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{option} is {text!r}, which is no date; write it as 2026-11-24") from None
