"""An unexplained absence of a pupil with a social worker or a youth offending worker is told to them the same day.

Working together to improve school attendance (statutory since August 2024). It is asked for when the first attempt
to reach home came to nothing, and at the latest when the office escalates.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import leads_the_day, must_be_reached
from mbls_rules_school.contacting import attempts_on
from mbls_rules_school.safeguarding import is_watched
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said
from mbls_sync.api import (
    History,
    PolicyAt,
    Proposal,
    Pupil,
    PupilSession,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
)

TOLD = "worker-told"


@rule(
    id="FDC-18",
    cites="Working together to improve school attendance",
    title="unexplained, and somebody outside the school is responsible: tell them today",
)
def judge_session(
    pupil_session: PupilSession,
    pupil: Pupil,
    history: History,
    policy: PolicyAt,
    calendar: SchoolCalendar,
    now: datetime,
) -> Iterable[Proposal]:
    day = pupil_session.session.day
    if not is_watched(pupil, day, policy) or not must_be_reached(pupil_session, history, policy, now):
        return
    if not leads_the_day(pupil_session, history) or attempts_on(history, day, TOLD):
        return
    if not attempts_on(history, day) and now < pupil_session.at(policy.time_of_day("first_day_calling.escalate_at")):
        return
    yield RaiseTask(
        kind="tell-worker",
        title="Tell the pupil's social worker or youth offending worker today",
        why=f"Absent without a reason ({said(pupil_session.session)}), and home has not explained it.",
        due=day_ends(day, calendar, policy),
        role=policy.text("roles.designated_safeguarding_lead"),
        rank=Rank.SAFEGUARDING,
        pupil=pupil.id,
        occasion=day.isoformat(),
        session=pupil_session.session,
        steps=("Tell them what is known and what was tried.", "Record whom you told."),
        done_as=TOLD,
    )
