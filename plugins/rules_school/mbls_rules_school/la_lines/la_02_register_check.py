"""Pupils at the threshold of the termly register check with the LA, or below it, stand in it.

Attendance policy 2023, Appendix A, 5. Whose sessions count is the head's decision; every pupil on roll unless
changed.
"""

from collections.abc import Iterable

from mbls_rules_school.returning import COHORTS, span_of
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import (
    History,
    IncludeInReturn,
    PolicyAt,
    Proposal,
    Pupil,
    SchoolCalendar,
    rule,
)


@rule(id="LA-02", cites="Appendix A, 5", title="attendance at or below the threshold: a line of the register check")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last = history.until.day
    span = span_of(policy.text("la.register_check.frequency"), last, calendar)
    cohort = COHORTS[policy.text("la.register_check.cohort")]
    figures = history.counts(history.year.first, last, cohort)
    limit = (100 - policy.percent("la.register_check.percent")) * figures.possible
    if span is None or not figures.possible or 100 * figures.absent < limit:
        return
    yield IncludeInReturn(
        name="register-check",
        pupil=pupil.id,
        period=span.period,
        due=span.due,
        cause=f"attendance this year is {attendance_said(figures)}",
        facts=(("Cohort", cohort.value),),
    )
