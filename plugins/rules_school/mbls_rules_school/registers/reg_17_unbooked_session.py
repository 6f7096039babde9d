"""A nursery pupil is not required in a session that is not booked: X, below compulsory school age alone.

Attendance policy 2023, Attendance register; the law keeps X for pupils below compulsory school age (2024
Regulations, regulation 10, Table 1). It looks at the week, at a register that has closed, and at blanks only.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.times import closes_at
from mbls_sync.api import (
    NO_MARK,
    CodeStanding,
    History,
    Meaning,
    PolicyAt,
    Proposal,
    Pupil,
    PupilSession,
    Session,
    SetCode,
    monday,
    rule,
)


@rule(id="REG-17", cites="Attendance register", title="a session a nursery pupil is not booked for: X")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, now: datetime) -> Iterable[Proposal]:
    last = history.until.day
    if not pupil.patterns or pupil.is_compulsory_school_age(monday(last)):
        return
    code = policy.text("registers.unbooked_code")
    for session, mark in history.codes(monday(last), last):
        booked = pupil.attends(session) or not pupil.on_roll(session.day)
        if booked or mark != NO_MARK or pupil.is_compulsory_school_age(session.day):
            continue
        subject = _subject(pupil, session, history)
        if now >= closes_at(subject, policy):
            yield SetCode(subject=subject, code=code, reason="not booked for this session, by the pupil's pattern")


def _subject(pupil: Pupil, session: Session, history: History) -> PupilSession:
    """The session as it stands in the register: blank, and nobody is expected in it."""
    return PupilSession(
        pupil=pupil.id,
        session=session,
        code=NO_MARK,
        meaning=Meaning.NO_MARK,
        standing=CodeStanding.VALID,
        zone=history.calendar.zone,
        phase=pupil.phase,
        class_name=pupil.class_name,
        expected=False,
        register_taken=True,
    )
