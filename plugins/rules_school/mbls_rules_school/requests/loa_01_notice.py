"""A request for leave that comes less than two weeks before its first day is flagged as short.

Attendance policy 2023, Leave of absence. A note beside the request, never a refusal; one that comes after its
first day is LOA-11.
"""

from collections.abc import Iterable

from mbls_rules_school.noticing import short_notice
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


@rule(id="LOA-01", cites="Leave of absence", title="a request at short notice: say so")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    return short_notice(request, pupil, history, policy, calendar, RequestKind.LEAVE, "leave.notice_days")
