"""A morning register that is not taken by its time is asked for.

Attendance policy 2023, Attendance expectations. One task a class, so that nobody's home is called because a
register is late.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.times import closes_at, marked_by
from mbls_rules_school.wording import said
from mbls_sync.api import Period, PolicyAt, Proposal, RaiseTask, Rank, Register, rule


@rule(id="REG-01", cites="Attendance expectations", title="morning register not taken: ask the class")
def judge_register(register: Register, policy: PolicyAt, now: datetime) -> Iterable[Proposal]:
    marked = marked_by(register, policy)
    if register.session.period is not Period.AM or register.is_taken or now < marked:
        return
    yield RaiseTask(
        kind="take-register",
        title=f"Take the register of {register.class_name}: {said(register.session)}",
        why=f"The register of {register.class_name} was due by {marked:%H:%M} and holds no mark.",
        due=closes_at(register, policy),
        role=policy.text("roles.class_staff"),
        rank=Rank.REGISTER,
        occasion=f"{register.class_name} {register.session}",
        session=register.session,
        steps=("Ask the class to save the register.", "If the MIS is down, take a paper list to the office."),
        facts=(("Pupils expected", str(len(register.marks))),),
    )
