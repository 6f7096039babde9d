"""A message that gives no reason is answered with the question why, so that the reason is on record.

Attendance policy 2023, Absence procedures: home explains an absence, on each day of it.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.absences import is_waiting, leads_the_day
from mbls_rules_school.contacting import has_heard
from mbls_rules_school.reasons import message_about
from mbls_rules_school.safeguarding import ranked
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, PupilSession, RaiseTask, Rank, rule


@rule(id="FDC-01", cites="Absence procedures", title="a message without a reason: ask for it")
def judge_session(
    pupil_session: PupilSession, pupil: Pupil, history: History, policy: PolicyAt, now: datetime
) -> Iterable[Proposal]:
    day = pupil_session.session.day
    if now < pupil_session.at(policy.time_of_day("messages.report_by")):
        return
    if not is_waiting(pupil_session, history, policy) or not leads_the_day(pupil_session, history):
        return
    message = message_about(history, day, policy)
    if message is None or message.reason.strip() or has_heard(history, day, policy):
        return
    yield RaiseTask(
        kind="ask-reason",
        title=f"Ask why the pupil is away: {said_day(day)}",
        why=f"The message received at {message.received_at.astimezone(pupil_session.zone):%H:%M} gives no reason.",
        due=pupil_session.at(policy.time_of_day("office.day_ends")),
        role=policy.text("roles.office"),
        rank=ranked(pupil, day, policy, Rank.NOT_CODED),
        pupil=pupil.id,
        occasion=day.isoformat(),
        session=pupil_session.session,
        say=policy.text("say.first_day"),
        done_as="reason-asked",
    )
