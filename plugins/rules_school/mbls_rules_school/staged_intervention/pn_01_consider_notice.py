"""Where unauthorised absence reaches the national threshold, the head considers what to do; nothing is automatic.

Attendance policy 2023, Legal intervention; the threshold is the national framework's, in force from 19 August
2024 (before it each LA had its own). Support comes first (STG-18); where the formal measures have failed, STG-10
puts the question.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import SUPPORT, steps
from mbls_rules_school.sanctions import (
    CHOICES,
    CONSIDERED,
    NOT_ENGAGED,
    comes_after_support,
    ground_of,
    measures_failed,
)
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

ISSUED = {
    "request": "If it would help, ask the LA to issue it; the school does not.",
    "issue": "If it would help, issue it as the LA's code of conduct allows.",
}


@rule(id="PN-01", cites="Legal intervention", title="unauthorised absence at the national threshold: consider")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    ground = ground_of(history, policy, calendar)
    if ground is None or not comes_after_support(ground, history, policy):
        return
    if measures_failed(history, policy, calendar, now):
        return
    yield RaiseTask(
        kind="consider-notice",
        title="Consider whether a penalty notice would help",
        why=ground.why,
        due=day_ends(history.until.day, calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=ground.occasion,
        steps=(
            "Ask whether support is working, was refused, or would not fit (a holiday).",
            "Look at each N: a reason found takes it out of the count.",
            "If support would fit and is not taken up, a Notice to Improve is drafted once it is recorded: mbls-sync "
            f"events record {NOT_ENGAGED} --upn {pupil.id}.",
            ISSUED[policy.text("penalty_notice.mode")],
        ),
        done_as=CONSIDERED,
        outcomes=CHOICES,
        facts=(
            *attendance_facts(history),
            ("Steps of support", str(len(steps(history, policy, *SUPPORT)))),
            *ground.lines,
        ),
    )
