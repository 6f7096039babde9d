"""A mark is one pupil's entry in the register for one session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, NewType

from mbls_sync.model.codes import Code
from mbls_sync.model.sessions import Period, Session

PupilId = NewType("PupilId", str)
"""What names a pupil across every file: the UPN, else the admission number, else the MIS's own id."""

BY_ADMISSION_NUMBER = "adm:"
"""Begins the `PupilId` of a row that names its pupil by admission number alone."""


@dataclass(frozen=True, slots=True)
class MarkDetail:
    """What an MIS may say beside a code. Each field is None where it says nothing.

    `amended_by`, `amended_role`, `amended_at` and `amended_reason` are the four facts that an amendment
    must carry beside the original and the amended entry (attendance policy, Attendance register).
    """

    minutes_late: int | None = None
    comment: str | None = None
    amended_by: str | None = None
    amended_role: str | None = None
    amended_at: datetime | None = None
    amended_reason: str | None = None


class MarkRow(NamedTuple):
    """One mark as an adapter read it; a tuple, because a first load brings 152,000 of them.

    `code` is `NO_MARK` where the MIS holds none: a blank is never present. `line` is the line of the
    file, or the position in the page, that a person would look for.
    """

    pupil: PupilId
    day: date
    period: Period
    code: Code
    line: int
    detail: MarkDetail | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One pupil's mark for one session."""

    pupil: PupilId
    session: Session
    code: Code
    detail: MarkDetail | None = None
