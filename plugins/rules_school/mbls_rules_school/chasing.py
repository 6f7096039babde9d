"""What is asked where a register was not taken: first of the class, and from its close on of the office."""

from datetime import datetime

from mbls_rules_school.times import closes_at, marked_by
from mbls_rules_school.wording import said
from mbls_sync.api import PolicyAt, RaiseTask, Rank, Register

PAPER = "If {mis} is down, take a paper list to the office: mbls-sync events record registers-on-paper."


def chase(register: Register, policy: PolicyAt, now: datetime) -> RaiseTask:
    """The one task about a register that was not taken, or only half."""
    closes, of = closes_at(register, policy), len(register.marks)
    name = register.class_name or "the pupils without a class"
    blank = len(register.unmarked)
    half = blank < of
    paper = (PAPER.format(mis=policy.text("registers.mis_name")),) if policy.flag("registers.paper_fallback") else ()
    holds = f"{blank} of its {of} pupils have no mark" if half else "it holds no mark"
    return RaiseTask(
        kind="take-register",
        title=f"{'Complete' if half else 'Take'} the register of {name}: {said(register.session)}",
        why=f"The register of {name} was due by {marked_by(register, policy):%H:%M}, and {holds}. "
        f"Until it is taken nobody of it is called about.",
        due=closes,
        role=policy.text("roles.class_staff" if now < closes else "roles.office"),
        rank=Rank.REGISTER,
        occasion=f"{register.class_name} {register.session}",
        session=register.session,
        steps=("Ask the class to save the register.", *paper),
        facts=(("Pupils expected", str(of)),),
    )
