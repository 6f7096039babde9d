"""After a term of support without effect, a formal meeting of home and the LA's officer is considered.

Attendance policy 2023, Legal intervention. Children's social care is thought of too where there is a safeguarding
concern. Only pupils of compulsory school age.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import steps, term_without_effect
from mbls_rules_school.clocks import has_come
from mbls_rules_school.safeguarding import is_watched
from mbls_rules_school.sanctions import FORMAL_WITH_LA
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, attendance_said, said_since
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

SOCIAL_CARE = "There is a safeguarding concern: decide with the DSL whether to engage children's social care."


@rule(id="STG-09", cites="Legal intervention", title="a term without effect: consider a formal meeting with the LA")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    over = term_without_effect(history, policy, calendar)
    if over is None or not has_come(over, now, calendar) or steps(history, policy, FORMAL_WITH_LA):
        return
    concern = (SOCIAL_CARE,) if is_watched(pupil, history.until.day, policy) else ()
    yield RaiseTask(
        kind="consider-formal-meeting",
        title="Consider a formal meeting of home and the LA's attendance officer",
        why=f"The term of support ended on {said_since(over, history.until.day)} without improvement: "
        f"{attendance_said(history.figures)} this year.",
        due=day_ends(over, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=history.episode(),
        steps=(f"Talk with the senior leader, and agree a day with {policy.text('la.contact')} and parents.", *concern),
        done_as=FORMAL_WITH_LA,
        facts=attendance_facts(history),
    )
