"""No sanction is put to anybody while no support is on record: support is what is asked for.

Attendance policy 2023, Working with parents to improve attendance. Holiday without leave alone is excepted,
since support would not have changed it.
"""

from collections.abc import Iterable

from mbls_rules_school.sanctions import comes_after_support, ground_of
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="STG-18", cites="Working with parents to improve attendance", title="no sanction before support")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    ground = ground_of(history, policy, calendar)
    if ground is None or comes_after_support(ground, history, policy):
        return
    yield RaiseTask(
        kind="support-first",
        title="Offer support first: none is on record",
        why=ground.why,
        due=day_ends(history.until.day, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=ground.occasion,
        steps=(
            "Look at each N: a reason found takes it out of the count.",
            "Ask home what stands in the way, and offer help.",
            "Only once support is on record is a penalty notice considered: mbls-sync events record "
            f"support-meeting-held --upn {pupil.id}, or support-letter-sent.",
        ),
        facts=(*attendance_facts(history), *ground.lines),
    )
