"""With no answer from anybody by noon of the first day, the attendance officer is told and assesses the risk.

Attendance policy 2023, Absence procedures. A parent who did not know of the absence is no answer: the risk is
assessed at once.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import must_be_reached, visit_is_due
from mbls_rules_school.contacting import attempts_on, is_alarmed, is_silent
from mbls_rules_school.safeguarding import ranked
from mbls_rules_school.wording import said
from mbls_sync.api import History, Period, PolicyAt, Proposal, Pupil, PupilSession, RaiseTask, Rank, rule

ASSESSED = "risk-assessed"
VISIT = "Consider a home visit today by two members of staff, one of them a senior leader."
STEPS = (
    "Look at what is known of the pupil: flags, siblings, the last days.",
    "Consider the multi-agency safeguarding hub, and the police for a welfare visit.",
    "Record what was decided and why.",
)


@rule(id="FDC-05", cites="Absence procedures", title="nobody reached by noon: assess the risk")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    session, day = pupil_session.session, pupil_session.session.day
    if not must_be_reached(pupil_session, history, policy, now) or attempts_on(history, day, ASSESSED):
        return
    alarm = is_alarmed(history, day, policy)
    escalates = pupil_session.at(policy.time_of_day("first_day_calling.escalate_at"))
    late = now >= escalates if session.period is Period.AM else _others_are_silent(history, pupil_session, policy)
    if not alarm and (not late or visit_is_due(history, day, policy)):
        return
    since = "home did not know of it" if alarm else f"nobody was reached by {escalates:%H:%M}"
    if session.period is Period.PM and not alarm:
        since = "nobody was reached"
    yield RaiseTask(
        kind="assess-risk",
        title="Assess the risk: nobody knows where the pupil is",
        why=f"Absent without a reason ({said(session)}), and {since}.",
        due=pupil_session.at(policy.time_of_day("office.day_ends")),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.SAFEGUARDING if alarm else ranked(pupil, day, policy, Rank.NO_CONTACT),
        pupil=pupil.id,
        occasion=day.isoformat(),
        session=session,
        steps=(STEPS[0], *((VISIT,) if policy.flag("home_visit.day_one") else ()), *STEPS[1:]),
        done_as=ASSESSED,
    )


def _others_are_silent(history: History, subject: PupilSession, policy: PolicyAt) -> bool:
    tried = attempts_on(history, subject.session.day, "call-others")
    return bool(tried) and is_silent(tried[-1], policy)
