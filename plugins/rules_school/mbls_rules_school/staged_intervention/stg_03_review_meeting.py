"""At the second threshold of attendance home is invited to a review meeting about it.

Attendance policy 2023, Appendix A, 8. Whether the threshold itself counts is the head's decision: the policy says
both.
"""

from collections.abc import Iterable

from mbls_rules_school.cases import REVIEW_HELD, REVIEW_INVITED, steps
from mbls_rules_school.levels import needs_review, reaches, so_far_said
from mbls_rules_school.one_absence import absence_said, titled, waits_for_more
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts
from mbls_sync.api import DraftLetter, History, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(id="STG-03", cites="Appendix A, 8", title="attendance at the review level: invite to a review meeting")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    if not needs_review(history, policy) or not reaches(pupil, history, policy):
        return
    if steps(history, policy, REVIEW_INVITED, REVIEW_HELD) or waits_for_more(history, policy, calendar):
        return
    yield DraftLetter(
        template="review-meeting-invitation",
        pupil=pupil.id,
        role=policy.text("roles.attendance_officer"),
        occasion=history.episode(),
        title=titled("Invite home to an attendance review meeting", history),
        why=f"{so_far_said(history, policy)}; home is invited at {policy.percent('stage.review_percent')}%."
        f"{absence_said(history)}",
        due=day_ends(history.until.day, calendar, policy),
        sent_as=REVIEW_INVITED,
        facts=attendance_facts(history),
    )
