"""Pupils of compulsory school age who do not attend regularly stand in the attendance return to the LA.

Attendance policy 2023, Absence procedures: each term. The law, from 19 August 2024: at least each month. The law
gives no number for regular attendance, so that the school's own stands, and the national threshold.
"""

from collections.abc import Iterable, Iterator

from mbls_rules_school.returning import Span, month_of, term_of
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import (
    Cohort,
    History,
    IncludeInReturn,
    PolicyAt,
    Proposal,
    Pupil,
    PupilFigures,
    SchoolCalendar,
    rule,
)

SESSIONS_OF_A_DAY = 2


@rule(id="LA-01", cites="Absence procedures", title="not attending regularly: a line of the attendance return")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last = history.until.day
    monthly = policy.text("la.attendance_return.frequency") == "monthly"
    span = month_of(last, calendar) if monthly else term_of(last, calendar)
    if span is None or not pupil.is_compulsory_school_age(last):
        return
    figures = history.counts(history.year.first, last, Cohort.STATUTORY)
    causes = [
        *_days_missed(pupil, history, figures, span, policy),
        *_irregular(figures, policy),
        *_at_threshold(history, policy, calendar),
    ]
    if not causes:
        return
    yield IncludeInReturn(
        name="attendance",
        pupil=pupil.id,
        period=span.period,
        due=span.due,
        cause="; ".join(causes),
        facts=(
            ("Attendance this year", attendance_said(figures)),
            ("Unauthorised", f"{figures.unauthorised} sessions"),
        ),
    )


def _days_missed(pupil: Pupil, history: History, figures: PupilFigures, span: Span, policy: PolicyAt) -> Iterator[str]:
    days = policy.days("la.attendance_return.days")
    runs = history.runs(*policy.text("la.unauthorised_codes").split())
    here = (r for r in runs if r.last.day >= span.first and pupil.is_compulsory_school_age(r.first.day))
    either = policy.text("la.attendance_return.days_count") == "either"
    if any(run.school_days >= days for run in here):
        yield f"absent without authorisation for {days} school days one after another"
    elif either and figures.unauthorised >= SESSIONS_OF_A_DAY * days:
        yield f"absent without authorisation for {days} school days or more in all"


def _irregular(figures: PupilFigures, policy: PolicyAt) -> Iterator[str]:
    limit = (100 - policy.percent("la.attendance_return.irregular_percent")) * figures.possible
    if figures.possible and 100 * figures.absent >= limit:
        yield "fails to attend regularly"


def _at_threshold(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterator[str]:
    if not policy.is_in_force("penalty_notice.sessions"):
        return
    weeks, sessions = policy.count("penalty_notice.school_weeks"), policy.count("penalty_notice.sessions")
    first = calendar.school_weeks_back(history.until.day, weeks)
    if history.counts(first, history.until.day, Cohort.STATUTORY).unauthorised >= sessions:
        yield f"{sessions} unauthorised sessions or more within {weeks} school weeks"
