"""For an appointment in school hours the school asks to see the card, and notes that it did.

Attendance policy 2023, Absence procedures. One card for the office with a line a pupil; a line stands until the
evidence is recorded, or so many school days have passed.
"""

from collections.abc import Iterable

from mbls_rules_school.occasions import midnight
from mbls_rules_school.times import week_ends
from mbls_rules_school.wording import said
from mbls_sync.api import (
    Figures,
    History,
    Moment,
    PolicyAt,
    Proposal,
    RaiseTask,
    Rank,
    SchoolCalendar,
    Session,
    monday,
    rule,
)

SEEN = "appointment-evidence-seen"


@rule(id="FDC-17", cites="Absence procedures", title="an appointment in school hours: see the evidence")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last = moment.last_school_day
    if last is None:
        return
    found = [
        (history, session)
        for history in figures.histories.values()
        if (session := _unproved(history, moment, policy, calendar)) is not None
    ]
    if not found:
        return
    found.sort(key=lambda pair: (pair[0].pupil.class_name, pair[0].pupil.name, pair[0].pupil.id))
    yield RaiseTask(
        kind="see-evidence",
        title=f"Ask for the appointment card{'' if len(found) == 1 else 's'} of {len(found)} pupil"
        f"{'' if len(found) == 1 else 's'}",
        why="They were marked as at an appointment, and no evidence of it is on record.",
        due=week_ends(last, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.FOLLOW_UP,
        occasion=monday(last).isoformat(),
        steps=(f"Where a card was shown, record it: mbls-sync events record {SEEN} --upn UPN.",),
        done_as=SEEN,
        facts=tuple((f"{h.pupil.name}, {h.pupil.class_name}", said(session)) for h, session in found),
    )


def _unproved(history: History, moment: Moment, policy: PolicyAt, calendar: SchoolCalendar) -> Session | None:
    """The first appointment before today that still wants its evidence; None where there is none."""
    codes = policy.text("appointments.codes").split()
    seen = history.last_event(SEEN)
    for session, code in history.recent(2 * policy.days("appointments.evidence_days")):
        if code not in codes or session.day >= moment.day:
            continue
        proved = seen is not None and seen.at >= midnight(session.day, calendar)
        live = moment.go_live is None or session.day >= moment.go_live
        if live and not proved:
            return session
    return None
