"""Where nobody answered by noon of the second day, two members of staff visit, one of them a senior leader.

Attendance policy 2023, Appendix A, 4.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import must_be_reached, silence_ends, silent_days, visit_is_due
from mbls_rules_school.contacting import outcomes
from mbls_rules_school.safeguarding import ranked
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, PupilSession, RaiseTask, Rank, rule


@rule(id="FDC-10", cites="Appendix A, 4", title="silent at noon of the second day: visit")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    day = pupil_session.session.day
    until = silence_ends(pupil_session, policy)
    if now < until or not must_be_reached(pupil_session, history, policy, now):
        return
    if not visit_is_due(history, day, policy):
        return
    silent = silent_days(history, day, policy)
    staff, senior = policy.count("home_visit.staff"), policy.count("home_visit.senior_staff")
    yield RaiseTask(
        kind="home-visit",
        title="Visit the home",
        why=f"Day {len(silent)} without a word from home (since {said_day(silent[0])}), and none by {until:%H:%M}.",
        due=pupil_session.at(policy.time_of_day("office.day_ends")),
        role=policy.text("roles.attendance_officer"),
        rank=ranked(pupil, day, policy, Rank.DAY_TWO),
        pupil=pupil.id,
        occasion=silent[0].isoformat(),
        session=pupil_session.session,
        steps=(
            f"{staff} members of staff go, at least {senior} of them a senior leader.",
            "Look at the risk notes before you go.",
            "Record who went, when, and what you found.",
        ),
        done_as="home-visit",
        outcomes=outcomes(policy),
    )
