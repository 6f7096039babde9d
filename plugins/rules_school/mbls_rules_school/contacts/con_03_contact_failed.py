"""A contact that could not be used is asked to be put right, the first time it fails.

Attendance policy 2023, Roles and responsibilities (parents): their details are accurate and kept up to date.
"""

from collections.abc import Iterable

from mbls_rules_school.clocks import day_of
from mbls_rules_school.contacting import ATTEMPTS
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_day
from mbls_sync.api import Event, History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule

FAILED, UPDATED = "contact-failed", "contacts-updated"


@rule(id="CON-03", cites="Roles and responsibilities", title="a contact failed: ask for the right one")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    mended = history.last_event(UPDATED)
    failed = [e for e in _failed(history, policy) if mended is None or e.at > mended.at]
    if not failed:
        return
    day = day_of(failed[0], calendar)
    yield RaiseTask(
        kind="mend-contact",
        title="Ask home for a contact that works",
        why=f"On {said_day(day)} a contact failed: {failed[0].outcome or failed[0].note or 'no reason recorded'}.",
        due=day_ends(calendar.school_day_after(day, policy.days("contacts.update_days")), calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.CONTACTS,
        pupil=pupil.id,
        occasion=failed[0].at.isoformat(),
        steps=("Ask home for the right number or address.", "Enter it in the MIS."),
        done_as=UPDATED,
    )


def _failed(history: History, policy: PolicyAt) -> list[Event]:
    words = [word.strip().casefold() for word in policy.text("contacts.failed_outcomes").split(",")]
    tried = history.events_of(FAILED, *ATTEMPTS)
    return [e for e in tried if e.kind == FAILED or any(word in e.outcome.casefold() for word in words)]
