"""A pupil absent when the register closes, with no message, is called about that day.

Attendance policy 2023, Absence procedures. This is the first day of an absence; FDC-13 and FDC-14 have the
days after it.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import answer_due, calling_starts, is_second_day, is_tried, must_be_reached
from mbls_rules_school.contacting import outcomes
from mbls_rules_school.lunch import permitted_on
from mbls_rules_school.safeguarding import ranked
from mbls_rules_school.wording import said
from mbls_sync.api import History, Period, PolicyAt, Proposal, Pupil, PupilSession, RaiseTask, Rank, rule


@rule(id="FDC-03", cites="Absence procedures", title="absent without a message: call home")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    session, starts = pupil_session.session, calling_starts(pupil_session, policy)
    if now < starts or not must_be_reached(pupil_session, history, policy, now):
        return
    if is_tried(history, session.day) or is_second_day(history, session.day, policy):
        return
    morning = session.period is Period.AM
    if not morning and permitted_on(history, session.day, policy) is not None:
        return  # LUN-04 asks at once.
    yield RaiseTask(
        kind="call-home",
        title="Call home: absent without a message",
        why=f"{_mark(pupil_session)} ({said(session)}), and no message from home by {starts:%H:%M}.",
        due=answer_due(pupil_session, policy),
        role=policy.text("roles.office"),
        drafts=("first-day-text",),
        rank=ranked(pupil, session.day, policy, Rank.NO_CONTACT),
        pupil=pupil.id,
        session=session,
        say=policy.text("say.first_day" if morning else "say.afternoon"),
        steps=("Call or text the first contact, then record what came of it.",),
        done_as="call-home",
        outcomes=outcomes(policy),
    )


def _mark(subject: PupilSession) -> str:
    return f"Marked {subject.code}" if subject.code else "No mark"
