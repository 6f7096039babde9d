"""From the invitation to a review meeting on, a case is looked at every school week until it is closed.

Attendance policy 2023, Appendix A, 8.
"""

from collections.abc import Iterable
from datetime import timedelta

from mbls_rules_school.cases import REVIEW_HELD, REVIEW_INVITED, day_of, last_step, reaches, steps
from mbls_rules_school.times import week_ends
from mbls_rules_school.wording import attendance_facts, said_day
from mbls_sync.api import (
    History,
    PolicyAt,
    Proposal,
    Pupil,
    RaiseTask,
    Rank,
    SchoolCalendar,
    monday,
    rule,
)

MONITORED = "case-monitored"


@rule(id="STG-04", cites="Appendix A, 8", title="an open case: look at the week")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    begun = steps(history, policy, REVIEW_INVITED, REVIEW_HELD)
    week = monday(history.until.day)
    if not begun or not reaches(pupil, history, policy) or day_of(begun[0], calendar) >= week:
        return
    looked = last_step(history, policy, MONITORED)
    if looked is not None and day_of(looked, calendar) >= week:
        return
    marks = history.codes(week, week + timedelta(days=6))
    yield RaiseTask(
        kind="monitor-case",
        title=f"Look at the case's week from {said_day(week)}",
        why=f"The case has been watched weekly since {said_day(day_of(begun[0], calendar))}.",
        due=week_ends(week, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=f"{history.episode()} {week.isoformat()}",
        steps=("Look at the marks of the week.", "Speak with home about what helps.", "Record it."),
        done_as=MONITORED,
        facts=(("Marks of the week", " ".join(code or "·" for _, code in marks)), *attendance_facts(history)),
    )
