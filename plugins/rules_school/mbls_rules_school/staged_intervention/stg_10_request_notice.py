"""Where the formal measures have brought nothing, the head decides whether to ask the LA for a penalty notice.

Attendance policy 2023, Legal intervention. The LA issues a notice, the school asks for it; and only where the
national threshold is reached, after support, for a pupil of compulsory school age.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.sanctions import ASKED, CHOICES, comes_after_support, ground_of, measures_failed
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, said_since
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="STG-10", cites="Legal intervention", title="formal measures without effect: a penalty notice?")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    failed, ground = measures_failed(history, policy, calendar, now), ground_of(history, policy, calendar)
    if failed is None or ground is None or not comes_after_support(ground, history, policy):
        return
    if history.events_of(ASKED):
        return
    yield RaiseTask(
        kind="request-notice",
        title="Decide whether to ask the LA for a penalty notice",
        why=f"The formal meeting has brought no improvement by {said_since(failed, history.until.day)}. {ground.why}",
        due=day_ends(failed, calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=ground.occasion,
        steps=(
            "Decide whether a notice is likely to change anything for this family.",
            "If so, ask the LA to issue it, with the packet; if not, record why.",
        ),
        done_as=ASKED,
        outcomes=CHOICES,
        facts=(*attendance_facts(history), *ground.lines),
    )
