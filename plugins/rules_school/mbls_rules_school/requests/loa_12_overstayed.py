"""A pupil who is not back when granted leave has ended is without leave from then on, unless home says why.

Attendance policy 2023, Leave of absence. At the end of each such day the absence is put forward as unauthorised, for
sign-off; the call home is that of first-day calling.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import leads_the_day
from mbls_rules_school.leave import decided
from mbls_rules_school.not_granted import Why, without_leave
from mbls_rules_school.reasons import known_reason
from mbls_rules_school.wording import said
from mbls_sync.api import (
    UNEXPLAINED_CODE,
    History,
    PolicyAt,
    Proposal,
    Pupil,
    PupilSession,
    RaiseTask,
    Rank,
    SetCode,
    rule,
)


@rule(id="LOA-12", cites="Leave of absence", title="not back when leave has ended: tell home, G or O for sign-off")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    if pupil_session.code != UNEXPLAINED_CODE or not pupil_session.expected:
        return
    found = without_leave(pupil_session.session, history, policy)
    if found is None or found.why is not Why.OVERSTAYED or known_reason(pupil_session, history, policy) is not None:
        return
    ends = pupil_session.at(policy.time_of_day("office.day_ends"))
    last = said(decided(found.request, history).sessions[-1])
    if leads_the_day(pupil_session, history):
        yield RaiseTask(
            kind="not-back-from-leave",
            title="Tell home that the leave has ended, and ask when the pupil is back",
            why=f"The leave that was granted ended on {last}, and the pupil is not back.",
            due=ends,
            role=policy.text("roles.attendance_officer"),
            rank=Rank.FOLLOW_UP,
            pupil=pupil.id,
            occasion=f"{found.request.key} {pupil_session.session.day}",
            session=pupil_session.session,
            steps=("Say that what goes beyond the leave counts as unauthorised.", "Note the day of return."),
        )
    if now >= ends:
        reason = f"{found.why} on {last}, and no reason is known; a person signs it off"
        yield SetCode(subject=pupil_session, code=found.code, reason=reason, sign_off=True)
