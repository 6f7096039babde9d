"""Where attendance at the review level has not improved after the review meeting, a formal review follows.

Attendance policy 2023, Appendix A, 9. The senior leader for attendance invites.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import FORMAL_INVITED, formal_review_due
from mbls_rules_school.clocks import has_come
from mbls_rules_school.levels import reaches
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, attendance_said, said_step
from mbls_sync.api import DraftLetter, History, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(id="STG-06", cites="Appendix A, 9", title="no improvement after the review meeting: formal review meeting")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    due = formal_review_due(history, policy, calendar)
    if due is None or not reaches(pupil, history, policy):
        return
    met, falls_due = due
    if not has_come(falls_due, now, calendar):
        return
    yield DraftLetter(
        template="formal-review-invitation",
        pupil=pupil.id,
        role=policy.text("roles.senior_leader"),
        occasion=history.episode(),
        title="Invite home to a formal review meeting at school",
        why=f"Attendance has not improved since the review meeting of {said_step(met, history)}: "
        f"{attendance_said(history.figures)} this year.",
        due=day_ends(falls_due, calendar, policy),
        sent_as=FORMAL_INVITED,
        facts=attendance_facts(history),
    )
