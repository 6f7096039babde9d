"""Where a term of advice and support has brought no improvement, the case always goes to the EWO.

Attendance policy 2023, Appendix A, 10. Only for pupils of compulsory school age; a referral that a member of
staff asked for (LA-08) takes its place.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import REFERRED, SUPPORT, referral_due, steps
from mbls_rules_school.clocks import has_come
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_said, said_step
from mbls_sync.api import History, OpenReferral, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(id="STG-08", cites="Appendix A, 10", title="a term of support without improvement: refer to the EWO")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    falls_due, begun = referral_due(history, policy, calendar), steps(history, policy, *SUPPORT)
    if falls_due is None or not has_come(falls_due, now, calendar) or policy.text("stage.referral") != "task":
        return
    yield OpenReferral(
        kind="ewo",
        pupil=pupil.id,
        occasion=history.episode(),
        due=day_ends(falls_due, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        cause=f"Support since {said_step(begun[0], history)} ({len(begun)} steps) has brought no improvement: "
        f"attendance this year is {attendance_said(history.figures)}.",
        done_as=REFERRED,
    )
