"""Leave that was granted says what is exceptional about it; until then the grant is not complete.

Attendance policy 2023, Leave of absence. No answer is drafted and no code entered before the reason is there. Days
that cannot be read are asked for again here too.
"""

from collections.abc import Iterable

from mbls_rules_school.leave import REASON_RECORDED, decided, names
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


@rule(id="LOA-03", cites="Leave of absence", title="leave was granted: record what is exceptional")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    found = decided(request, history)
    unreasoned = kind_of(request, policy) is RequestKind.LEAVE and found.sessions and not found.reason
    if not (unreasoned or found.unreadable):
        return
    # An answer without words leaves the question open, and is asked again.
    tries = sum(names(event, request) for event in history.events_of(REASON_RECORDED, since=request.received_at))
    yield RaiseTask(
        kind="complete-leave-decision",
        title=f"Record what is exceptional about the leave from {said_day(request.first)}"
        if unreasoned
        else f"Record again the decision about leave from {said_day(request.first)}",
        why="The leave was granted without a reason; until it is there, no answer is drafted and no code entered."
        if unreasoned
        else f"The decision “{found.unreadable[-1]}” cannot be read, so nothing was decided by it.",
        due=decide_by(request, pupil, calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=f"{request.key} {tries} {len(found.unreadable)}",
        steps=("Record it with --note and the reason in a sentence.",)
        if unreasoned
        else (
            f"Record it once more: mbls-sync events record leave-granted --upn {pupil.id} --ref {request.first} "
            "--note WHY, or leave-refused; for some days only with --outcome 2026-12-10, or 2026-12-10..2026-12-11 AM.",
        ),
        done_as=REASON_RECORDED if unreasoned else "",
        about=request.key if unreasoned else "",
    )
