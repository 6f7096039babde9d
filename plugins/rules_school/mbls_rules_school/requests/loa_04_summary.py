"""The head decides a request for leave with the pupil's record and the policy's grounds in view.

Attendance policy 2023, Leave of absence. It advises and never decides: the policy has grounds on which leave is
not given, and promises that no request is denied without good reason. The grounds are those of LOA-05 to LOA-08.
"""

from collections.abc import Iterable

from mbls_rules_school.advising import GROUNDS_ADVISE, asked_facts, decision_task, notice_fact, record_facts, span_said
from mbls_rules_school.grounds import grounds, stand_against
from mbls_rules_school.leave import is_pending
from mbls_rules_school.requesting import asked_sessions, is_wholly_too_late, kind_of
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import (
    History,
    LeaveRequest,
    PolicyAt,
    Proposal,
    Pupil,
    RequestKind,
    SchoolCalendar,
    rule,
)


@rule(id="LOA-04", cites="Leave of absence", title="a request for leave: decide it with the record in view")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    if kind_of(request, policy) is not RequestKind.LEAVE or not is_pending(request, history):
        return
    if is_wholly_too_late(request, history, policy):
        return  # Nothing is left to decide; LOA-11 tells home.
    found = grounds(request, history, policy, calendar)
    against = stand_against(found)
    days = len({session.day for session in asked_sessions(request, history)})
    yield from decision_task(
        request,
        pupil,
        policy,
        calendar,
        kind="decide-leave",
        title=f"Decide the request for leave, {span_said(request)}",
        why=f"Home asks for {days} school day{'' if days == 1 else 's'} ({request.purpose}); attendance this year is "
        f"{attendance_said(history.figures)}. Grounds of the policy against it: {', '.join(against) or 'none'}.",
        steps=("Weigh whether the circumstances are exceptional, and record why or why not: a grant needs it.",),
        facts=(
            ("Grounds against", ", ".join(against) or "none of the policy's"),
            *asked_facts(request, history),
            notice_fact(request, policy.days("leave.notice_days"), calendar),
            *(ground.fact for ground in found),
            *record_facts(request, history, policy),
            GROUNDS_ADVISE,
        ),
    )
