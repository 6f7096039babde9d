"""Where support would fit and home does not take it up, a Notice to Improve is drafted for the head.

Working together to improve school attendance: the last chance before a penalty notice is asked for. Only where the
national threshold is reached, for a pupil of compulsory school age; whether home engages is a person's judgement.
"""

from collections.abc import Iterable

from mbls_rules_school.sanctions import NOT_ENGAGED, TO_IMPROVE, ground_of
from mbls_rules_school.times import day_ends
from mbls_sync.api import History, OpenReferral, PolicyAt, Proposal, Pupil, SchoolCalendar, rule


@rule(
    id="PN-03",
    cites="Working together to improve school attendance",
    title="support is not taken up: draft a Notice to Improve",
)
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    noted = history.last_event(NOT_ENGAGED)
    if noted is None or not policy.is_in_force("penalty_notice.improvement_weeks"):
        return
    ground = ground_of(history, policy, calendar)
    if ground is None or history.events_of(TO_IMPROVE, since=noted.at):
        return
    yield OpenReferral(
        kind="notice-to-improve",
        pupil=pupil.id,
        occasion=noted.at.isoformat(),
        due=day_ends(noted.at.astimezone(calendar.zone).date(), calendar, policy),
        role=policy.text("roles.head"),
        cause=f"Support is not taken up. {ground.why}",
        done_as=TO_IMPROVE,
        title="Send home the Notice to Improve: check the draft, and sign it",
    )
