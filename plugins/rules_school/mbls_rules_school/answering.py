"""The written answer to a request for leave: a draft for the head."""

from datetime import datetime

from mbls_rules_school.leave import decided, names
from mbls_rules_school.leave_days import written_days
from mbls_rules_school.requesting import asked_sessions, decide_by
from mbls_rules_school.times import day_ends
from mbls_sync.api import (
    DraftLetter,
    History,
    LeaveRequest,
    PolicyAt,
    Pupil,
    RequestOutcome,
    SchoolCalendar,
)

SENT = "leave-answer-sent"
TEMPLATES = {
    RequestOutcome.GRANTED: "leave-granted",
    RequestOutcome.PARTLY: "leave-partly-granted",
    RequestOutcome.REFUSED: "leave-refused",
}


def is_told(kind: str, request: LeaveRequest, history: History, since: datetime) -> bool:
    """Whether a step of this kind about the request, or about none, is on record since then."""
    return any(names(event, request) for event in history.events_of(kind, since=since))


def answer(
    request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> DraftLetter:
    """The letter that says what the head decided; a later decision is a letter of its own."""
    found = decided(request, history)
    return DraftLetter(
        answers=True,
        template=TEMPLATES[found.outcome],
        pupil=pupil.id,
        role=policy.text("roles.head"),
        occasion=f"{request.key} {found.outcome} {len(found.sessions)} {len(found.refused)}",
        title=f"Answer home in writing: leave {found.outcome}",
        why=f"The head decided about the request for {request.purpose}.",
        due=_due(request, pupil, history, policy, calendar),
        sent_as=SENT,
        facts=(
            ("Purpose", request.purpose),
            ("Days asked", written_days(asked_sessions(request, history))),
            ("Days granted", written_days(found.sessions)),
            ("Days refused", written_days(found.refused)),
            ("Why", found.reason if found.last is None else found.last.note.strip() or found.reason),
        ),
    )


def refusal_by_grounds(
    request: LeaveRequest,
    pupil: Pupil,
    history: History,
    policy: PolicyAt,
    calendar: SchoolCalendar,
    against: tuple[str, ...],
) -> DraftLetter:
    """The refusal that the policy's grounds call for, before anybody has decided: the head signs it, or does not."""
    asked = written_days(asked_sessions(request, history))
    return DraftLetter(
        answers=True,
        template=TEMPLATES[RequestOutcome.REFUSED],
        pupil=pupil.id,
        role=policy.text("roles.head"),
        occasion=f"{request.key} grounds",
        title="Refuse leave by the policy's grounds, or decide otherwise",
        why=f"Grounds of the policy stand against it: {', '.join(against)}.",
        due=_due(request, pupil, history, policy, calendar),
        sent_as=SENT,
        facts=(
            ("Purpose", request.purpose),
            ("Days asked", asked),
            ("Days granted", ""),
            ("Days refused", asked),
            ("Why", f"our policy does not allow leave beside {', '.join(against)}"),
        ),
    )


def _due(request: LeaveRequest, pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> datetime:
    """Before the leave would begin; where that is past, by the end of the day of the decision."""
    starts, last = decide_by(request, pupil, calendar, policy), decided(request, history).last
    if last is None or last.at <= starts:
        return starts
    return day_ends(last.at.astimezone(calendar.zone).date(), calendar, policy)
