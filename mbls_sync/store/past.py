"""The store as it was known at one moment after another, each a step from the one before.

What looks back over a year asks for every day of it. Undoing the ledger from now to each of them would read
the year's entries once a day; here they are read once, undone once, and then seen again in their order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.marks import PupilId
from mbls_sync.model.registers import SLOTS, PageGrid
from mbls_sync.store.entries import First
from mbls_sync.store.ledger import Entry


@dataclass(frozen=True, slots=True)
class _Seen:
    """One entry, and the page that it is about."""

    marks: bytearray
    entry: Entry


class PastPages:
    """The pages of one academic year as they were known, asked for moment by moment, never backwards.

    An observation counts from when it was made. What came with the first load of a pupil's year, in one page or
    in several of one pull, is reconstructed: nobody knows when it was first marked, so it counts from its
    session's own day. A session dated after the day asked about never counts.
    """

    def __init__(
        self,
        year: AcademicYear,
        pages: Mapping[PupilId, bytes],
        entries: Iterable[Entry],
        names: Mapping[PupilId, str],
    ) -> None:
        """Take the year back to before `entries`, which are all of the ledger from the first moment asked about on."""
        self._year = year
        self._marks = {pupil: bytearray(marks) for pupil, marks in pages.items()}
        by_pseudonym = {name: pupil for pupil, name in names.items()}
        mine = list(entries)
        loaded = {(entry.person, entry.observed_at) for entry in mine if _is_reconstructed(entry)}
        seen = [
            _Seen(self._marks[pupil], entry)
            for entry in mine
            if (pupil := by_pseudonym.get(entry.person)) in self._marks
        ]
        for one in reversed(seen):
            # A first load may come in several files: what any of them said of the pupil, none said before.
            if (one.entry.person, one.entry.observed_at) not in loaded:
                one.entry.sight.undo(one.marks)
        # A clock that was set back leaves entries out of order; each moment then starts from the beginning.
        moments = [one.entry.observed_at for one in seen]
        self._in_order = moments == sorted(moments)
        self._all = seen
        self._ahead = deque(seen)
        self._base = {} if self._in_order else {pupil: bytes(marks) for pupil, marks in self._marks.items()}

    def at(self, moment: datetime) -> dict[PupilId, bytes]:
        """The pages as known at `moment`, which is in the school's zone and not before the moment asked last."""
        if not self._in_order:
            self._begin_again()
        late: deque[_Seen] = deque()
        while self._ahead:
            one = self._ahead.popleft()
            if one.entry.observed_at <= moment:
                one.entry.sight.apply(one.marks)
            elif self._in_order:
                self._ahead.appendleft(one)
                break
            else:
                late.append(one)
        self._ahead = self._ahead or late
        end = _slots_by(self._year, moment)
        return {pupil: bytes(marks[:end]).ljust(SLOTS, b"\0") for pupil, marks in self._marks.items()}

    def _begin_again(self) -> None:
        for pupil, marks in self._base.items():
            self._marks[pupil][:] = marks
        self._ahead = deque(self._all)


def _slots_by(year: AcademicYear, at: datetime) -> int:
    day = at.date()
    if day < year.first:
        return 0
    days = (day - PageGrid(year).origin).days
    weeks, weekday = divmod(days, 7)
    return min(weeks * 10 + min(weekday + 1, 5) * 2, SLOTS)


def _is_reconstructed(entry: Entry) -> bool:
    return isinstance(entry.sight, First) and entry.sight.reconstructed
