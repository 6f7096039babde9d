"""What a pupil's attendance can still become by the end of the school year."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np

from mbls_sync.figures.percentages import share
from mbls_sync.figures.seen import seen
from mbls_sync.figures.slots import held, span
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import AcademicYear, SchoolCalendar
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.registers import Encoding, PageGrid, RegisterPages
from mbls_sync.model.sessions import Session


def sessions_ahead(pupil: Pupil, calendar: SchoolCalendar, until: Session) -> tuple[Session, ...]:
    """The sessions that the pupil is expected in after `until`, up to the end of its school year, in order.

    By the calendar, the leaving date where one is known, and the pupil's pattern; marks made beforehand,
    such as those of an agreed leave, are not looked at.
    """
    year = AcademicYear.of(until.day)
    past = span(year, year.first, until).stop
    unmarked = seen(RegisterPages(year, Encoding(), {}), (pupil,))[0, past:] == 0
    slots = np.flatnonzero(unmarked & held(calendar, year)[past:]) + past
    return tuple(PageGrid(year).session(slot) for slot in slots.tolist())


def best_reachable(figures: PupilFigures, left: int) -> Fraction | None:
    """The year's attendance if the pupil attends each of `left` sessions; None when there is none to attend.

    Sessions so far without a mark are taken as attended: it is the best that can still come.
    """
    more = figures.unmarked + left
    return share(figures.attended + more, figures.possible + more)


def may_still_miss(figures: PupilFigures, left: int, percent: Decimal | int, *, above: bool = False) -> int | None:
    """How many of `left` sessions the pupil may miss and still end the year at `percent` attendance or more.

    With `above`, more than `percent`. None when it is out of reach already. Sessions so far without a
    mark are taken as attended.
    """
    numerator, denominator = percent.as_integer_ratio()
    more = figures.unmarked + left
    # attended / possible >= percent, in integers: the surplus is what 100 x attended x denominator has over it.
    surplus = 100 * denominator * (figures.attended + more) - numerator * (figures.possible + more)
    spare = (surplus - above) // (100 * denominator)
    return None if spare < 0 or not figures.possible + more else min(spare, left)
