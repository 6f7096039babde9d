"""A request for leave by a pupil with unauthorised absence this year carries that ground against it.

Attendance policy 2023, Leave of absence. It advises the head and refuses nothing: the policy also promises that
no request is denied without good reason.
"""

from collections.abc import Iterable

from mbls_rules_school.leave import outcome_of
from mbls_rules_school.requesting import decide_by
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    AcademicYear,
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


@rule(id="LOA-06", cites="Leave of absence", title="a request beside unauthorised absence: a ground to weigh")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    if outcome_of(request, history) is not RequestOutcome.PENDING:
        return
    year = AcademicYear.of(request.received_at.astimezone(calendar.zone).date())
    found = history.counts(year.first, history.until.day).unauthorised
    if found < policy.count("leave.unauthorised_sessions"):
        return
    yield RaiseTask(
        kind="leave-ground",
        title=f"Weigh a ground against the leave from {said_day(request.first)}",
        why=f"The record of {year} holds {found} unauthorised session{'' if found == 1 else 's'}.",
        due=decide_by(request, pupil, calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=request.key,
        steps=("Look at what these sessions were; the decision stays with you.",),
        facts=(("Unauthorised absence", f"{found} sessions"), ("Purpose", request.purpose)),
        done_as="leave-ground-weighed",
    )
