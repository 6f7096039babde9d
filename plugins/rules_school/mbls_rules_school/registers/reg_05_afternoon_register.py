"""An afternoon register that is not taken by its time is asked for.

Attendance policy 2023, Attendance expectations.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.chasing import chase
from mbls_rules_school.times import marked_by
from mbls_sync.api import Period, PolicyAt, Proposal, Register, rule


@rule(id="REG-05", cites="Attendance expectations", title="afternoon register not taken: ask the class")
def judge_register(register: Register, policy: PolicyAt, now: datetime) -> Iterable[Proposal]:
    due = register.session.period is Period.PM and now >= marked_by(register, policy)
    if due and not register.is_taken:
        yield chase(register, policy, now)
