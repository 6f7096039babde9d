"""When attendance has settled at the agreed target, the case is closed and home is told.

Attendance policy 2023, Appendix A, 12. A person closes it: arithmetic never does. A case that is to be
referred is referred first.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import referral_due, settled_since
from mbls_rules_school.clocks import has_come
from mbls_rules_school.levels import CLOSED, reaches
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, attendance_said, said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="STG-12", cites="Appendix A, 12", title="attendance settled at the target: close the case")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    first, referral = settled_since(history, policy, calendar), referral_due(history, policy, calendar)
    if first is None or not reaches(pupil, history, policy):
        return
    if has_come(referral, now, calendar):
        return
    window, target = history.counts(first, history.until.day), policy.percent("stage.target_percent")
    yield RaiseTask(
        kind="close-case",
        title="Close the case, and tell home how well it has gone",
        why=f"Attendance since {said_day(first)} is {attendance_said(window)}; the target is {target}%.",
        due=day_ends(history.until.day, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=history.episode(),
        steps=("Thank the family.", "Say that the school goes on watching, and is there to help."),
        done_as=CLOSED,
        drafts=("case-closed-letter",),
        facts=attendance_facts(history),
    )
