"""A pupil who performs does not fall behind: how lessons are made good is arranged, and the LA approves it.

Attendance policy 2023, Performances and activities.
"""

from collections.abc import Iterable

from mbls_rules_school.leave import decided, names
from mbls_rules_school.licences import is_performance, is_unlicensed
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

ARRANGED = "catch-up-arranged"


@rule(id="PER-06", cites="Performances and activities", title="a performance: arrange how lessons are made good")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    if not is_performance(request, policy) or is_unlicensed(request, policy) or request.last < history.until.day:
        return
    refused = decided(request, history).outcome in (RequestOutcome.REFUSED, RequestOutcome.WITHDRAWN)
    arranged = any(names(event, request) for event in history.events_of(ARRANGED, since=request.received_at))
    if refused or arranged:
        return
    yield RaiseTask(
        kind="arrange-catch-up",
        title=f"Arrange how lessons are made good: performance from {said_day(request.first)}",
        why="The pupil misses school for a performance, and no arrangement is on record.",
        due=decide_by(request, pupil, calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=request.key,
        steps=("Agree it with home, which may mean private teaching.", "Have the LA approve it, and note its answer."),
        done_as=ARRANGED,
        about=request.key,
    )
