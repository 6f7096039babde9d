"""A code says what a mark is; its meaning on the session's own date says what the mark counts as.

Source: School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208), regulation 10,
from 19 August 2024; before that the Education (Pupil Registration) (England) Regulations 2006 and the
DfE guidance of their time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Code = str
"""One or two characters (`/`, `N`, `C1`, `Y7`). Never a single char: two-character codes exist."""

NO_MARK: Code = ""
"""The code of a session without a mark. An MIS may print it as a blank or `-`."""


class Meaning(StrEnum):
    """What a mark counts as.

    Attended = present + approved educational activity. Possible = attended + authorised + unauthorised.
    A session that is not a possible attendance, or is not collected, is in neither.
    """

    PRESENT = "present"
    APPROVED = "approved educational activity"
    AUTHORISED = "authorised absence"
    UNAUTHORISED = "unauthorised absence"
    NOT_POSSIBLE = "not a possible attendance"
    NOT_COLLECTED = "not collected"
    NO_MARK = "no mark"

    @property
    def is_attended(self) -> bool:
        """In the numerator of attendance."""
        return self in (Meaning.PRESENT, Meaning.APPROVED)

    @property
    def is_absence(self) -> bool:
        """Authorised or unauthorised absence."""
        return self in (Meaning.AUTHORISED, Meaning.UNAUTHORISED)

    @property
    def is_possible(self) -> bool:
        """In the denominator of attendance."""
        return self.is_attended or self.is_absence


class AgeRule(StrEnum):
    """For whom a code is valid, by compulsory school age (CSA) on the session's date."""

    ANY = "any"
    CSA_ONLY = "compulsory school age only"
    NON_CSA_ONLY = "below compulsory school age only"


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code of a national set, over the sessions `valid_from` to `valid_to`, both inclusive.

    A withdrawn code has a `valid_to` and, where the law named one, a `successor`. Reading it on a later
    session keeps the old meaning and is flagged; writing it is refused. `plausible` is False for a code
    that no pupil aged 3 to 9 should carry.
    """

    code: Code
    title: str
    meaning: Meaning
    valid_from: date | None
    valid_to: date | None
    cites: str
    age: AgeRule = AgeRule.ANY
    successor: Code | None = None
    plausible: bool = True


class CodeStanding(StrEnum):
    """How a code stands for one pupil on one session."""

    VALID = "valid"
    WITHDRAWN = "withdrawn"
    NOT_YET = "not yet in the national set"
    WRONG_AGE = "not for a pupil of this age"
    IMPLAUSIBLE = "not plausible at this age"
    UNKNOWN = "not a national code"
