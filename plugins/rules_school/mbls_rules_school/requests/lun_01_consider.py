"""A written request to leave at lunch time is considered, and the parent is invited to talk it over.

Attendance policy 2023, Leave during lunch times. Nothing is decided before that talk.
"""

from collections.abc import Iterable

from mbls_rules_school.lunch import DECIDED, GRANTED, MET, REFUSED, State, is_lunch, permission
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
    SchoolCalendar,
    rule,
)

TALK = (
    "Invite the parent to the school.",
    "Talk over any concerns, the timely return at the end of lunch, and behaviour off the site.",
)


@rule(id="LUN-01", cites="Leave during lunch times", title="a request to leave at lunch: meet the parent, then decide")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    if not is_lunch(request, policy) or request.last < history.until.day:
        return
    state = permission(request, history).state
    if state not in (State.ASKED, State.TALKED_OVER):
        return
    to_decide = state is State.TALKED_OVER
    yield RaiseTask(
        kind="decide-lunch" if to_decide else "meet-about-lunch",
        title=f"Decide the request to leave at lunch time from {said_day(request.first)}"
        if to_decide
        else "Meet the parent about leaving at lunch time",
        why=f"Home asks in writing ({request.reason or request.purpose})"
        + ("; the parent has been met." if to_decide else "."),
        due=decide_by(request, pupil, calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=request.key,
        steps=("Home is told in writing; the draft follows the decision.",) if to_decide else TALK,
        facts=(("Purpose", request.purpose), ("Reason given", request.reason or "none")),
        done_as=DECIDED if to_decide else MET,
        outcomes=(GRANTED, REFUSED) if to_decide else (),
        about=request.key,
    )
