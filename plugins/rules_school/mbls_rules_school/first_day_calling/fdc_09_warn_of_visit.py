"""On the second day of silence home is called again and told that a visit follows if nobody answers by noon.

Attendance policy 2023, Appendix A, 4.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import (
    calling_starts,
    is_second_day,
    must_be_reached,
    silence_ends,
    silent_days,
    visit_is_due,
)
from mbls_rules_school.contacting import attempts_on, outcomes
from mbls_rules_school.safeguarding import ranked
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, PupilSession, RaiseTask, Rank, rule


@rule(id="FDC-09", cites="Appendix A, 4", title="second silent day: try again, and announce the visit")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    day = pupil_session.session.day
    until = silence_ends(pupil_session, policy)
    if not calling_starts(pupil_session, policy) <= now < until or attempts_on(history, day, "visit-warning"):
        return
    if not must_be_reached(pupil_session, history, policy, now) or not visit_is_due(history, day, policy):
        return
    if not is_second_day(history, day, policy):
        return
    silent = silent_days(history, day, policy)
    yield RaiseTask(
        kind="warn-visit",
        title=f"Call again, and announce a visit after {until:%H:%M}",
        why=f"Day {len(silent)} without a word from home: unexplained since {said_day(silent[0])}.",
        due=until,
        role=policy.text("roles.office"),
        rank=ranked(pupil, day, policy, Rank.DAY_TWO),
        pupil=pupil.id,
        occasion=day.isoformat(),
        session=pupil_session.session,
        say=policy.text("say.before_visit"),
        steps=("Call every contact.", "Leave the announcement by voicemail and e-mail."),
        done_as="visit-warning",
        outcomes=outcomes(policy),
    )
