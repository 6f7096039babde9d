"""A performance is not authorised without a licence; whether one is needed at all is asked first.

Attendance policy 2023, Performances and activities. The law knows performances that need no licence (Children and
Young Persons Act 1963, section 37(3)), so that a claim of it goes to the head (PER-03).
"""

from collections.abc import Iterable

from mbls_rules_school.leave import is_pending
from mbls_rules_school.licences import is_unlicensed
from mbls_rules_school.requesting import decide_by
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    History,
    LeaveRequest,
    Licence,
    PolicyAt,
    Proposal,
    Pupil,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
)


@rule(id="PER-01", cites="Performances and activities", title="a performance without a licence: do not authorise yet")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    if not is_unlicensed(request, policy) or not is_pending(request, history):
        return
    numberless = request.licence is Licence.DATED
    yield RaiseTask(
        kind="ask-for-licence",
        title=f"See the licence for the performance from {said_day(request.first)}",
        why="The licence is said to name its dates, and its number is missing."
        if numberless
        else "No licence is on record; without one the absence is not authorised.",
        due=decide_by(request, pupil, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=request.key,
        steps=(
            "Ask for the licence and its number, or whether home says that none is needed and why.",
            "Enter it with the request: dated, undated, exempt or none. The head refuses where there is none.",
        ),
        facts=(("Purpose", request.purpose), ("Reason given", request.reason or "none")),
    )
