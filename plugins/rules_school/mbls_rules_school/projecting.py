"""What a pupil's attendance will have become, with leave and without it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mbls_sync.api import History, Session


@dataclass(frozen=True, slots=True)
class Ahead:
    """Attendance at a coming moment as sessions: what is attended and possible by then if all is attended but `missed`.

    `share_so_far` is what the pupil has attended of what was possible so far.
    """

    attended: int
    possible: int
    left: int
    missed: int
    share_so_far: Fraction | None

    @property
    def if_all_else_is_attended(self) -> Fraction | None:
        """The percentage where the pupil attends every other session."""
        return Fraction(100 * (self.attended + self.left - self.missed), self._whole) if self._whole else None

    @property
    def if_it_goes_on_as_so_far(self) -> Fraction | None:
        """The percentage where the pupil attends the other sessions as often as until now."""
        if self.share_so_far is None or not self._whole:
            return None
        return 100 * (self.attended + self.share_so_far * (self.left - self.missed)) / self._whole

    @property
    def _whole(self) -> int:
        return self.possible + self.left


def by_year_end(history: History, missed: Collection[Session] = ()) -> Ahead:
    """At the end of the academic year, with the coming ones of these sessions missed."""
    return _ahead(history, history.sessions_left(), missed)


def after(history: History, last: date, missed: Collection[Session]) -> Ahead:
    """At the end of `last`, with the coming ones of these sessions missed."""
    pupil, year = history.pupil, history.year
    held = history.calendar.sessions(history.until.day, min(last, year.last))
    left = [s for s in held if s > history.until and pupil.on_roll(s.day) and pupil.attends(s)]
    return _ahead(history, len(left), [session for session in missed if session.day <= last])


def is_below(ahead: Ahead, percent: Fraction) -> bool:
    """Whether attendance by then is below a percentage, compared exactly."""
    share = ahead.if_all_else_is_attended
    return share is not None and share < percent


def _ahead(history: History, left: int, missed: Collection[Session]) -> Ahead:
    figures = history.figures
    coming = [session for session in missed if session > history.until and session.day <= history.year.last]
    # A session whose mark is still to come counts as attended: nothing is held against a pupil that nobody knows.
    attended, possible = figures.attended + figures.unmarked, figures.possible + figures.unmarked
    share = Fraction(figures.attended, figures.possible) if figures.possible else None
    return Ahead(attended, possible, left, len(coming), share)
