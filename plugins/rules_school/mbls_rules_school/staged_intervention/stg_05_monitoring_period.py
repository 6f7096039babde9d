"""Four weeks after the review meeting the monitoring period ends, and progress is judged with home.

Attendance policy 2023, Appendix A, 8. Where attendance has settled, STG-12 has the case closed; where it has not
improved at all, the judgement is made, and STG-06 invites to the formal review.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import (
    MONITORED,
    REVIEW_HELD,
    REVIEW_INVITED,
    before_and_since,
    formal_review_due,
    last_step,
    settled_since,
)
from mbls_rules_school.clocks import day_of, has_come, weeks_after
from mbls_rules_school.levels import reaches
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_said, said_since, said_step
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="STG-05", cites="Appendix A, 8", title="the monitoring period is over: judge progress")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    met = last_step(history, policy, REVIEW_HELD) or last_step(history, policy, REVIEW_INVITED)
    if met is None or not reaches(pupil, history, policy):
        return
    ends = weeks_after(met, policy.count("stage.monitoring_weeks"), calendar, policy)
    judged = last_step(history, policy, MONITORED)
    if ends is None or not has_come(ends, now, calendar) or (judged is not None and judged.at >= met.at):
        return
    if settled_since(history, policy, calendar) or formal_review_due(history, policy, calendar):
        return
    before, since = before_and_since(met, history)
    yield RaiseTask(
        kind="review-progress",
        title="Judge the progress of the monitoring period with home",
        why=f"The monitoring period since {said_step(met, history)} ended on {said_since(ends, history.until.day)}.",
        due=day_ends(ends, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=f"{history.episode()} {day_of(met, calendar).isoformat()}",
        done_as=MONITORED,
        facts=(("Before", attendance_said(before)), ("Since", attendance_said(since))),
    )
