"""A pupil who is entered in the admission register is told to the LA within five days.

School Attendance (Pupil Registration) (England) Regulations 2024, regulation 13(1) to (3). Not those who join the
most junior class on the first day of the school year, unless the LA asks. Pupils of any age.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from mbls_sync.api import AcademicYear, History, IncludeInReturn, PolicyAt, Proposal, Pupil, SchoolCalendar, rule

REGULATIONS = "School Attendance (Pupil Registration) (England) Regulations 2024"


@rule(id="LA-04", cites=REGULATIONS, title="a new entry in the register: the new-pupil return")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    entered = pupil.admitted
    if entered is None or AcademicYear.of(entered) != history.year or _begins(pupil, entered, policy, calendar):
        return
    limit = entered + timedelta(days=policy.days("la.new_pupil.days"))
    held = calendar.sessions(entered, limit)
    yield IncludeInReturn(
        name="new-pupil",
        pupil=pupil.id,
        period=entered.isoformat(),
        due=held[-1].day if held else limit,
        cause=f"entered in the admission register on {entered:%d/%m/%Y}",
        first=entered,
        last=entered,
    )


def _begins(pupil: Pupil, entered: date, policy: PolicyAt, calendar: SchoolCalendar) -> bool:
    """Whether the pupil joined the most junior class on the first day of the year, and the LA need not be told."""
    held = calendar.sessions(AcademicYear.of(entered).first, entered)
    junior = pupil.year_group in policy.text("la.new_pupil.junior_year_groups").split()
    first_day = not held or held[0].day == held[-1].day
    return junior and first_day and not policy.flag("la.new_pupil.junior_too")
