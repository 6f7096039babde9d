"""What the head decided about leave is answered in writing; there is no appeal.

Attendance policy 2023, Authorising parental absence requests. The answer is a draft for the head, once for each
decision. Where the head has chosen that the policy's grounds refuse by themselves, the refusal is drafted at once,
and still only the head sends it.
"""

from collections.abc import Iterable

from mbls_rules_school.answering import SENT, answer, is_told, refusal_by_grounds
from mbls_rules_school.grounds import grounds, stand_against
from mbls_rules_school.leave import decided
from mbls_rules_school.requesting import kind_of
from mbls_sync.api import (
    History,
    LeaveRequest,
    PolicyAt,
    Proposal,
    Pupil,
    RequestKind,
    RequestOutcome,
    SchoolCalendar,
    rule,
)


@rule(id="LOA-02", cites="Authorising parental absence requests", title="the head has decided: answer home in writing")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    kind, found = kind_of(request, policy), decided(request, history)
    if kind in (RequestKind.APPOINTMENT, RequestKind.LUNCH) or found.outcome is RequestOutcome.WITHDRAWN:
        return
    if found.last is not None and not is_told(SENT, request, history, found.last.at):
        # A grant is complete only with the reason that makes it exceptional (LOA-03).
        if kind is not RequestKind.LEAVE or found.outcome is RequestOutcome.REFUSED or found.reason:
            yield answer(request, pupil, history, policy, calendar)
    elif found.last is None and kind is RequestKind.LEAVE and policy.flag("leave.auto_refuse"):
        against = stand_against(grounds(request, history, policy, calendar))
        if against:
            yield refusal_by_grounds(request, pupil, history, policy, calendar, against)
