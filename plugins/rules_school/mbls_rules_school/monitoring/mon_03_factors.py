"""What weighed on a class, a year or the school stands in its own sheet, beside their attendance then.

Attendance policy 2023, Appendix A, 14. Closures come from the calendar, everything else from the event
`attendance-factor`; a row follows its marks until the days of the whole-school sheet are settled too.
"""

from collections.abc import Iterable
from datetime import date

from mbls_rules_school.wording import per_cent
from mbls_sync.api import (
    AcademicYear,
    AddToSheet,
    Factor,
    Figures,
    Moment,
    PolicyAt,
    Proposal,
    PupilFigures,
    SchoolCalendar,
    factors_of,
    rule,
)


@rule(id="MON-03", cites="Appendix A, 14", title="what weighed on attendance, with the figures it explains")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last = moment.last_school_day
    if last is None:
        return
    held = sorted({session.day for session in calendar.sessions(AcademicYear.of(last).first, last)})
    since = held[max(len(held) - policy.days("monitoring.sheet_days"), 0)]
    for factor in factors_of(calendar, figures.events, since, last):
        yield _row(factor, figures, last)


def _row(factor: Factor, figures: Figures, last: date) -> AddToSheet:
    touched = {pupil.id for pupil in figures.pupils if factor.touches(pupil.class_name, pupil.year_group)}
    then = [counted for id, counted in figures.over(factor.first, min(factor.last, last)).items() if id in touched]
    year = [history.figures for id, history in figures.histories.items() if id in touched]
    cells = (
        ("What", factor.what),
        ("Who", "whole school" if factor.scope == "school" else factor.scope.replace(":", " ")),
        ("From", factor.first.isoformat()),
        ("To", factor.last.isoformat()),
        ("Attendance then", _share(then)),
        ("Attendance this year", _share(year)),
    )
    return AddToSheet("factors", f"{factor.first.isoformat()} {factor.scope} {factor.what}", factor.said, "row", cells)


def _share(some: Iterable[PupilFigures]) -> str:
    pupils = tuple(some)
    return per_cent(sum(f.attended for f in pupils), sum(f.possible for f in pupils))
