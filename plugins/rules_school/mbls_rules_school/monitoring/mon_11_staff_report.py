"""The staff get a report of their class each week, and are handed the analysis each half-term.

Attendance policy 2023, Monitoring and analysing absence. The sheet names pupils: it is for the class's own staff.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from mbls_rules_school.bands import AT_RISK, PERSISTENT, band_of
from mbls_rules_school.ended import ended_weeks
from mbls_rules_school.summing import by_class, class_of
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_said, per_cent
from mbls_sync.api import (
    AcademicYear,
    AddToSheet,
    Facts,
    Figures,
    History,
    Moment,
    PolicyAt,
    Proposal,
    PupilFigures,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
)


@rule(id="MON-11", cites="Monitoring and analysing absence", title="reports to the staff: each week and half-term")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    for monday, last in ended_weeks(moment, calendar, 1):
        classes, watched = by_class(figures.over(monday, last), figures), _watched(figures, policy)
        year = by_class(figures.over(moment.year.first, last), figures)
        for name, week in classes.items():
            cells = (*_sums(week, year[name]), *watched.get(name, ()))
            yield AddToSheet("class-attendance", name, f"{name}, week of {_said(monday)}", "report", cells)
    half = moment.half_term
    if half is not None and moment.half_term_ends:
        yield RaiseTask(
            kind="hand-out-analysis",
            title="Give the staff the analysis of the half-term",
            why="It is written: the files whose names begin with staff-half-term are in the folder packs.",
            due=day_ends(calendar.school_day_after(half.last, policy.days("monitoring.review_days")), calendar, policy),
            role=policy.text("roles.attendance_officer"),
            rank=Rank.FOLLOW_UP,
            occasion=f"{AcademicYear.of(half.last)} {half.term} {half.number}",
            done_as="staff-report-given",
            steps=("Give each class's staff what they need of it; it names pupils, so not by open e-mail.",),
        )


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _sums(week: list[PupilFigures], year: list[PupilFigures]) -> Facts:
    late = sum(f.late_before_close + f.late_after_close for f in week)
    return (
        ("Attendance this week", per_cent(sum(f.attended for f in week), sum(f.possible for f in week))),
        ("Attendance this year", per_cent(sum(f.attended for f in year), sum(f.possible for f in year))),
        ("Late arrivals this week", str(late)),
    )


def _watched(figures: Figures, policy: PolicyAt) -> Mapping[str, Facts]:
    """The pupils of each class who are at risk of persistent absence, or in it, by name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for history in sorted(figures.histories.values(), key=_by_name):
        standing = band_of(history.figures, policy)
        if standing in (AT_RISK, PERSISTENT) and history.figures.possible >= policy.count("stage.min_possible"):
            said = f"{attendance_said(history.figures)}, {standing}"
            found.setdefault(class_of(history.pupil), []).append((history.pupil.name, said))
    return {name: tuple(pupils) for name, pupils in found.items()}


def _by_name(history: History) -> tuple[str, str]:
    return history.pupil.name, history.pupil.id
