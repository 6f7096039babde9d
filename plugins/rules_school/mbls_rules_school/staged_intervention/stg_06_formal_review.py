"""Where attendance at the review level has not improved after the review meeting, a formal review follows.

Attendance policy 2023, Appendix A, 9. The senior leader for attendance invites.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import (
    FORMAL_INVITED,
    REVIEW_HELD,
    REVIEW_INVITED,
    day_of,
    has_not_improved,
    last_step,
    needs_review,
    reaches,
    weeks_after,
)
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, attendance_said, said_day
from mbls_sync.api import DraftLetter, History, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(id="STG-06", cites="Appendix A, 9", title="no improvement after the review meeting: formal review meeting")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    if not needs_review(history, policy) or not reaches(pupil, history, policy):
        return
    met = last_step(history, policy, REVIEW_HELD) or last_step(history, policy, REVIEW_INVITED)
    if met is None or last_step(history, policy, FORMAL_INVITED) is not None:
        return
    falls_due = weeks_after(met, policy.count("stage.monitoring_weeks"), calendar, policy)
    if now.astimezone(calendar.zone).date() < falls_due or not has_not_improved(met, history, policy):
        return
    yield DraftLetter(
        template="formal-review-invitation",
        pupil=pupil.id,
        role=policy.text("roles.senior_leader"),
        occasion=history.episode(),
        title="Invite home to a formal review meeting in school",
        why=f"Attendance has not improved since the review meeting of {said_day(day_of(met, calendar))}: "
        f"{attendance_said(history.figures)} this year.",
        due=day_ends(falls_due, calendar, policy),
        sent_as=FORMAL_INVITED,
        facts=attendance_facts(history),
    )
