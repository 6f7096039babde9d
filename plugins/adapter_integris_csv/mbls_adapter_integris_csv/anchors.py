"""The week, or the last day, that an export is about, from wherever the export says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from mbls_adapter_integris_csv.values import Dates

WEEK_WORDS = re.compile(r"week\s*(commencing|beginning|starting)|\bw/?c\b", re.IGNORECASE)
EXTRACT_WORDS = re.compile(r"extract|printed|exported|produced|run\s+on|as\s+at|up\s+to|\bto\b", re.IGNORECASE)
COMPACT = re.compile(r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)")


def in_preamble(preamble: Sequence[str], words: re.Pattern[str], dates: Dates) -> date | None:
    """The first date behind one of `words` above the header, if any."""
    for line in preamble:
        found = words.search(line)
        day = dates.within(line[found.end() :]) if found else None
        if day is not None:
            return day
    return None


def in_file_name(name: str, dates: Dates) -> date | None:
    """The date in a file's name, such as `marks 2026-09-07.csv`, `marks_07-09-2026.csv` or `marks20260907.csv`."""
    stem = name.rsplit(".", 1)[0].replace("_", " ")
    compact = COMPACT.search(stem)
    return dates.within(f"{compact[1]}-{compact[2]}-{compact[3]}" if compact else stem)
