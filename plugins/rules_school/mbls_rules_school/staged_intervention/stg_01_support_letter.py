"""At the first threshold of attendance the attendance officer offers support by letter.

Attendance policy 2023, Appendix A, 6. Once in a case; an invitation to a review meeting takes its
place, and is what a pupil at that level is sent.
"""

from collections.abc import Iterable

from mbls_rules_school.cases import LETTER, REVIEW_INVITED, steps
from mbls_rules_school.levels import needs_review, needs_support, reaches, so_far_said
from mbls_rules_school.one_absence import absence_said, titled, waits_for_more
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts
from mbls_sync.api import DraftLetter, History, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(id="STG-01", cites="Appendix A, 6", title="attendance at or below the support level: offer support by letter")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    if not needs_support(history, policy) or needs_review(history, policy) or not reaches(pupil, history, policy):
        return
    if steps(history, policy, LETTER, REVIEW_INVITED) or waits_for_more(history, policy, calendar):
        return
    yield DraftLetter(
        template="support-letter",
        pupil=pupil.id,
        role=policy.text("roles.attendance_officer"),
        occasion=history.episode(),
        title=titled("Offer support by letter", history),
        why=f"{so_far_said(history, policy)}; support is offered at {policy.percent('stage.support_percent')}%."
        f"{absence_said(history)}",
        due=day_ends(history.until.day, calendar, policy),
        sent_as=LETTER,
        facts=attendance_facts(history),
    )
