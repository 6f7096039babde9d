"""A pupil's attendance over a span of sessions, in counts of sessions; percentages are made where they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mbls_sync.model.marks import PupilId


class Cohort(StrEnum):
    """Whose sessions count.

    `statutory`: a session counts where the pupil is of compulsory school age on its date (the LA's returns
    and penalty notices). `census_5_15`: pupils aged 5 to 15 on 31 August before the year (published
    absence rates). `all_roll`: everybody on the roll.
    """

    STATUTORY = "statutory"
    CENSUS_5_15 = "census_5_15"
    ALL_ROLL = "all_roll"


class Sums:
    """Counts of sessions by what their marks mean, whoever's they are."""

    __slots__ = ()
    present: int
    approved_activity: int
    authorised: int
    unauthorised: int

    @property
    def attended(self) -> int:
        """Present and approved educational activity."""
        return self.present + self.approved_activity

    @property
    def absent(self) -> int:
        """Authorised and unauthorised absence: the sessions missed."""
        return self.authorised + self.unauthorised


@dataclass(frozen=True, slots=True)
class PupilFigures(Sums):
    """A pupil's figures over one span of sessions; every number counts sessions.

    possible = present + approved_activity + authorised + unauthorised. `unmarked` are expected sessions
    without a mark; they are in none of the others. `late_before_close` (L) are among the present,
    `late_after_close` (U) among the unauthorised. `unauthorised_10_weeks` is over the school weeks of the
    penalty notice framework, ending at the same moment, not cut by the span's start.
    """

    pupil: PupilId
    possible: int
    present: int
    approved_activity: int
    authorised: int
    unauthorised: int
    unmarked: int
    late_before_close: int
    late_after_close: int
    persistent: bool
    severe: bool
    unauthorised_10_weeks: int
