"""Leave that was asked for after it began is not given; home is told, and an emergency goes to the head.

Attendance policy 2023, Leave of absence. The school grants nothing in retrospect; the policy also counts a family
emergency as authorised, so that the head looks at one whenever it was told. A session in which the pupil was in school
all the same is no matter.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.answering import SENT, is_told
from mbls_rules_school.arriving import on_site_codes
from mbls_rules_school.leave import DECIDED, OUTCOMES, decided, is_withdrawn
from mbls_rules_school.leave_days import said_days, written_days
from mbls_rules_school.not_granted import WEIGHED
from mbls_rules_school.requesting import asked_sessions, is_emergency, is_too_late_for, kind_of
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    DraftLetter,
    History,
    LeaveRequest,
    PolicyAt,
    Proposal,
    Pupil,
    RaiseTask,
    Rank,
    RequestKind,
    RequestOutcome,
    SchoolCalendar,
    Session,
    rule,
)


@rule(id="LOA-11", cites="Leave of absence", title="leave asked for after it began: tell home, or the head")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    kind = kind_of(request, policy)
    if kind not in WEIGHED or kind is RequestKind.RELIGIOUS or is_withdrawn(request, history):
        return
    here = on_site_codes(policy)
    away = [session for session in asked_sessions(request, history) if history.code(session) not in here]
    late = [session for session in away if is_too_late_for(session, request, history, policy)]
    if not late:
        return
    due = day_ends(request.received_at.astimezone(calendar.zone).date(), calendar, policy)
    if is_emergency(request, policy):
        if decided(request, history).outcome is RequestOutcome.PENDING:
            yield _review(request, pupil, late, due, policy)
    elif not is_told(SENT, request, history, request.received_at):
        yield _tell_home(request, pupil, late, due, policy)


def _review(request: LeaveRequest, pupil: Pupil, late: list[Session], due: datetime, policy: PolicyAt) -> RaiseTask:
    return RaiseTask(
        kind="review-emergency",
        title=f"Look at an emergency told afterwards: leave from {said_day(request.first)}",
        why=f"Home asks after {said_days(late)} had begun ({request.purpose}); an emergency may still be authorised.",
        due=due,
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=request.key,
        steps=("Speak to home with care, then grant or refuse, and record why.",),
        done_as=DECIDED,
        outcomes=OUTCOMES,
        facts=(("Purpose", request.purpose), ("Reason given", request.reason or "none")),
        about=request.key,
    )


def _tell_home(
    request: LeaveRequest, pupil: Pupil, late: list[Session], due: datetime, policy: PolicyAt
) -> DraftLetter:
    return DraftLetter(
        answers=True,
        template="leave-asked-too-late",
        pupil=pupil.id,
        role=policy.text("roles.head"),
        occasion=f"{request.key} late",
        title="Tell home that leave cannot be given afterwards",
        why=f"The request came after {said_days(late)} had begun.",
        due=due,
        sent_as=SENT,
        facts=(("Purpose", request.purpose), ("Days asked too late", written_days(late))),
    )
