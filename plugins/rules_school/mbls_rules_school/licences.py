"""What stands behind a performance: the licence, the days still to decide, its term."""

from datetime import date

from mbls_rules_school.entering import is_licensed
from mbls_rules_school.requesting import kind_of
from mbls_sync.api import LeaveRequest, Licence, PolicyAt, RequestKind


def is_performance(request: LeaveRequest, policy: PolicyAt) -> bool:
    """Whether the request is for a performance or another activity that is licensed."""
    return kind_of(request, policy) is RequestKind.PERFORMANCE


def is_for_the_head(request: LeaveRequest, policy: PolicyAt) -> bool:
    """Whether the head decides each day: a licence without dates, or an exemption where the head looks at one."""
    exempt = request.licence is Licence.EXEMPT and policy.flag("performance.allow_exempt")
    return is_performance(request, policy) and (request.licence is Licence.UNDATED or exempt)


def is_unlicensed(request: LeaveRequest, policy: PolicyAt) -> bool:
    """Whether nothing stands behind a performance by which it could be authorised."""
    if not is_performance(request, policy):
        return False
    return not is_licensed(request) and not is_for_the_head(request, policy)


def term_of(request: LeaveRequest) -> tuple[date, date]:
    """The first and last day of the licence; those of the request where it names none."""
    return request.licence_first or request.first, request.licence_last or request.last
