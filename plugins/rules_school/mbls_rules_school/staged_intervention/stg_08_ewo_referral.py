"""Where a term of advice and support has brought no improvement, the case always goes to the EWO.

Attendance policy 2023, Appendix A, 10. Only for pupils of compulsory school age; a referral that a member of
staff asked for (LA-08) takes its place.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import (
    REFERRAL_ASKED,
    REFERRED,
    SUPPORT,
    day_of,
    has_not_improved,
    needs_support,
    steps,
    weeks_after,
)
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_said, said_day
from mbls_sync.api import History, OpenReferral, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(id="STG-08", cites="Appendix A, 10", title="a term of support without improvement: refer to the EWO")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    if not pupil.is_compulsory_school_age(history.until.day) or not needs_support(history, policy):
        return
    begun = steps(history, policy, *SUPPORT)
    if not begun or steps(history, policy, REFERRED, REFERRAL_ASKED):
        return
    falls_due = weeks_after(begun[0], policy.count("stage.term_weeks"), calendar, policy)
    if now.astimezone(calendar.zone).date() < falls_due or not has_not_improved(begun[0], history, policy):
        return
    yield OpenReferral(
        kind="ewo",
        pupil=pupil.id,
        occasion=history.episode(),
        due=day_ends(falls_due, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        cause=f"Support since {said_day(day_of(begun[0], calendar))} ({len(begun)} steps) has brought no improvement: "
        f"attendance this year is {attendance_said(history.figures)}.",
    )
