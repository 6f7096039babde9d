"""A permission to leave at lunch time is looked at again when attendance is a concern; withdrawing it is in writing.

Attendance policy 2023, Leave during lunch times. The letter gives the head's reasons; there is no appeal.
"""

from collections.abc import Iterable, Iterator

from mbls_rules_school.answering import is_told
from mbls_rules_school.levels import needs_support
from mbls_rules_school.lunch import KEPT, REVIEWED, TAKEN_BACK, WITHDRAWN, Permission, State, is_lunch, permission
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, attendance_said
from mbls_sync.api import (
    DraftLetter,
    History,
    LeaveRequest,
    Period,
    PolicyAt,
    Proposal,
    Pupil,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
)

TOLD = "lunch-withdrawal-sent"


@rule(id="LUN-03", cites="Leave during lunch times", title="concern about a pupil who leaves at lunch: review")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    found = permission(request, history)
    if not is_lunch(request, policy) or request.last < history.until.day:
        return
    if found.last and found.state is State.WITHDRAWN and not is_told(TOLD, request, history, found.last.at):
        yield from _withdrawn(request, pupil, found, policy, calendar)
    concern = "; ".join(_concerns(history, policy, calendar)) if found.state is State.GRANTED else ""
    if concern:
        yield RaiseTask(
            kind="review-lunch",
            title="Look again at the permission to leave at lunch time",
            why=f"Attendance is a concern: {concern}.",
            due=day_ends(history.until.day, calendar, policy),
            role=policy.text("roles.head"),
            rank=Rank.FOLLOW_UP,
            pupil=pupil.id,
            occasion=f"{request.key} {_half_term(history, calendar)}",
            steps=("Keep it or withdraw it. To withdraw it, record why with --note: home is told the reason.",),
            facts=attendance_facts(history),
            done_as=REVIEWED,
            outcomes=(KEPT, TAKEN_BACK),
            about=request.key,
        )


def _concerns(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterator[str]:
    late, limit = _late_afternoons(history, policy, calendar), policy.count("lunch.late_afternoons")
    if late >= limit:
        yield f"{late} late afternoons this half-term"
    if needs_support(history, policy):
        yield f"attendance this year is {attendance_said(history.figures)}"


def _late_afternoons(history: History, policy: PolicyAt, calendar: SchoolCalendar) -> int:
    half = calendar.half_term_of(history.until.day)
    late = {policy.text("registers.late_before_close"), policy.text("registers.late_after_close")}
    marks = history.codes(half.first, half.last) if half else ()
    return sum(session.period is Period.PM and code in late for session, code in marks)


def _half_term(history: History, calendar: SchoolCalendar) -> str:
    half = calendar.half_term_of(history.until.day)
    return half.first.isoformat() if half else str(history.year)


def _withdrawn(
    request: LeaveRequest, pupil: Pupil, found: Permission, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterator[Proposal]:
    """The letter with the head's reasons, or the head asked for them first."""
    assert found.last is not None  # noqa: S101 - a withdrawal is an event
    due = day_ends(found.last.at.astimezone(calendar.zone).date(), calendar, policy)
    occasion, head = f"{request.key} {found.last.at.isoformat()}", policy.text("roles.head")
    if found.reason:
        yield DraftLetter(
            answers=True,
            template="lunch-withdrawn",
            pupil=pupil.id,
            role=head,
            occasion=occasion,
            title="Tell home in writing that leave at lunch time is withdrawn",
            why="The head withdrew the permission.",
            due=due,
            sent_as=TOLD,
            facts=(("Why", found.reason),),
        )
    else:
        yield RaiseTask(
            kind="say-why-withdrawn",
            title="Record why leave at lunch time was withdrawn",
            why="Home is told the reasons in writing, and none is on record.",
            due=due,
            role=head,
            rank=Rank.CLOCK,
            pupil=pupil.id,
            occasion=occasion,
            steps=("Record it with --note and the reasons.",),
            done_as=WITHDRAWN,
            about=request.key,
        )
