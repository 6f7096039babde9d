"""For a pupil with special educational needs or a health condition, an open case asks what support to consider.

Attendance policy 2023, SEND- and health-related absences; what may help any pupil (STG-20) is listed too.
"""

from collections.abc import Iterable

from mbls_rules_school.cases import SUPPORT, last_step, steps
from mbls_rules_school.levels import band, reaches
from mbls_rules_school.needs import has_needs
from mbls_rules_school.staged_intervention.stg_20_support_menu import CHOOSE, CHOSEN
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, attendance_said
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="HLT-09", cites="SEND- and health-related absences", title="an open case with needs: what support?")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    begun, called = steps(history, policy, *SUPPORT), band(history, policy)
    if not begun or not called or not reaches(pupil, history, policy) or last_step(history, policy, CHOSEN):
        return
    if not has_needs(pupil, history.until.day, policy):
        return
    yield RaiseTask(
        kind="consider-support",
        title="Consider with home and the SENCO what may help",
        why=f"A case is open, the pupil has needs the school knows of, and is {called}: "
        f"{attendance_said(history.figures)} this year.",
        due=day_ends(history.until.day, calendar, policy),
        role=policy.text("roles.senco"),
        rank=Rank.FOLLOW_UP,
        pupil=pupil.id,
        occasion=history.episode(),
        steps=CHOOSE,
        done_as=CHOSEN,
        facts=(
            *attendance_facts(history),
            *policy.table("support.health").items(),
            *policy.table("support.at_risk").items(),
        ),
    )
