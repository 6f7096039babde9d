"""Where attendance has not improved after a penalty notice, the head talks with the LA about prosecution.

Attendance policy 2023, Legal intervention: as a last resort. Only for a pupil of compulsory school age.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import has_not_improved, last_step, steps
from mbls_rules_school.clocks import day_of, has_come, weeks_after
from mbls_rules_school.levels import needs_support
from mbls_rules_school.sanctions import ISSUED, WITHDRAWN
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, attendance_said, said_step
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

DISCUSSED = "prosecution-discussed"


@rule(id="STG-11", cites="Legal intervention", title="no better after a penalty notice: talk with the LA")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    issued, of_age = last_step(history, policy, ISSUED, WITHDRAWN), pupil.is_compulsory_school_age(history.until.day)
    if issued is None or issued.kind == WITHDRAWN or not of_age:
        return
    if not needs_support(history, policy) or steps(history, policy, DISCUSSED):
        return
    ends = weeks_after(issued, policy.count("stage.after_notice_weeks"), calendar, policy)
    if ends is None or not has_come(ends, now, calendar) or not has_not_improved(issued, history, policy):
        return
    yield RaiseTask(
        kind="discuss-prosecution",
        title="Talk with the LA about the last resort",
        why=f"Attendance has not improved since the penalty notice of {said_step(issued, history)}: "
        f"{attendance_said(history.figures)} this year.",
        due=day_ends(ends, calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=day_of(issued, calendar).isoformat(),
        steps=("Ask first whether anything is left to offer the family.", "The LA decides; the school works with it."),
        done_as=DISCUSSED,
        facts=attendance_facts(history),
    )
