"""A pupil who signs in after the register closed is U, unless the reason given calls for another code.

Attendance policy 2023, Attendance expectations. The law keeps U for arrivals to which no other code applies,
so that a pupil who comes from the dentist is M.
"""

from collections.abc import Iterable

from mbls_rules_school.arriving import arrival, minutes_late
from mbls_rules_school.reasons import code_for, known_reason
from mbls_rules_school.times import closes_at, marked_by
from mbls_sync.api import History, PolicyAt, Proposal, PupilSession, SetCode, rule


@rule(
    id="REG-03", cites="Attendance expectations", title="signed in after the register closed: U, or the reason's code"
)
def judge_session(pupil_session: PupilSession, history: History, policy: PolicyAt) -> Iterable[Proposal]:
    came = None if pupil_session.is_explained else arrival(pupil_session, history, policy)
    if came is None or not pupil_session.expected:
        return
    if pupil_session.at(came.time) <= closes_at(pupil_session, policy):
        return
    told = known_reason(pupil_session, history, policy)
    if told is not None and told.is_agreed:
        return  # The absence was agreed for this session: LOA-09 or LOA-13 enters its code.
    wanted = code_for(came.reason, policy) or (told.code if told else None)
    accepted = policy.text("registers.late_reason_codes").split()
    late = minutes_late(came, marked_by(pupil_session, policy))
    why = f" ({came.reason})" if came.reason else ""
    yield SetCode(
        subject=pupil_session,
        code=wanted if wanted in accepted and wanted is not None else policy.text("registers.late_after_close"),
        reason=f"signed in at {came.time:%H:%M}{why}, {late} minutes late and after the close of the register",
        minutes_late=late,
    )
