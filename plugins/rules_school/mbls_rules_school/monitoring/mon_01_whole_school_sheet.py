"""Each school day stands as one row in the whole-school monitoring sheet.

Attendance policy 2023, Appendix A, 13. The rows of the last days follow corrected marks.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from mbls_rules_school.wording import per_cent
from mbls_sync.api import (
    AcademicYear,
    AddToSheet,
    Facts,
    Figures,
    Moment,
    PolicyAt,
    Proposal,
    PupilFigures,
    PupilId,
    SchoolCalendar,
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
            yield _row(day, counted)


def _row(day: date, counted: Mapping[PupilId, PupilFigures]) -> AddToSheet:
    title = f"{day:%A} {day.day} {day:%B %Y}"
    return AddToSheet("whole-school", day.isoformat(), title, "row", _cells(day, tuple(counted.values())))


def _cells(day: date, all_pupils: tuple[PupilFigures, ...]) -> Facts:
    possible, attended = sum(f.possible for f in all_pupils), sum(f.attended for f in all_pupils)
    sums = {
        "Possible sessions": possible,
        "Attended": attended,
        "Authorised absence": sum(f.authorised for f in all_pupils),
        "Unauthorised absence": sum(f.unauthorised for f in all_pupils),
        "No mark": sum(f.unmarked for f in all_pupils),
        "Late before close": sum(f.late_before_close for f in all_pupils),
        "Late after close": sum(f.late_after_close for f in all_pupils),
    }
    counts = tuple((label, str(number)) for label, number in sums.items())
    return (("Weekday", f"{day:%A}"), ("Attendance", per_cent(attended, possible)), *counts)
