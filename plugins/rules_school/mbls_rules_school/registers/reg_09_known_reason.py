"""An absence whose reason home has told gets the code that the reason calls for.

Attendance policy 2023, Attendance register. The dated table of reasons and codes answers CLS-01 to CLS-13;
where it has no answer, or where a person has the last word, that person is asked. What was agreed beforehand is
LOA-09 and LOA-13.
"""

from collections.abc import Iterable

from mbls_rules_school.absences import is_waiting, leads_the_day
from mbls_rules_school.reasons import Reason, known_reason
from mbls_rules_school.safeguarding import ranked
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    History,
    PolicyAt,
    Proposal,
    Pupil,
    PupilSession,
    RaiseTask,
    Rank,
    SetCode,
    rule,
)


@rule(id="REG-09", cites="Attendance register", title="home told the reason: the code it calls for")
def judge_session(pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt) -> Iterable[Proposal]:
    if not is_waiting(pupil_session, history, policy):
        return
    told = known_reason(pupil_session, history, policy)
    if told is None or not told.text.strip() or told.is_agreed:
        return
    decides = told.decider(policy)
    if told.code is not None and decides is None:
        reason = f"{told.source}: “{told.text.strip()}”"
        yield SetCode(subject=pupil_session, code=told.code, reason=reason)
    elif leads_the_day(pupil_session, history):
        yield _ask(pupil_session, pupil, told, decides, policy)


def _ask(subject: PupilSession, pupil: Pupil, told: Reason, decides: str | None, policy: PolicyAt) -> RaiseTask:
    day = said_day(subject.session.day)
    title = f"Decide whether {told.code} is right for {day}" if decides else f"Decide the code of {day}"
    who = f"{told.code} is for the {decides} to decide" if decides else "no line of the table of reasons fits"
    return RaiseTask(
        kind="decide-code" if decides else "classify-reason",
        title=title,
        why=f"{told.source}: “{told.text.strip()}”; {who}.",
        due=subject.at(policy.time_of_day("office.day_ends")),
        role=decides or policy.text("roles.office"),
        rank=ranked(pupil, subject.session.day, policy, Rank.NOT_CODED),
        pupil=subject.pupil,
        occasion=subject.session.day.isoformat(),
        session=subject.session,
        steps=("Enter the code in the MIS; the task then closes by itself.",),
    )
