"""A pupil who leaves the site during the day without a reason is told to the DSL; a register that was taken stands.

Attendance policy 2023, Definitions: leaving school without a reason is unauthorised. A session in which the pupil was
marked as here stays as it is; one that was still to come is proposed as unauthorised, for sign-off.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.arriving import on_site_codes, signed_in
from mbls_rules_school.reasons import known_reason
from mbls_rules_school.times import closes_at, day_ends, marked_by
from mbls_rules_school.wording import said
from mbls_sync.api import (
    UNEXPLAINED_CODE,
    Direction,
    History,
    Period,
    PolicyAt,
    Proposal,
    PupilSession,
    RaiseTask,
    Rank,
    SchoolCalendar,
    Session,
    SetCode,
    SignIn,
    rule,
)

AMEND = "Weigh with the head whether this session's mark is to be amended; the program never rewrites it."


@rule(id="REG-18", cites="Definitions", title="left during the day without a reason: tell the DSL")
def judge_session(
    pupil_session: PupilSession, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    left = _left(pupil_session, history, policy)
    if left is None:
        return
    closes = closes_at(pupil_session, policy)
    if _was_here(pupil_session, history, policy):
        if _is_the_last(pupil_session, left, history, policy):
            yield _tell(pupil_session, left, policy, calendar)
    elif _is_unexplained(pupil_session, history, policy) and pupil_session.at(left.time) < closes <= now:
        reason = f"left at {left.time:%H:%M} without a reason, before this register was taken"
        yield SetCode(pupil_session, policy.text("registers.left_code"), reason, sign_off=True)


def _was_here(subject: PupilSession, history: History, policy: PolicyAt) -> bool:
    """Whether the mark says so, or the office saw the pupil come: a late mark may still be on its way."""
    return subject.code in on_site_codes(policy) or signed_in(subject.session, history, policy) is not None


def _is_unexplained(subject: PupilSession, history: History, policy: PolicyAt) -> bool:
    known = known_reason(subject, history, policy)
    return subject.code == UNEXPLAINED_CODE and subject.expected and known is None


def _left(subject: PupilSession, history: History, policy: PolicyAt) -> SignIn | None:
    """The sign-out without a reason that was the pupil's last of the day, before everybody goes home."""
    signs = history.sign_ins_on(subject.session.day)
    last = signs[-1] if signs else None
    if last is None or last.direction is not Direction.OUT or last.reason.strip():
        return None
    return last if last.time < policy.time_of_day("registers.pm_ends") else None


def _is_the_last(subject: PupilSession, left: SignIn, history: History, policy: PolicyAt) -> bool:
    """Whether the pupil was here in this session last: they left after it was marked, and no later mark has them."""
    if subject.at(left.time) < marked_by(subject, policy):
        return False
    afternoon = Session(subject.session.day, Period.PM)
    return subject.session == afternoon or history.code(afternoon) not in on_site_codes(policy)


def _tell(subject: PupilSession, left: SignIn, policy: PolicyAt, calendar: SchoolCalendar) -> RaiseTask:
    weigh = policy.text("registers.left_during_day") == "amend"
    return RaiseTask(
        kind="left-site",
        title="Left the site during the day without a reason",
        why=f"Signed out at {left.time:%H:%M} without a reason, and not back since ({said(subject.session)}).",
        due=day_ends(subject.session.day, calendar, policy),
        role=policy.text("roles.designated_safeguarding_lead"),
        rank=Rank.SAFEGUARDING,
        pupil=subject.pupil,
        session=subject.session,
        steps=("Find out where the pupil is, and whether they are safe.", "Call home.", *((AMEND,) if weigh else ())),
        done_as="leaving-weighed",
    )
