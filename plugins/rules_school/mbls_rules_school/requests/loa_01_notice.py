"""A request for leave that comes less than two weeks before its first day is flagged as short.

Attendance policy 2023, Leave of absence. A note beside the request, never a refusal.
"""

from collections.abc import Iterable

from mbls_rules_school.leave import outcome_of
from mbls_rules_school.requesting import decide_by
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    History,
    LeaveRequest,
    PolicyAt,
    Proposal,
    Pupil,
    RaiseTask,
    Rank,
    RequestOutcome,
    SchoolCalendar,
    rule,
)


@rule(id="LOA-01", cites="Leave of absence", title="a request at short notice: say so")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    came = request.received_at.astimezone(calendar.zone).date()
    notice, wanted = (request.first - came).days, policy.days("leave.notice_days")
    if notice >= wanted or outcome_of(request, history) is not RequestOutcome.PENDING:
        return
    yield RaiseTask(
        kind="leave-short-notice",
        title=f"Tell home that the notice is short: leave from {said_day(request.first)}",
        why=f"It came on {said_day(came)}, {max(notice, 0)} days before its first day; {wanted} are asked for.",
        due=decide_by(request, pupil, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=request.key,
        steps=("Ask whether there is a reason for the short notice, and tell the head.",),
        done_as="short-notice-told",
    )
