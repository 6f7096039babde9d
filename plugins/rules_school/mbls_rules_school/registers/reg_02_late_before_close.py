"""A pupil who signs in after the register is marked, and by its close, is late: L.

Attendance policy 2023, Attendance expectations. An arrival in the very minute of the close still counts as
before it.
"""

from collections.abc import Iterable

from mbls_rules_school.arriving import arrival, minutes_late
from mbls_rules_school.times import closes_at, marked_by
from mbls_sync.api import History, PolicyAt, Proposal, PupilSession, SetCode, rule


@rule(id="REG-02", cites="Attendance expectations", title="signed in before the register closed: late")
def judge_session(pupil_session: PupilSession, history: History, policy: PolicyAt) -> Iterable[Proposal]:
    came = None if pupil_session.is_explained else arrival(pupil_session, history, policy)
    if came is None or not pupil_session.expected:
        return
    marked, at = marked_by(pupil_session, policy), pupil_session.at(came.time)
    if marked < at <= closes_at(pupil_session, policy):
        late = minutes_late(came, marked)
        yield SetCode(
            subject=pupil_session,
            code=policy.text("registers.late_before_close"),
            reason=f"signed in at {came.time:%H:%M}, {late} minutes after the register at {marked:%H:%M}",
            minutes_late=late,
        )
