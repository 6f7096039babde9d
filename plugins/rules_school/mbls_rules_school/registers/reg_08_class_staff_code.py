"""Class staff mark present or absent; any other code that they entered is looked at by the office.

Attendance policy 2023, Attendance register: the office codes known absences. Where the MIS does not say who entered
a mark, its own permissions are all that keeps this duty.
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said
from mbls_sync.api import PolicyAt, Proposal, PupilSession, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="REG-08", cites="Attendance register", title="a code that class staff do not enter: look at it")
def judge_session(pupil_session: PupilSession, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    detail, code = pupil_session.detail, pupil_session.code
    role = (detail.amended_role or "").strip() if detail else ""
    theirs = [word.strip().casefold() for word in policy.text("registers.class_staff_roles").split(",")]
    if not code or role.casefold() not in theirs or code in policy.text("registers.class_staff_codes").split():
        return
    yield RaiseTask(
        kind="check-code",
        title=f"Check the code {code} of {said(pupil_session.session)}",
        why=f"It was entered by class staff ({role}), who mark present or absent only.",
        due=day_ends(pupil_session.session.day, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.REGISTER,
        pupil=pupil_session.pupil,
        session=pupil_session.session,
        steps=("Ask what is known, and enter the code it calls for in the MIS.",),
    )
