"""A mark whose code its date or the pupil's age does not allow is put before a person, with what to do.

Attendance policy 2023, Attendance register (national codes). The mark counts by the meaning it had until it
is mended.
"""

from collections.abc import Iterable
from datetime import timedelta

from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said
from mbls_sync.api import (
    NO_MARK,
    CodeStanding,
    History,
    PolicyAt,
    Proposal,
    PupilSession,
    RaiseTask,
    Rank,
    SchoolCalendar,
    Session,
    rule,
)

WHY = {
    CodeStanding.WITHDRAWN: "left the national set before this session",
    CodeStanding.NOT_YET: "was not yet in the national set on this session",
    CodeStanding.WRONG_AGE: "is not for a pupil of this age",
    CodeStanding.IMPLAUSIBLE: "is not one that a pupil of this age should carry",
    CodeStanding.UNKNOWN: "is not a national code",
}


@rule(id="REG-10", cites="Attendance register", title="a code that date or age does not allow: look at it")
def judge_session(
    pupil_session: PupilSession, history: History, policy: PolicyAt, calendar: SchoolCalendar
) -> Iterable[Proposal]:
    code, session = pupil_session.code, pupil_session.session
    if code == NO_MARK or _is_allowed(pupil_session, policy) or _goes_on(session, code, history, calendar):
        return
    instead = policy.table("registers.code_suggestions").get(code, "the national code of the real reason")
    yield RaiseTask(
        kind="mend-code",
        title=f"Mend the code {code} of {said(session)}, and of the sessions after it",
        why=f"{code} {_why(pupil_session)}; in its place: {instead}.",
        due=day_ends(calendar.school_day_after(session.day, policy.days("n_to_o.days")), calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.REGISTER,
        pupil=pupil_session.pupil,
        occasion=f"{session} {code}",
        session=session,
        facts=(("Code", code), ("Instead", instead)),
    )


def _is_allowed(subject: PupilSession, policy: PolicyAt) -> bool:
    if policy.text("registers.code_list") == "policy":
        return subject.code in policy.text("registers.codes_listed").split()
    if subject.code == policy.text("registers.unbooked_code") and policy.text("registers.x_for_csa") == "allow":
        return True
    return subject.standing is CodeStanding.VALID


def _why(subject: PupilSession) -> str:
    return WHY.get(subject.standing, "is not in the list that the policy prints")


def _goes_on(session: Session, code: str, history: History, calendar: SchoolCalendar) -> bool:
    """Whether the school's session before carries the same code: a line of marks is one task."""
    monday = session.day - timedelta(days=session.day.weekday())
    earlier = [s for s in calendar.sessions(monday, session.day) if s < session]
    return bool(earlier) and history.code(earlier[-1]) == code
