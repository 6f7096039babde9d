"""Where the first contact does not answer, an e-mail goes out and the other emergency contacts are called.

Attendance policy 2023, Absence procedures. So it is where the pupil was said to be on the way and has not come.
Where the silence has come to a visit, FDC-09 has every contact called.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import answer_due, must_be_reached, visit_is_due
from mbls_rules_school.contacting import attempts_on, is_silent, outcomes
from mbls_rules_school.safeguarding import ranked
from mbls_sync.api import History, Period, PolicyAt, Proposal, Pupil, PupilSession, RaiseTask, Rank, rule


@rule(id="FDC-04", cites="Absence procedures", title="no answer: e-mail, and call the other contacts")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    session = pupil_session.session
    calls = attempts_on(history, session.day, "call-home")
    if not calls or attempts_on(history, session.day, "call-others"):
        return
    if not is_silent(calls[-1], policy) or not must_be_reached(pupil_session, history, policy, now):
        return
    if visit_is_due(history, session.day, policy):
        return
    tried = calls[-1].at.astimezone(pupil_session.zone)
    morning = session.period is Period.AM
    yield RaiseTask(
        kind="call-others",
        title="Write an e-mail and call the other contacts",
        why=f"The call at {tried:%H:%M} ended with “{calls[-1].outcome}”, and the absence is still unexplained.",
        due=answer_due(pupil_session, policy),
        role=policy.text("roles.office"),
        drafts=("first-day-email",),
        rank=ranked(pupil, session.day, policy, Rank.NO_CONTACT),
        pupil=pupil.id,
        session=session,
        say=policy.text("say.first_day" if morning else "say.afternoon"),
        steps=(
            "Send the e-mail.",
            "Call each further contact in order.",
            "Record what came of it.",
        ),
        done_as="call-others",
        outcomes=outcomes(policy),
    )
