"""At the end of a term, pupils with excellent or outstanding attendance get a certificate in assembly.

Attendance policy 2023, Attendance intervention.
"""

from collections.abc import Iterable

from mbls_rules_school.ended import term_to_tell, told_by
from mbls_rules_school.praise import word_for
from mbls_rules_school.wording import per_cent
from mbls_sync.api import AcademicYear, DraftLetter, Figures, Moment, PolicyAt, Proposal, SchoolCalendar, rule


@rule(id="RWD-04", cites="Attendance intervention", title="term's end: certificates for good attendance")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    over = term_to_tell(moment, calendar, policy.days("reward.given_days"))
    if over is None:
        return
    term, first, last = over
    counted = figures.over(first, last)
    for pupil, history in figures.histories.items():
        if pupil not in counted or not (word := word_for(counted[pupil], history, first, last, policy)):
            continue
        share = per_cent(counted[pupil].attended, counted[pupil].possible)
        yield DraftLetter(
            template="pupil-certificate",
            pupil=pupil,
            role=policy.text("roles.class_staff"),
            occasion=f"{AcademicYear.of(last)} {term}",
            title=f"Give a certificate: {word} attendance",
            why=f"Attendance in the {term} term was {share}.",
            due=told_by(last, calendar, policy, policy.days("reward.given_days")),
            sent_as="certificate-given",
            facts=(("Word", word), ("Attendance this term", share), ("Term", term)),
            is_praise=True,
        )
