"""A pupil, the adults to call, and what the school knows that bears on attendance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from mbls_sync.model.marks import PupilId
from mbls_sync.model.sessions import Period, Session


class Phase(StrEnum):
    """The part of the school that has its own register times (attendance policy, Attendance expectations)."""

    NURSERY = "nursery"
    RECEPTION = "reception"
    KEY_STAGE_1 = "key_stage_1"
    KEY_STAGE_2 = "key_stage_2"


PHASE_OF_YEAR_GROUP = {
    "N1": Phase.NURSERY,
    "N2": Phase.NURSERY,
    "N": Phase.NURSERY,
    "R": Phase.RECEPTION,
    "1": Phase.KEY_STAGE_1,
    "2": Phase.KEY_STAGE_1,
    "3": Phase.KEY_STAGE_2,
    "4": Phase.KEY_STAGE_2,
    "5": Phase.KEY_STAGE_2,
    "6": Phase.KEY_STAGE_2,
}
"""National curriculum year group, as written by `year_group_of`, to phase."""


@lru_cache(maxsize=8192)
def compulsory_school_age_from(born: date) -> date:
    """The first day on which a child is of compulsory school age.

    That is 31 August, 31 December or 31 March, whichever comes first on or after the fifth birthday
    (Education Act 1996, section 8; a birthday on such a date counts that day).
    """
    # A child born on 29 February turns five on 28 February in law, or 1 March by custom: both lead to 31 March.
    fifth = born.replace(year=born.year + 5) if (born.month, born.day) != (2, 29) else date(born.year + 5, 3, 1)
    for limit in (date(fifth.year, 3, 31), date(fifth.year, 8, 31), date(fifth.year, 12, 31)):
        if fifth <= limit:
            return limit
    raise AssertionError("31 December ends every year")


@dataclass(frozen=True, slots=True)
class Contact:
    """An adult to call, in `priority` order, 1 first."""

    priority: int
    name: str
    relationship: str = ""
    parental_responsibility: bool | None = None
    mobile: str = ""
    home_phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that bears on attendance over a span of days, such as a healthcare plan. `last` None: open."""

    name: str
    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the flag holds on `day`."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The sessions of the week a part-time pupil attends: pairs of weekday (Monday 0) and period."""

    first: date | None
    last: date | None
    sessions: frozenset[tuple[int, Period]]

    def covers(self, day: date) -> bool:
        """Whether the pattern holds on `day`."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil on the roll, as the MIS describes them.

    Text is empty and a flag is None where the MIS says nothing; what is missing is never guessed.
    `year_group` is `N1`, `N2`, `R` or `1` to `6`.
    """

    id: PupilId
    surname: str = ""
    forename: str = ""
    preferred_forename: str = ""
    upn: str = ""
    admission_number: str = ""
    born: date | None = None
    sex: str = ""
    year_group: str = ""
    class_name: str = ""
    admitted: date | None = None
    left: date | None = None
    enrolment_status: str = ""
    address: str = ""
    postcode: str = ""
    free_school_meals: bool | None = None
    pupil_premium: bool | None = None
    sen_status: str = ""
    education_health_care_plan: bool | None = None
    looked_after: bool | None = None
    child_in_need: bool | None = None
    child_protection: bool | None = None
    english_additional_language: bool | None = None
    ethnicity: str = ""
    young_carer: bool | None = None
    contacts: tuple[Contact, ...] = ()
    flags: tuple[Flag, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    @property
    def name(self) -> str:
        """Preferred or legal forename and surname; the id where the MIS gave no name."""
        return " ".join(filter(None, (self.preferred_forename or self.forename, self.surname))) or self.id

    @property
    def legal_name(self) -> str:
        """Legal forename and surname, as a return to the LA wants it."""
        return " ".join(filter(None, (self.forename, self.surname))) or self.id

    @property
    def phase(self) -> Phase:
        """The pupil's phase; Key Stage 1 where the year group is not known."""
        return PHASE_OF_YEAR_GROUP.get(self.year_group, Phase.KEY_STAGE_1)

    @property
    def compulsory_school_age_from(self) -> date | None:
        """The first day of compulsory school age; None where the date of birth is not known."""
        return None if self.born is None else compulsory_school_age_from(self.born)

    def is_compulsory_school_age(self, day: date) -> bool:
        """Whether the pupil is of compulsory school age on `day`. Without a date of birth: yes.

        A pupil whose age is not known is treated as of compulsory school age, so that no duty is missed;
        `check` lists them.
        """
        start = self.compulsory_school_age_from
        return start is None or day >= start

    def on_roll(self, day: date) -> bool:
        """Whether the pupil is on the roll on `day`; the leaving date is the last day on roll."""
        return (self.admitted is None or self.admitted <= day) and (self.left is None or day <= self.left)

    def has_flag(self, name: str, day: date) -> bool:
        """Whether the flag called `name` (case and spaces do not matter) holds on `day`."""
        wanted = name.casefold().strip()
        return any(flag.name.casefold().strip() == wanted and flag.covers(day) for flag in self.flags)

    def attends(self, session: Session) -> bool:
        """Whether the pupil's pattern includes the session; a pupil without a pattern attends every one."""
        for pattern in self.patterns:
            if pattern.covers(session.day):
                return (session.day.weekday(), session.period) in pattern.sessions
        return True

    @property
    def numbers(self) -> tuple[str, ...]:
        """The distinct telephone numbers of all contacts, in order of priority, digits and + only."""
        found: dict[str, None] = {}
        for contact in sorted(self.contacts, key=lambda c: c.priority):
            for raw in (contact.mobile, contact.home_phone):
                digits = "".join(ch for ch in raw if ch.isdigit() or ch == "+")
                if digits:
                    found.setdefault(digits)
        return tuple(found)
