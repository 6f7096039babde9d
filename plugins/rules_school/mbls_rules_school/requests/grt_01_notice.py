"""A request for leave to travel for work that comes less than two weeks before it is flagged as short.

Attendance policy 2023, Gypsy, Roma and Traveller absence. A note beside the request: late
notice is no ground to refuse it.
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


@rule(id="GRT-01", cites="Gypsy, Roma and Traveller absence", title="travel for work at short notice: say so")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    return short_notice(request, pupil, history, policy, calendar, RequestKind.TRAVEL, "travel.notice_days")
