"""Where the head has decided to ask for a penalty notice, the request is made ready, or said not to be issuable.

Education (Penalty Notices) (England) Regulations 2007, as amended in 2024: to one parent about one pupil no more
notices than the regulations allow within the years that count. The LA issues; the school asks.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.sanctions import REQUESTED, asked_for, parents_of
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_date
from mbls_sync.api import (
    History,
    OpenReferral,
    PolicyAt,
    Proposal,
    Pupil,
    RaiseTask,
    Rank,
    SchoolCalendar,
    notices_to,
    rule,
)


@rule(
    id="PN-02",
    cites="Education (Penalty Notices) (England) Regulations 2007",
    title="a penalty notice was decided on: request it, or say that none can be issued",
)
def judge_pupil(
    pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar, now: datetime
) -> Iterable[Proposal]:
    decided = asked_for(history)
    if decided is None or not policy.is_in_force("penalty_notice.years"):
        return
    if not pupil.is_compulsory_school_age(history.until.day):
        return
    years, most = policy.count("penalty_notice.years"), policy.count("penalty_notice.most")
    found = [
        (name, notices_to(name, history.events, now.date(), years=years, most=most, zone=calendar.zone))
        for name in parents_of(pupil)
    ]
    due = day_ends(decided.at.astimezone(calendar.zone).date(), calendar, policy)
    occasion = decided.at.isoformat()
    if not found or any(notices.issuable for _, notices in found):
        yield OpenReferral(
            kind="penalty-notice",
            pupil=pupil.id,
            occasion=occasion,
            due=due,
            role=policy.text("roles.head"),
            cause="The head decided to ask the local authority for a penalty notice"
            + (f": {decided.outcome}." if decided.outcome else "."),
            done_as=REQUESTED,
            title="Ask the LA for a penalty notice: check the packet and send it",
        )
        return
    yield RaiseTask(
        kind="notice-not-issuable",
        title="Weigh other measures: no further penalty notice can be issued",
        why=f"Each parent has had {most} notices about this pupil within {years} years.",
        due=due,
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=occasion,
        steps=("Speak with the LA's officer about what the law leaves: a parenting order, a prosecution.",),
        done_as="other-measures-weighed",
        facts=tuple((name, f"until {said_date(n.until)}") for name, n in found if n.until),
    )
