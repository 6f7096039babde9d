"""Until a case is closed, the school stays in touch with home: no case is left to lie.

Attendance policy 2023, Appendix A, 12. Any step of support, any look at the case and any talk with home counts.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.cases import MONITORED, SUPPORT, last_step, settled_since, steps
from mbls_rules_school.clocks import day_of, has_come, weeks_after
from mbls_rules_school.levels import reaches
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

CONTACTED = "home-contacted"


@rule(id="STG-13", cites="Appendix A, 12", title="an open case: stay in touch with home")
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    if not steps(history, policy, *SUPPORT) or not reaches(pupil, history, policy):
        return
    last = last_step(history, policy, *SUPPORT, MONITORED, "case-monitored", CONTACTED)
    due = None if last is None else weeks_after(last, policy.count("stage.contact_weeks"), calendar, policy)
    if last is None or due is None or not has_come(due, now, calendar):
        return
    if settled_since(history, policy, calendar):
        return
    yield RaiseTask(
        kind="stay-in-touch",
        title="Talk with home: the case is open and nothing was recorded of late",
        why=f"The last step of this case was on {said_day(day_of(last, calendar))}.",
        due=day_ends(due, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=f"{history.episode()} {day_of(last, calendar).isoformat()}",
        steps=("Ask how it is going, and say what has gone well.", "Agree what comes next, or close the case."),
        done_as=CONTACTED,
        facts=attendance_facts(history),
    )
