"""A pupil whose name is taken off the admission register is told to the LA at once, with the ground.

Attendance policy 2023, Roles and responsibilities; School Attendance (Pupil Registration) (England) Regulations
2024, regulation 13(4) to (6). Not those of the most senior class who leave at the end of the last term, unless the
LA asks; the MIS may give them a day in August. Who left in a last term is told of after it too, since offices enter
it in September. Pupils of any age.
"""

from collections.abc import Iterable
from datetime import date

from mbls_sync.api import AcademicYear, Figures, IncludeInReturn, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(id="LA-03", cites="Roles and responsibilities", title="a name taken off the register: the deletion return")
def judge_school(figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    year = AcademicYear.of(figures.day)
    late = (pupil for pupil in figures.former if pupil.left and _in_last_term(pupil.left, calendar))
    for pupil in (*late, *(pupil for pupil in figures.pupils if pupil.left and AcademicYear.of(pupil.left) == year)):
        left = pupil.left
        if left is None or _finishes(pupil, left, policy, calendar):
            continue
        yield IncludeInReturn(
            name="deletion",
            pupil=pupil.id,
            period=left.isoformat(),
            due=_school_day_until(left, calendar),
            cause=f"last day on the register {left:%d/%m/%Y}",
            first=left,
            last=left,
        )


def _finishes(pupil: Pupil, left: date, policy: PolicyAt, calendar: SchoolCalendar) -> bool:
    """Whether the pupil goes with the most senior class when its last term is over, and the LA need not be told."""
    senior = pupil.year_group in policy.text("la.deletion.senior_year_groups").split()
    return senior and _is_over(left, calendar) and not policy.flag("la.deletion.senior_too")


def _is_over(left: date, calendar: SchoolCalendar) -> bool:
    """Whether a last term is over on `left`, and no day of the next has been held."""
    held = calendar.sessions(AcademicYear.of(left).first, left)
    _, first, last = calendar.terms(left)[-1]
    return not held or left >= calendar.sessions(first, last)[-1].day


def _in_last_term(left: date, calendar: SchoolCalendar) -> bool:
    return calendar.covers(left) and left >= calendar.terms(left)[-1][1]


def _school_day_until(day: date, calendar: SchoolCalendar) -> date:
    """The last school day up to `day`, so that what is due in a holiday is sent before it."""
    held = calendar.sessions(AcademicYear.of(day).first, day)
    return held[-1].day if held else day
