"""An absence for which leave was refused, or asked for after it began, is put forward as unauthorised.

Attendance policy 2023, Leave of absence. G for a holiday, else O, only over N and only with a person's signature.
The head is told how near the pupil is to the threshold of a penalty notice (PN-01); nothing follows by itself.
"""

from collections.abc import Iterable

from mbls_rules_school.not_granted import Why, WithoutLeave, without_leave
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    UNEXPLAINED_CODE,
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


@rule(id="LOA-10", cites="Leave of absence", title="away without the leave that was asked for: G or O, for sign-off")
def judge_session(pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt) -> Iterable[Proposal]:
    if pupil_session.code != UNEXPLAINED_CODE or not pupil_session.expected:
        return
    found = without_leave(pupil_session.session, history, policy)
    if found is None or found.why is Why.OVERSTAYED:
        return
    reason = f"{found.why} ({found.request.purpose}); the {policy.text('roles.attendance_officer')} signs it off"
    yield SetCode(subject=pupil_session, code=found.code, reason=reason, sign_off=True)
    yield _tell_the_head(pupil_session, pupil, found, history, policy)


def _tell_the_head(
    subject: PupilSession, pupil: Pupil, found: WithoutLeave, history: History, policy: PolicyAt
) -> RaiseTask:
    counted = history.figures.unauthorised_10_weeks
    known = policy.is_in_force("penalty_notice.sessions") and pupil.is_compulsory_school_age(subject.session.day)
    threshold = f" of the {policy.count('penalty_notice.sessions')} at which a notice is considered" if known else ""
    return RaiseTask(
        kind="leave-taken-all-the-same",
        title=f"Away without leave: the request from {said_day(found.request.first)}",
        why=f"The pupil is away and {found.why}.",
        due=subject.at(policy.time_of_day("office.day_ends")),
        role=policy.text("roles.head"),
        rank=Rank.FOLLOW_UP,
        pupil=pupil.id,
        occasion=found.request.key,
        steps=(
            "Ask home first: a child who fell ill, or a journey that was cut off, is another matter.",
            "Sign the code off, or enter the right one; a penalty notice is weighed on its own sheet.",
        ),
        facts=(
            ("Purpose", found.request.purpose),
            ("Code put forward", found.code),
            (
                "Unauthorised in the school weeks that count",
                f"{counted} session{'' if counted == 1 else 's'}{threshold}",
            ),
        ),
    )
