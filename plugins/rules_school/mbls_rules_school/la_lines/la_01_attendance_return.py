"""Pupils of compulsory school age who do not attend regularly stand in the attendance return to the LA.

Attendance policy 2023, Absence procedures: each term. The law, from 19 August 2024: at least each month.
"""

from collections.abc import Iterable
from datetime import date

from mbls_rules_school.returning import is_persistent_for_la, month_of, term_of
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import Cohort, History, IncludeInReturn, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(id="LA-01", cites="Absence procedures", title="not attending regularly: a line of the attendance return")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last = history.until.day
    if not pupil.is_compulsory_school_age(last):
        return
    span = month_of(last, calendar) if _monthly(policy) else term_of(last, calendar)
    causes = _causes(history, policy) if span else ()
    if span is None or not causes:
        return
    period, due = span
    figures = history.counts(history.year.first, last, Cohort.STATUTORY)
    yield IncludeInReturn(
        name="attendance",
        pupil=pupil.id,
        period=period,
        due=due,
        cause="; ".join(causes),
        facts=(
            ("Attendance this year", attendance_said(figures)),
            ("Unauthorised", f"{figures.unauthorised} sessions"),
        ),
    )


def _monthly(policy: PolicyAt) -> bool:
    return policy.text("la.attendance_return.frequency") == "monthly"


def _causes(history: History, policy: PolicyAt) -> tuple[str, ...]:
    """Why the pupil stands in the return, in words; none where nothing calls for it."""
    codes = policy.text("la.unauthorised_codes").split()
    days = policy.days("la.attendance_return.days")
    runs = [run for run in history.runs(*codes) if _is_csa(history, run.first.day)]
    found = []
    if any(run.school_days >= days for run in runs):
        found.append(f"absent without authorisation for {days} school days one after another")
    total = history.counts(history.year.first, history.until.day, Cohort.STATUTORY).unauthorised
    either = policy.text("la.attendance_return.days_count") == "either"
    if either and not found and total >= 2 * days:
        found.append(f"absent without authorisation for {days} school days or more in all")
    if is_persistent_for_la(history, policy):
        found.append("fails to attend regularly")
    return tuple(found)


def _is_csa(history: History, day: date) -> bool:
    return history.pupil.is_compulsory_school_age(day)
