"""A request for religious observance that comes less than two weeks before it is flagged as short.

Attendance policy 2023, Religious observance. A note beside the request: late notice is no ground to refuse it.
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


@rule(id="REL-01", cites="Religious observance", title="religious observance at short notice: say so")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    return short_notice(request, pupil, history, policy, calendar, RequestKind.RELIGIOUS, "religion.notice_days")
