"""A pupil who was expected back and is not here is called about it.

Attendance policy 2023, Absence procedures: home says how long an absence will last.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import (
    answer_due,
    calling_starts,
    expected_back,
    is_second_day,
    is_tried,
    must_be_reached,
    visit_is_due,
)
from mbls_rules_school.contacting import outcomes
from mbls_rules_school.safeguarding import ranked
from mbls_rules_school.wording import said, said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, PupilSession, RaiseTask, Rank, rule


@rule(id="FDC-14", cites="Absence procedures", title="expected back and not here: call home")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    session = pupil_session.session
    if now < calling_starts(pupil_session, policy) or is_tried(history, session.day):
        return
    if not must_be_reached(pupil_session, history, policy, now) or visit_is_due(history, session.day, policy):
        return
    back = expected_back(history, session.day, policy)
    if back is None or not is_second_day(history, session.day, policy):
        return
    yield RaiseTask(
        kind="call-home",
        title=f"Call home: expected back on {said_day(back)}",
        why=f"Home expected the pupil back on {said_day(back)}, and there is no word about {said(session)}.",
        due=answer_due(pupil_session, policy),
        role=policy.text("roles.office"),
        rank=ranked(pupil, session.day, policy, Rank.NO_CONTACT),
        pupil=pupil.id,
        session=session,
        say=policy.text("say.expected_back"),
        steps=("Call or text the first contact, then record what came of it.",),
        done_as="call-home",
        outcomes=outcomes(policy),
    )
