"""Where it is in doubt whether a day is set apart, the religious body is asked.

Attendance policy 2023, Religious observance. In doubt means: no body is named, or somebody has recorded a doubt.
"""

from collections.abc import Iterable

from mbls_rules_school.leave import is_pending, names
from mbls_rules_school.requesting import decide_by, kind_of
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    History,
    LeaveRequest,
    PolicyAt,
    Proposal,
    Pupil,
    RaiseTask,
    Rank,
    RequestKind,
    SchoolCalendar,
    rule,
)

ASKED, DOUBTED = "religious-body-asked", "observance-doubted"


@rule(id="REL-03", cites="Religious observance", title="in doubt about a day of observance: ask the religious body")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    if kind_of(request, policy) is not RequestKind.RELIGIOUS or not is_pending(request, history):
        return
    steps = {kind: _has(kind, request, history) for kind in (ASKED, DOUBTED)}
    if steps[ASKED] or not (steps[DOUBTED] or not request.body):
        return
    yield RaiseTask(
        kind="ask-religious-body",
        title=f"Ask the religious body about {said_day(request.first)}",
        why="Somebody doubts that the day is set apart." if steps[DOUBTED] else "No religious body is named.",
        due=decide_by(request, pupil, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=request.key,
        steps=("Ask home which body sets the day apart, and the body whether it does.", "Tell the head the answer."),
        facts=(("Purpose", request.purpose), ("Religious body", request.body or "not named")),
        done_as=ASKED,
        about=request.key,
    )


def _has(kind: str, request: LeaveRequest, history: History) -> bool:
    return any(names(event, request) for event in history.events_of(kind, since=request.received_at))
