"""A pupil still away on a further day, with no fresh message, is called about that day too.

Attendance policy 2023, Roles and responsibilities (parents): home reports each further day. Where the silence
has come to a visit, FDC-09 makes the call; where home had named a day of return, FDC-14 does.
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
from mbls_rules_school.wording import said
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, PupilSession, RaiseTask, Rank, rule


@rule(id="FDC-13", cites="Roles and responsibilities", title="away a further day without a fresh message: call home")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    session, starts = pupil_session.session, calling_starts(pupil_session, policy)
    if now < starts or not must_be_reached(pupil_session, history, policy, now) or is_tried(history, session.day):
        return
    if not is_second_day(history, session.day, policy) or visit_is_due(history, session.day, policy):
        return
    if expected_back(history, session.day, policy) is not None:
        return
    yield RaiseTask(
        kind="call-home",
        title="Call home: still away, and no message today",
        why=f"Away since before today, and no message about {said(session)} by {starts:%H:%M}.",
        due=answer_due(pupil_session, policy),
        role=policy.text("roles.office"),
        rank=ranked(pupil, session.day, policy, Rank.NO_CONTACT),
        pupil=pupil.id,
        session=session,
        say=policy.text("say.further_day"),
        steps=("Call or text the first contact, then record what came of it.",),
        done_as="call-home",
        outcomes=outcomes(policy),
    )
