"""A request that came later than the policy asks: home is told, and nothing is refused for it."""

from collections.abc import Iterator

from mbls_rules_school.leave import is_pending
from mbls_rules_school.requesting import decide_by, is_too_late_for, kind_of, notice_given
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, LeaveRequest, PolicyAt, Pupil, RaiseTask, Rank, RequestKind, SchoolCalendar, Session


def short_notice(
    request: LeaveRequest,
    pupil: Pupil,
    history: History,
    policy: PolicyAt,
    calendar: SchoolCalendar,
    kind: RequestKind,
    days: str,
) -> Iterator[RaiseTask]:
    """The office's task to say so, where an undecided request of this kind came with less notice than `days` asks."""
    if kind_of(request, policy) is not kind or not is_pending(request, history):
        return
    notice, wanted = notice_given(request, calendar), policy.days(days)
    first = Session(request.first, request.starts)
    if notice >= wanted or is_too_late_for(first, request, history, policy):
        return  # One that came after its first session is LOA-11.
    came = request.received_at.astimezone(calendar.zone).date()
    yield RaiseTask(
        kind="leave-short-notice",
        title=f"Tell home that the notice is short: {kind} from {said_day(request.first)}",
        why=f"It came on {said_day(came)}, {notice} day{'' if notice == 1 else 's'} before its first day; "
        f"{wanted} are asked for.",
        due=decide_by(request, pupil, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=request.key,
        steps=("Ask whether there is a reason for the short notice, and tell the head.",),
        done_as="short-notice-told",
        about=request.key,
    )
