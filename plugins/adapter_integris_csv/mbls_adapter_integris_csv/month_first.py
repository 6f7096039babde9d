"""Whether a file writes its dates month first: half of them would then be read as other days, and look well."""

from __future__ import annotations

import re
from collections.abc import Iterable

DATE = re.compile(r"(?<![\d/.\-])(\d{1,2})([/.\-])(\d{1,2})\2(?:\d{4}|\d{2})(?!\d)")
MONTHS = 12


def is_month_first(lines: Iterable[str]) -> bool:
    """Two days or more can only be read month first, and none only day first: one alone is a slip of the pen."""
    found = {(int(first), int(second)) for line in lines for first, _, second in DATE.findall(line)}
    only_month_first = sum(first <= MONTHS < second for first, second in found)
    return only_month_first > 1 and not any(second <= MONTHS < first for first, second in found)
