"""A pupil who is taught at home is absent; a mark of attendance on such a day is put before the office.

Attendance policy 2023, Attendance register. The code is that of the reason for being at home, such as I.
"""

from collections.abc import Iterable

from mbls_rules_school.clocks import day_of
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

PROVIDED = "remote-education-provided"


@rule(id="REG-11", cites="Attendance register", title="taught at home and marked as here: mend the mark")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    codes = policy.text("registers.remote_education_never").split()
    for day in sorted({day_of(event, calendar) for event in history.events_of(PROVIDED)}):
        wrong = [(session, code) for session, code in history.codes(day, day) if code in codes]
        if not wrong or day < history.year.first:
            continue
        session, code = wrong[0]
        yield RaiseTask(
            kind="mend-remote-mark",
            title=f"Mend the mark {code} of {said(session)}: remote education is absence",
            why="Remote education was recorded for that day, and the register says that the pupil attended.",
            due=day_ends(calendar.school_day_after(day, policy.days("n_to_o.days")), calendar, policy),
            role=policy.text("roles.office"),
            rank=Rank.REGISTER,
            pupil=pupil.id,
            occasion=day.isoformat(),
            session=session,
            steps=("Enter the code of the reason for being at home, such as I; never B.",),
        )
