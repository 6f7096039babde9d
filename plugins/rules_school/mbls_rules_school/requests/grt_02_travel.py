"""The head decides about leave for a child whose parent travels for work: T where the travel is occupational.

Attendance policy 2023, Gypsy, Roma and Traveller absence. The test is the parent's trade and the travel, never who
the family is. The policy's sentence about notice contradicts itself; both readings stand on the sheet.
"""

from collections.abc import Iterable

from mbls_rules_school.advising import asked_facts, decision_task, notice_fact, record_facts, span_said
from mbls_rules_school.entering import BELOW_AGE
from mbls_rules_school.leave import is_pending
from mbls_rules_school.requesting import asked_sessions, kind_of
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

READINGS = {
    "unless_notified": "authorised where asked for in advance; occupational travel is weighed whatever the notice",
    "literal": "read literally, the policy authorises none of which notice was given; the head may still decide",
}


@rule(id="GRT-02", cites="Gypsy, Roma and Traveller absence", title="a parent travels for work: T, the head decides")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    if kind_of(request, policy) is not RequestKind.TRAVEL or not is_pending(request, history):
        return
    days = len({session.day for session in asked_sessions(request, history)})
    of_age = pupil.is_compulsory_school_age(request.first)
    line = RequestKind.TRAVEL.value if of_age else BELOW_AGE
    yield from decision_task(
        request,
        pupil,
        policy,
        calendar,
        kind="decide-travel",
        title=f"Decide the leave for travel, {span_said(request)}",
        why=f"Home asks for {days} school day{'' if days == 1 else 's'} because a parent travels for work.",
        steps=(
            "Is the travel for the parent's trade or business? Do not ask for proof as a matter of course.",
            "Ask where the child will go to school meanwhile, and offer to keep the place.",
        ),
        facts=(
            *asked_facts(request, history),
            notice_fact(request, policy.days("travel.notice_days"), calendar),
            ("The policy on notice", READINGS[policy.text("travel.reading")]),
            ("Code if granted", policy.on(request.first).table("leave.codes")[line]),
            *record_facts(request, history, policy),
        ),
    )
