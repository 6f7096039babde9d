"""When a register that was taken closes, an expected pupil without a mark is N until somebody knows why.

Attendance policy 2023, Attendance register. A pupil who signed in on time and has no mark is no absence: the
class is asked.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.arriving import arrival
from mbls_rules_school.reasons import known_reason
from mbls_rules_school.times import closes_at, marked_by
from mbls_rules_school.wording import said
from mbls_sync.api import (
    NO_MARK,
    UNEXPLAINED_CODE,
    History,
    PolicyAt,
    Proposal,
    PupilSession,
    RaiseTask,
    Rank,
    SetCode,
    SignIn,
    rule,
)


@rule(id="REG-04", cites="Attendance register", title="no mark when the register closes: N")
def judge_session(pupil_session: PupilSession, history: History, policy: PolicyAt, now: datetime) -> Iterable[Proposal]:
    closes = closes_at(pupil_session, policy)
    blank = pupil_session.code == NO_MARK and pupil_session.expected and pupil_session.register_taken
    if not blank or now < closes:
        return
    came = arrival(pupil_session, history, policy)
    if came is not None:
        if pupil_session.at(came.time) <= marked_by(pupil_session, policy):
            yield _ask_the_class(pupil_session, came, policy)
        return
    told = known_reason(pupil_session, history, policy)
    if told is None or told.code is None or told.decider(policy) is not None:
        reason = f"no mark when the register closed at {closes:%H:%M}"
        yield SetCode(subject=pupil_session, code=UNEXPLAINED_CODE, reason=reason)


def _ask_the_class(subject: PupilSession, came: SignIn, policy: PolicyAt) -> RaiseTask:
    return RaiseTask(
        kind="settle-mark",
        title=f"Complete the mark of {said(subject.session)}",
        why=f"Signed in at {came.time:%H:%M}, in time for the register, and has no mark.",
        due=subject.at(policy.time_of_day("office.day_ends")),
        role=policy.text("roles.class_staff"),
        rank=Rank.REGISTER,
        pupil=subject.pupil,
        session=subject.session,
        steps=("Ask the class whether the pupil is there.", "Enter the mark in the MIS."),
    )
