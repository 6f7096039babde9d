"""Whether a file writes its dates month first: half of them would then be read as other days, and look well."""

from __future__ import annotations

from collections.abc import Collection

MONTHS, DAYS = 12, 31


def is_month_first(written: Collection[tuple[int, int]]) -> bool:
    """Two days or more can only be read month first, and none only day first: one alone is a slip of the pen.

    `written` are the first two numbers of the dates in cells that hold one. What stands in a comment, a heading or
    a time such as 9.15.00 tells nothing of how the export writes its dates.
    """
    only_month_first = sum(first <= MONTHS < second <= DAYS for first, second in written)
    return only_month_first > 1 and not any(second <= MONTHS < first <= DAYS for first, second in written)
