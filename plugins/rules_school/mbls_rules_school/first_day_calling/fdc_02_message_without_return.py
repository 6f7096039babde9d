"""A message that does not say how long the absence will last is answered with that question.

Attendance policy 2023, Absence procedures. Nobody asks about an appointment, or about a pupil who is back.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import leads_the_day
from mbls_rules_school.arriving import arrival
from mbls_rules_school.contacting import attempts_on
from mbls_rules_school.reasons import code_for, message_about
from mbls_rules_school.times import closes_at
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, PupilSession, RaiseTask, Rank, rule

ASKED = "return-asked"


@rule(id="FDC-02", cites="Absence procedures", title="a message without a day of return: ask for it")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    day = pupil_session.session.day
    if day != now.astimezone(pupil_session.zone).date() or now < closes_at(pupil_session, policy):
        return
    away = pupil_session.expected and pupil_session.is_absent and arrival(pupil_session, history, policy) is None
    message = message_about(history, day, policy) if away and leads_the_day(pupil_session, history) else None
    if message is None or message.expected_return is not None or attempts_on(history, day, ASKED):
        return
    if code_for(message.reason, policy) in policy.text("messages.return_not_asked").split():
        return
    yield RaiseTask(
        kind="ask-return",
        title="Ask by text when the pupil is expected back",
        why=f"The message about {said_day(day)} does not say how long the absence will last.",
        due=pupil_session.at(policy.time_of_day("office.day_ends")),
        role=policy.text("roles.office"),
        rank=Rank.FOLLOW_UP,
        pupil=pupil.id,
        occasion=day.isoformat(),
        steps=("Record the answer as the day of return of the message.",),
        done_as=ASKED,
    )
