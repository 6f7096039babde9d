"""An N that is not settled by the end of its fifth school day is put forward as an unauthorised absence.

Attendance policy 2023, Appendix A, 2; the time is the law's. A person signs it off first, unless the head has
decided otherwise.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import is_waiting
from mbls_rules_school.not_granted import without_leave
from mbls_rules_school.reasons import known_reason
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    UNEXPLAINED_CODE,
    History,
    PolicyAt,
    Proposal,
    PupilSession,
    SchoolCalendar,
    SetCode,
    rule,
)


@rule(id="FDC-11", cites="Appendix A, 2", title="N after its fifth school day: unauthorised, for sign-off")
def judge_session(
    pupil_session: PupilSession, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    if pupil_session.code != UNEXPLAINED_CODE:
        return
    last = calendar.school_day_after(pupil_session.session.day, policy.days("n_to_o.days"))
    if now < day_ends(last, calendar, policy) or not is_waiting(pupil_session, history, policy):
        return
    if known_reason(pupil_session, history, policy) is not None:
        return
    if without_leave(pupil_session.session, history, policy) is not None:
        return  # LOA-10 and LOA-12 put its code forward.
    signed = policy.text("n_to_o.mode") != "auto"
    ask = f"; the {policy.text('roles.attendance_officer')} signs it off" if signed else ""
    yield SetCode(
        subject=pupil_session,
        code=policy.text("n_to_o.code"),
        reason=f"no reason was found by the end of {said_day(last)}, the last day to settle it{ask}",
        sign_off=signed,
    )
