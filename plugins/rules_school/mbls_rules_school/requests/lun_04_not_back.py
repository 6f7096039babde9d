"""A pupil who may leave at lunch time and is not back for the afternoon register is asked after at once.

Attendance policy 2023, Leave during lunch times. It takes the place of the afternoon's first call (FDC-03) for the
rest of the day; further calls go on from it.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import is_tried, must_be_reached
from mbls_rules_school.contacting import outcomes
from mbls_rules_school.lunch import permitted_on
from mbls_rules_school.safeguarding import ranked
from mbls_rules_school.times import marked_by
from mbls_rules_school.wording import said
from mbls_sync.api import History, Period, PolicyAt, Proposal, Pupil, PupilSession, RaiseTask, Rank, rule


@rule(id="LUN-04", cites="Leave during lunch times", title="not back after lunch: call home")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    session, opens = pupil_session.session, marked_by(pupil_session, policy)
    if session.period is not Period.PM or now < opens or not must_be_reached(pupil_session, history, policy, now):
        return
    if permitted_on(history, session.day, policy) is None or is_tried(history, session.day):
        return
    yield RaiseTask(
        kind="call-home",
        title="Call home: not back after lunch",
        why=f"The pupil may leave at lunch time, was in school in the morning and has no mark ({said(session)}).",
        due=pupil_session.at(policy.time_of_day("office.day_ends")),
        role=policy.text("roles.office"),
        rank=ranked(pupil, session.day, policy, Rank.NO_CONTACT),
        pupil=pupil.id,
        session=session,
        say=policy.text("say.afternoon"),
        steps=("Call the first contact, then record what came of it.",),
        done_as="call-home",
        outcomes=outcomes(policy),
    )
