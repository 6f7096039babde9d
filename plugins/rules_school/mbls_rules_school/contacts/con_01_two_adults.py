"""For each pupil the school knows two adults to call, wherever that is possible.

Attendance policy 2023, Working with parents to improve attendance. A list to work through, never a bar.
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="CON-01", cites="Working with parents to improve attendance", title="fewer than two adults to call: ask home")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    adults = len({contact.name.casefold().strip() for contact in pupil.contacts if contact.name.strip()})
    wanted = policy.count("contacts.min_adults")
    half = calendar.half_term_of(history.until.day)
    if adults >= wanted or half is None:
        return
    yield RaiseTask(
        kind="ask-contacts",
        title="Ask home for a further adult to call",
        why=f"The MIS names {adults} of the {wanted} adults whom the school should be able to reach.",
        due=day_ends(half.last, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.CONTACTS,
        pupil=pupil.id,
        occasion=str(history.year),
        steps=("Ask for name, relationship, telephone and e-mail.", "Enter them in the MIS."),
    )
