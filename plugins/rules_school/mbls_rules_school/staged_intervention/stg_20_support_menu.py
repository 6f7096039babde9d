"""For a pupil at risk of persistent absence with an open case, the school chooses from what may help.

Attendance policy 2023, Persistent absence. A pupil with special educational needs or a health plan is offered
more (HLT-09).
"""

from collections.abc import Iterable

from mbls_rules_school.cases import SUPPORT, last_step, steps
from mbls_rules_school.levels import band, reaches
from mbls_rules_school.needs import has_needs
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, attendance_said
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

CHOSEN = "support-chosen"
CHOOSE = (
    "Ask home and the pupil what stands in the way.",
    "Choose what fits from the list, and agree who does what by when.",
    "Record what was chosen as the outcome.",
)


@rule(id="STG-20", cites="Persistent absence", title="an open case: choose what may help")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    begun, called = steps(history, policy, *SUPPORT), band(history, policy)
    if not begun or not called or not reaches(pupil, history, policy) or last_step(history, policy, CHOSEN):
        return
    if has_needs(pupil, history.until.day, policy):
        return
    yield RaiseTask(
        kind="choose-support",
        title="Choose with home what may help",
        why=f"A case is open, and the pupil is {called}: {attendance_said(history.figures)} this year.",
        due=day_ends(history.until.day, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.FOLLOW_UP,
        pupil=pupil.id,
        occasion=history.episode(),
        steps=CHOOSE,
        done_as=CHOSEN,
        facts=(*attendance_facts(history), *policy.table("support.at_risk").items()),
    )
