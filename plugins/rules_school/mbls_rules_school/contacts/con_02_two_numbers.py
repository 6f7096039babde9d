"""For each pupil the school holds more than one emergency number.

Attendance policy 2023, Roles and responsibilities (parents). Where an adult is missing too, CON-01 asks for
both in one.
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="CON-02", cites="Roles and responsibilities", title="fewer than two emergency numbers: ask home")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    wanted, held = policy.count("contacts.min_numbers"), len(pupil.numbers)
    adults = len({contact.name.casefold().strip() for contact in pupil.contacts if contact.name.strip()})
    half = calendar.half_term_of(history.until.day)
    if held >= wanted or half is None or adults < policy.count("contacts.min_adults"):
        return
    yield RaiseTask(
        kind="ask-numbers",
        title="Ask home for a further emergency number",
        why=f"The MIS holds {held} of the {wanted} different numbers that the school should have.",
        due=day_ends(half.last, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.CONTACTS,
        pupil=pupil.id,
        occasion=str(history.year),
        steps=("Ask for a number of another adult.", "Enter it in the MIS."),
    )
