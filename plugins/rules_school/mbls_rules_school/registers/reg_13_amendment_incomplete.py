"""An amended mark says why, when, and by whom in which role; what is missing is asked for.

Attendance policy 2023, Attendance register. It looks at what the MIS gives beside the marks it is asked about;
an MIS that gives none of the four leaves nothing to complete there, and the ledger keeps original and amended
entry in any case.
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said
from mbls_sync.api import (
    MarkDetail,
    PolicyAt,
    Proposal,
    PupilSession,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
)


@rule(id="REG-13", cites="Attendance register", title="an amendment without reason, name, role or date: complete it")
def judge_session(pupil_session: PupilSession, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    missing = _missing(pupil_session.detail)
    if not missing:
        return
    yield RaiseTask(
        kind="complete-amendment",
        title=f"Complete the amendment of {said(pupil_session.session)}",
        why=f"The mark {pupil_session.code or 'taken out'} was amended, and the record lacks: {', '.join(missing)}.",
        due=day_ends(pupil_session.session.day, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.REGISTER,
        pupil=pupil_session.pupil,
        session=pupil_session.session,
        steps=("Add what is missing in the MIS.",),
    )


def _missing(detail: MarkDetail | None) -> tuple[str, ...]:
    """What an amendment lacks; nothing where the MIS says nothing of an amendment."""
    if detail is None:
        return ()
    parts = {
        "the reason": detail.amended_reason,
        "the name": detail.amended_by,
        "the role": detail.amended_role,
        "the date": detail.amended_at,
    }
    lacking = tuple(name for name, value in parts.items() if not value)
    return lacking if len(lacking) < len(parts) else ()
