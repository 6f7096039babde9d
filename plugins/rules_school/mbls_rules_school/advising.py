"""The sheet that lies before the head when a request is decided: what bears on it, and never the decision."""

from collections.abc import Iterator
from datetime import datetime

from mbls_rules_school.grounds import year_before
from mbls_rules_school.leave import DECIDED, OUTCOMES, decided
from mbls_rules_school.leave_days import said_days
from mbls_rules_school.projecting import Ahead, by_year_end
from mbls_rules_school.requesting import asked_sessions, decide_by, kind_of, notice_given
from mbls_rules_school.wording import attendance_said, said_day
from mbls_sync.api import (
    AddToSheet,
    Facts,
    History,
    LeaveRequest,
    PolicyAt,
    Pupil,
    RaiseTask,
    Rank,
    RequestKind,
    SchoolCalendar,
    shown,
)

SHEET = "requests-for-the-head"
GROUNDS_ADVISE = ("These grounds", "advise; none of them decides by itself, and the decision is the head's alone")
TO_SIGN: Facts = (
    ("Decision", "☐ granted   ☐ granted for these days only: ....................   ☐ refused"),
    ("Because", "." * 60),
    ("Signed, on", "." * 60),
)
"""What the page on paper has for the head to fill in."""


def notice_fact(request: LeaveRequest, wanted: int, calendar: SchoolCalendar) -> tuple[str, str]:
    """The notice that was given, beside the notice that is asked for."""
    given = notice_given(request, calendar)
    said = f"{max(given, 0)} day{'' if given == 1 else 's'} given, {wanted} asked for"
    return "Notice", said if given >= wanted else f"{said}: short by {wanted - max(given, 0)}"


def asked_facts(request: LeaveRequest, history: History) -> Facts:
    """What is asked for, in the applicant's words and in sessions."""
    sessions = asked_sessions(request, history)
    days = len({session.day for session in sessions})
    count = f"{len(sessions)} session{'' if len(sessions) == 1 else 's'} on {days} school day{'' if days == 1 else 's'}"
    return (
        ("Asked for", f"{said_days(sessions)}: {count}" if sessions else "no session in which the pupil is expected"),
        ("Purpose", request.purpose),
        ("Reason given", request.reason or "none"),
        ("Request came", said_day(request.received_at.astimezone(history.calendar.zone).date())),
    )


def record_facts(request: LeaveRequest, history: History, policy: PolicyAt) -> Facts:
    """The pupil's record, what the leave would make of it, and what was asked for before."""
    before = year_before(history)
    return (
        ("Attendance this year", attendance_said(history.figures)),
        ("Attendance the year before", attendance_said(before) if before.possible else "not held"),
        *_projected(request, history),
        ("Requests before", _requests_before(request, history, policy)),
        ("Same days for brothers and sisters", _siblings(request, history)),
    )


def decision_task(
    request: LeaveRequest,
    pupil: Pupil,
    policy: PolicyAt,
    calendar: SchoolCalendar,
    *,
    kind: str,
    title: str,
    why: str,
    steps: tuple[str, ...],
    facts: Facts,
) -> Iterator[RaiseTask | AddToSheet]:
    """The head's task to decide, and the page that says the same on paper."""
    days = f'--upn {pupil.id} --ref {request.first} --outcome "{request.first}"'
    yield RaiseTask(
        kind=kind,
        title=title,
        why=why,
        due=_due(request, pupil, policy, calendar),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=request.key,
        steps=(
            *steps,
            f"To grant only some days: mbls-sync events record leave-granted {days} --note WHY, naming the days.",
            "Answer home in writing; the draft follows the decision.",
        ),
        done_as=DECIDED,
        outcomes=OUTCOMES,
        facts=facts,
        about=request.key,
    )
    who = f"{pupil.name}, {pupil.class_name}" if pupil.class_name else pupil.name
    key = f"{request.first.isoformat()} {pupil.id} {request.received_at.isoformat()}"
    yield AddToSheet(SHEET, key, f"{who}: {title[:1].lower()}{title[1:]}", "advice", (*facts, *TO_SIGN))


def span_said(request: LeaveRequest) -> str:
    """`Mon 14 Dec`, or `Mon 14 Dec to Wed 16 Dec`."""
    first, last = said_day(request.first), said_day(request.last)
    return first if first == last else f"{first} to {last}"


def _due(request: LeaveRequest, pupil: Pupil, policy: PolicyAt, calendar: SchoolCalendar) -> datetime:
    return decide_by(request, pupil, calendar, policy)


def _projected(request: LeaveRequest, history: History) -> Facts:
    if request.first > history.year.last:
        return (("At the end of the year", "the leave falls in the next school year"),)
    asked = asked_sessions(request, history)
    without, with_it = by_year_end(history), by_year_end(history, asked)
    return (
        ("Year's end, all else attended", _both(without, with_it, best=True)),
        ("Year's end, attended as so far", _both(without, with_it, best=False)),
    )


def _both(without: Ahead, with_it: Ahead, *, best: bool) -> str:
    pair = [a.if_all_else_is_attended if best else a.if_it_goes_on_as_so_far for a in (without, with_it)]
    return f"{shown(pair[0])}% without the leave, {shown(pair[1])}% with it" if pair[0] is not None else shown(None)


def _requests_before(request: LeaveRequest, history: History, policy: PolicyAt) -> str:
    leave = (r for r in history.requests if kind_of(r, policy) not in (RequestKind.APPOINTMENT, RequestKind.LUNCH))
    earlier = [r for r in leave if r.received_at < request.received_at]
    if not earlier:
        return "none"
    ends = [str(decided(r, history).outcome) for r in earlier]
    return f"{len(earlier)} ({', '.join(f'{ends.count(end)} {end}' for end in dict.fromkeys(ends))})"


def _siblings(request: LeaveRequest, history: History) -> str:
    same = {r.pupil for r in history.sibling_requests if r.first <= request.last and r.last >= request.first}
    return f"asked for {len(same)} (by address or telephone number)" if same else "not asked for"
