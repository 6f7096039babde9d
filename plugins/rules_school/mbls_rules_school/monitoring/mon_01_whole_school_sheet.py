"""Each school day stands as one row in the whole-school monitoring sheet, with what weighed on it.

Attendance policy 2023, Appendix A, 13 and 14. The rows of the last days follow corrected marks.
"""

from collections.abc import Iterable

from mbls_rules_school.summing import sum_cells
from mbls_sync.api import (
    AcademicYear,
    AddToSheet,
    Figures,
    Moment,
    PolicyAt,
    Proposal,
    SchoolCalendar,
    factors_of,
    rule,
)


@rule(id="MON-01", cites="Appendix A, 13", title="the day's row of the whole-school sheet")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last = moment.last_school_day
    if last is None:
        return
    days = list(dict.fromkeys(session.day for session in calendar.sessions(AcademicYear.of(last).first, last)))
    ended = days if moment.day_ends else days[:-1]
    for day in ended[-policy.days("monitoring.sheet_days") :]:
        counted = figures.over(day, day)
        if any(pupil.possible for pupil in counted.values()):
            factors = "; ".join(factor.said for factor in factors_of(calendar, figures.events, day, day))
            cells = (("Weekday", f"{day:%A}"), *sum_cells(counted.values()), ("What weighed on it", factors))
            yield AddToSheet("whole-school", day.isoformat(), f"{day:%A} {day.day} {day:%B %Y}", "row", cells)
