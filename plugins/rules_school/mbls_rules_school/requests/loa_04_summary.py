"""The head decides a request for leave with the pupil's record in view.

Attendance policy 2023, Leave of absence. The decision is the head's alone, and is recorded as an event.
"""

from collections.abc import Iterable

from mbls_rules_school.leave import GRANTED, REFUSED, outcome_of
from mbls_rules_school.requesting import decide_by
from mbls_rules_school.wording import attendance_facts, attendance_said, said_day
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


@rule(id="LOA-04", cites="Leave of absence", title="a request for leave: decide it with the record in view")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    if outcome_of(request, history) is not RequestOutcome.PENDING:
        return
    days = calendar.school_days_between(request.first, request.last)
    before = [other for other in history.requests if other.received_at < request.received_at]
    yield RaiseTask(
        kind="decide-leave",
        title=f"Decide the request for leave from {said_day(request.first)} to {said_day(request.last)}",
        why=f"Home asks for {days} school days ({request.purpose}); attendance this year is "
        f"{attendance_said(history.figures)}.",
        due=decide_by(request, pupil, calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=request.key,
        steps=(
            "Weigh whether the circumstances are exceptional, and write down why or why not.",
            f"Record {GRANTED} or {REFUSED} for the pupil, and answer home in writing.",
        ),
        facts=(
            ("Purpose", request.purpose),
            ("Reason given", request.reason),
            *attendance_facts(history),
            ("Requests before", str(len(before))),
        ),
    )
