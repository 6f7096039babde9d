"""The head decides about a day of religious observance: one day that the religious body sets apart is R.

Attendance policy 2023, Religious observance. The law authorises such a day whatever notice was given, so that late
notice is said and is no ground; a further day is leave like any other, and needs an exceptional reason.
"""

from collections.abc import Iterable

from mbls_rules_school.advising import asked_facts, decision_task, notice_fact, record_facts, span_said
from mbls_rules_school.leave import is_pending
from mbls_rules_school.requesting import asked_sessions, kind_of, notice_given
from mbls_sync.api import (
    Facts,
    History,
    LeaveRequest,
    PolicyAt,
    Proposal,
    Pupil,
    RequestKind,
    SchoolCalendar,
    rule,
)


@rule(id="REL-02", cites="Religious observance", title="religious observance: one day set apart is R, the head decides")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    if kind_of(request, policy) is not RequestKind.RELIGIOUS or not is_pending(request, history):
        return
    allowed, days = policy.count("religion.days"), len({s.day for s in asked_sessions(request, history)})
    more = f" The {days - allowed} beyond the first are leave like any other." if days > allowed else ""
    yield from decision_task(
        request,
        pupil,
        policy,
        calendar,
        kind="decide-observance",
        title=f"Decide the day of religious observance, {span_said(request)}",
        why=f"Home asks for {days} school day{'' if days == 1 else 's'} ({request.purpose}).{more}",
        steps=(
            "Would the religious body expect the parents to stay away from work that day? Then it is authorised.",
            "Where you doubt it, ask the religious body first.",
        ),
        facts=(
            *asked_facts(request, history),
            ("Religious body", request.body or "not named"),
            notice_fact(request, policy.days("religion.notice_days"), calendar),
            *_late(request, policy, calendar),
            *record_facts(request, history, policy),
        ),
    )


def _late(request: LeaveRequest, policy: PolicyAt, calendar: SchoolCalendar) -> Facts:
    if notice_given(request, calendar) >= policy.days("religion.notice_days"):
        return ()
    if policy.text("religion.late_notice") == "note":
        return (("Late notice", "a note only: the law authorises the day whatever notice was given"),)
    return (("Late notice", "the school has chosen to hold it against the request; the law does not"),)
