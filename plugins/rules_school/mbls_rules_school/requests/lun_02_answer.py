"""The decision about leaving at lunch time is told in writing and stands in the list of permissions.

Attendance policy 2023, Leave during lunch times.
"""

from collections.abc import Iterable

from mbls_rules_school.answering import is_told
from mbls_rules_school.lunch import Permission, State, is_lunch, permission
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_day
from mbls_sync.api import (
    AddToSheet,
    DraftLetter,
    History,
    LeaveRequest,
    PolicyAt,
    Proposal,
    Pupil,
    SchoolCalendar,
    rule,
)

SENT = "lunch-answer-sent"
SHEET = "lunch-time-permissions"
TEMPLATES = {State.GRANTED: "lunch-granted", State.REFUSED: "lunch-refused"}


@rule(id="LUN-02", cites="Leave during lunch times", title="leave at lunch was decided: answer in writing, list it")
def judge_request(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    found = permission(request, history)
    if not is_lunch(request, policy) or found.last is None or found.state is State.TALKED_OVER:
        return
    day = found.last.at.astimezone(calendar.zone).date()
    if found.state in TEMPLATES and not is_told(SENT, request, history, found.last.at):
        yield DraftLetter(
            answers=True,
            template=TEMPLATES[found.state],
            pupil=pupil.id,
            role=policy.text("roles.head"),
            occasion=f"{request.key} {found.state}",
            title=f"Answer home in writing: leave at lunch time {found.state}",
            why=f"The head decided on {said_day(day)}.",
            due=day_ends(day, calendar, policy),
            sent_as=SENT,
            facts=(("From", said_day(request.first)), ("Why", found.reason)),
        )
    if found.state is not State.REFUSED and request.last >= history.until.day:
        yield _line(request, pupil, found, said_day(day))


def _line(request: LeaveRequest, pupil: Pupil, found: Permission, day: str) -> AddToSheet:
    who = f"{pupil.name}, {pupil.class_name}" if pupil.class_name else pupil.name
    cells = (
        ("Permission", f"{found.state} on {day}"),
        ("From", said_day(request.first)),
        ("Until", f"{said_day(request.last)} {request.last.year}"),
        ("Decided by", (found.last.by or found.last.role if found.last else "") or "not recorded"),
        ("Reason", found.reason or "none"),
    )
    return AddToSheet(SHEET, f"{pupil.class_name} {pupil.id} {request.first.isoformat()}", who, "advice", cells)
