"""An appointment told in advance is M for the sessions it needs; one that takes longer is asked about.

Attendance policy 2023, Illness and healthcare appointments. A pupil who leaves after the register, or is back before
it closes, misses no session.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import is_away, is_waiting
from mbls_rules_school.entering import entry_for
from mbls_rules_school.reasons import known_reason
from mbls_rules_school.requesting import asked_sessions, kind_of
from mbls_rules_school.times import closes_at
from mbls_sync.api import (
    History,
    LeaveRequest,
    Period,
    PolicyAt,
    Proposal,
    PupilSession,
    RaiseTask,
    Rank,
    RequestKind,
    Session,
    SetCode,
    rule,
)


@rule(id="LOA-13", cites="Illness and healthcare appointments", title="an appointment told in advance: M, as needed")
def judge_session(pupil_session: PupilSession, history: History, policy: PolicyAt, now: datetime) -> Iterable[Proposal]:
    session = pupil_session.session
    entry = entry_for(session, history, policy)
    if entry is not None and entry.kind is RequestKind.APPOINTMENT:
        if is_away(pupil_session, history, policy):
            yield SetCode(subject=pupil_session, code=entry.code, reason=entry.says)
            if _is_open_ended(entry.request, session, history):
                yield _ask(pupil_session, policy, "The request names neither when the pupil leaves nor when back.")
    elif now >= closes_at(pupil_session, policy) and is_waiting(pupil_session, history, policy):
        over = next((r for r in history.requests if _ended_before(r, session, policy)), None)
        if over is not None and known_reason(pupil_session, history, policy) is None:
            why = f"Home said that the pupil would be back by {over.back_at:%H:%M}, and the register has closed."
            yield _ask(pupil_session, policy, why)


def _is_open_ended(request: LeaveRequest, session: Session, history: History) -> bool:
    """Whether a whole day is asked for without a time; asked about once, in its morning."""
    today = [held for held in asked_sessions(request, history) if held.day == session.day]
    timeless = request.leaves_at is None and request.back_at is None
    return timeless and len(today) == len(Period) and session == today[0]


def _ended_before(request: LeaveRequest, session: Session, policy: PolicyAt) -> bool:
    """Whether an appointment of that day should have been over by now."""
    on_the_day = request.first <= session.day <= request.last and request.back_at is not None
    return on_the_day and kind_of(request, policy) is RequestKind.APPOINTMENT


def _ask(subject: PupilSession, policy: PolicyAt, why: str) -> RaiseTask:
    return RaiseTask(
        kind="ask-about-appointment",
        title="Ask how long the appointment takes",
        why=why,
        due=subject.at(policy.time_of_day("office.day_ends")),
        role=policy.text("roles.office"),
        rank=Rank.NOT_CODED,
        pupil=subject.pupil,
        session=subject.session,
        steps=("Only the time that is needed is M.", "Enter the pupil's return, or the code of what kept the pupil."),
    )
