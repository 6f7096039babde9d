"""Where attendance has not improved four weeks after the support letter, home is invited to a support meeting.

Attendance policy 2023, Appendix A, 7. Below the level of a review meeting, that meeting takes its place.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import LETTER, REVIEW_INVITED, SUPPORT_INVITED, has_not_improved, last_step, steps
from mbls_rules_school.clocks import has_come, weeks_after
from mbls_rules_school.levels import needs_review, needs_support, reaches
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, attendance_said, said_step
from mbls_sync.api import DraftLetter, History, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(id="STG-02", cites="Appendix A, 7", title="no improvement after the support letter: invite to a meeting")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    if not needs_support(history, policy) or needs_review(history, policy) or not reaches(pupil, history, policy):
        return
    letter = last_step(history, policy, LETTER)
    if letter is None or steps(history, policy, SUPPORT_INVITED, REVIEW_INVITED):
        return
    falls_due = weeks_after(letter, policy.count("stage.support_weeks"), calendar, policy)
    if falls_due is None or not has_come(falls_due, now, calendar) or not has_not_improved(letter, history, policy):
        return
    yield DraftLetter(
        template="support-meeting-invitation",
        pupil=pupil.id,
        role=policy.text("roles.attendance_officer"),
        occasion=history.episode(),
        title="Invite home to a support meeting, in school or online",
        why=f"Attendance has not improved since the letter of {said_step(letter, history)}: "
        f"{attendance_said(history.figures)} this year.",
        due=day_ends(falls_due, calendar, policy),
        sent_as=SUPPORT_INVITED,
        facts=attendance_facts(history),
    )
