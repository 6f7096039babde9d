"""What a judge is asked about: a register, a pupil in a session, a moment of the school's year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from mbls_sync.model.calendar import AcademicYear, HalfTerm
from mbls_sync.model.codes import NO_MARK, Code, CodeStanding, Meaning
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.pupils import Phase
from mbls_sync.model.sessions import Session

UNEXPLAINED_CODE: Code = "N"
"""The national code for a reason not yet established (2024 Regulations, regulation 10, Table 3)."""


def only_taking_sets(code: Code, meaning: Meaning) -> bool:
    """Whether only taking the register sets such a mark: present, or N. Any other may be keyed beforehand."""
    return meaning is Meaning.PRESENT or code == UNEXPLAINED_CODE


@dataclass(frozen=True, slots=True)
class PupilSession:
    """One pupil in one session, with the mark the MIS holds now.

    `meaning` is by the session's own date. `standing` says whether the code is valid on that date and at
    that pupil's age. `register_taken` is as `Register.is_taken` says, `morning_taken` says the same of the
    class's register of that day's morning (True where the day has none).
    """

    pupil: PupilId
    session: Session
    code: Code
    meaning: Meaning
    standing: CodeStanding
    zone: ZoneInfo
    phase: Phase
    class_name: str
    expected: bool
    register_taken: bool
    detail: MarkDetail | None = None
    morning_taken: bool = True

    @property
    def is_explained(self) -> bool:
        """Whether the mark says why: neither missing nor N."""
        return self.code not in (NO_MARK, UNEXPLAINED_CODE)

    @property
    def is_absent(self) -> bool:
        """Whether the pupil is not known to be in school: no mark, or a mark that means absence."""
        return self.code == NO_MARK or self.meaning.is_absence

    def at(self, when: time) -> datetime:
        """The moment `when` on the session's day, in the school's zone."""
        return self.session.at(when, self.zone)


@dataclass(frozen=True, slots=True)
class Register:
    """One class's register in one session: who is expected, and what is marked.

    `marks` holds a code for each expected pupil, `NO_MARK` where there is none. `excused` are pupils of
    the class who are on roll but not expected in this session (their pattern leaves it out). A register with
    more than `blanks_allowed` pupils without a mark is half taken, and counts as not taken (None: any number).
    """

    class_name: str
    phase: Phase
    session: Session
    zone: ZoneInfo
    marks: tuple[tuple[PupilId, Code, Meaning], ...]
    excused: tuple[PupilId, ...] = ()
    blanks_allowed: int | None = None

    @property
    def unmarked(self) -> tuple[PupilId, ...]:
        """The expected pupils without a mark."""
        return tuple(pupil for pupil, code, _ in self.marks if code == NO_MARK)

    @property
    def is_taken(self) -> bool:
        """Whether the register was taken: somebody is marked present or N, or everybody has a mark.

        A single known reason keyed beforehand is no sign of it, and neither are a few marks in a register
        that is mostly blank: either would make a whole class look absent.
        """
        if self.is_complete:
            return bool(self.marks)
        begun = any(only_taking_sets(code, meaning) for _, code, meaning in self.marks)
        return begun and (self.blanks_allowed is None or len(self.unmarked) <= self.blanks_allowed)

    @property
    def is_complete(self) -> bool:
        """Whether every expected pupil has a mark."""
        return not self.unmarked

    def at(self, when: time) -> datetime:
        """The moment `when` on the session's day, in the school's zone."""
        return self.session.at(when, self.zone)


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the school's year stands. Dates are the school's own, in its zone.

    `last_school_day` is the last school day up to and including `day`. `half_term` and `term` are those
    of `last_school_day`; `*_ends` say that it is their last school day and its last session is over.
    `go_live` is the day from which the school goes by this program, where it said one.
    """

    now: datetime
    day: date
    year: AcademicYear
    last_school_day: date | None
    half_term: HalfTerm | None
    term: tuple[str, date, date] | None
    is_school_day: bool
    day_ends: bool
    week_ends: bool
    half_term_ends: bool
    term_ends: bool
    go_live: date | None = None
