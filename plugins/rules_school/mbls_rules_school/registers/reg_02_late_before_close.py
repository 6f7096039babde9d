"""A pupil who signs in after the register is marked, and by its close, is late: L.

Attendance policy 2023, Attendance expectations. An arrival in the very minute of the close still counts as
before it. Where being at the school is enough, a late mark of a pupil who had signed in by then is looked at.
"""

from collections.abc import Iterable

from mbls_rules_school.arriving import arrival, minutes_late
from mbls_rules_school.times import closes_at, marked_by
from mbls_rules_school.wording import said
from mbls_sync.api import History, PolicyAt, Proposal, PupilSession, RaiseTask, Rank, SetCode, SignIn, rule


@rule(id="REG-02", cites="Attendance expectations", title="signed in before the register closed: late")
def judge_session(pupil_session: PupilSession, history: History, policy: PolicyAt) -> Iterable[Proposal]:
    came = arrival(pupil_session, history, policy) if pupil_session.expected else None
    if came is None:
        return
    marked, at = marked_by(pupil_session, policy), pupil_session.at(came.time)
    late_code = policy.text("registers.late_before_close")
    if pupil_session.code == late_code and at <= marked and policy.text("registers.late_locus") == "school":
        yield _was_at_the_school(pupil_session, came, policy)
    if not pupil_session.is_explained and marked < at <= closes_at(pupil_session, policy):
        late = minutes_late(came, marked)
        yield SetCode(
            subject=pupil_session,
            code=late_code,
            reason=f"signed in at {came.time:%H:%M}, {late} minutes after the register at {marked:%H:%M}",
            minutes_late=late,
        )


def _was_at_the_school(subject: PupilSession, came: SignIn, policy: PolicyAt) -> RaiseTask:
    return RaiseTask(
        kind="check-late",
        title=f"Check the mark {subject.code} of {said(subject.session)}",
        why=f"Signed in at {came.time:%H:%M}, before the register was to be marked: at the school, and so present.",
        due=subject.at(policy.time_of_day("office.day_ends")),
        role=policy.text("roles.office"),
        rank=Rank.REGISTER,
        pupil=subject.pupil,
        session=subject.session,
        steps=("Ask the class, and amend the mark in the MIS where it is wrong.",),
    )
