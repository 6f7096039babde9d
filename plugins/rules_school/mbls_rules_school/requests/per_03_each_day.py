"""Under a licence without dates the head decides each day, and not below the floor of attendance.

Attendance policy 2023, Performances and activities. The floor (PER-04) is held against each day with the days before
it; a licence that names its dates is not held to it unless the head has so decided.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from mbls_rules_school.advising import asked_facts, decision_task, record_facts, span_said
from mbls_rules_school.entering import is_licensed
from mbls_rules_school.leave import decided, is_pending, undecided
from mbls_rules_school.licences import is_for_the_head, is_performance
from mbls_rules_school.projecting import after, is_below
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    Facts,
    History,
    LeaveRequest,
    Licence,
    PolicyAt,
    Proposal,
    Pupil,
    SchoolCalendar,
    rule,
    shown,
)


@rule(id="PER-03", cites="Performances and activities", title="a licence without dates: the head decides each day")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    if not _is_the_heads(request, policy) or not is_pending(request, history):
        return
    days, floor = list(_days(request, history, policy)), policy.percent("performance.floor_percent")
    below = [label for label, _, is_under in days if is_under]
    lines: Facts = tuple((label, text) for label, text, _ in days)
    exempt = request.licence is Licence.EXEMPT
    yield from decision_task(
        request,
        pupil,
        policy,
        calendar,
        kind="decide-performance",
        title=f"Decide each day of the performance, {span_said(request)}",
        why=("Home says that no licence is needed. " if exempt else "The licence names no dates. ")
        + (f"Below {floor}%, and not to be authorised: {', '.join(below)}." if below else f"No day is below {floor}%."),
        steps=(
            "Look at the licence, or at why none is needed.",
            f"Authorise no day that would bring attendance below {floor}%.",
        ),
        facts=(
            *asked_facts(request, history),
            ("Licence", f"{request.licence or 'none'} {request.licence_number}".strip()),
            *lines,
            *record_facts(request, history, policy),
        ),
    )


def _is_the_heads(request: LeaveRequest, policy: PolicyAt) -> bool:
    all_held = policy.text("performance.floor_scope") == "all" and is_licensed(request)
    return is_for_the_head(request, policy) or (is_performance(request, policy) and all_held)


def _days(request: LeaveRequest, history: History, policy: PolicyAt) -> Iterator[tuple[str, str, bool]]:
    """Each day still to decide, what attendance will be after it, and whether that is below the floor."""
    floor, waiting = Fraction(policy.percent("performance.floor_percent")), undecided(request, history)
    missed = {*waiting, *decided(request, history).sessions}
    for day in sorted({session.day for session in waiting if session > history.until}):
        then = after(history, day, [session for session in missed if session.day <= day])
        under = is_below(then, floor)
        share = f"{shown(then.if_all_else_is_attended)}% after it"
        yield said_day(day), f"{share}: below the floor, do not authorise" if under else share, under
