"""The class with the best attendance of the half-term gets a certificate and chooses a reward; ties share it.

Attendance policy 2023, Attendance intervention.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.classes import attendance_of_classes, places
from mbls_rules_school.ended import half_term_to_tell, told_by
from mbls_sync.api import (
    AcademicYear,
    DraftLetter,
    Figures,
    HalfTerm,
    Moment,
    PolicyAt,
    Proposal,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
)


@rule(id="RWD-02", cites="Attendance intervention", title="half-term's end: the best class")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    over = half_term_to_tell(moment, calendar, policy.days("reward.given_days"))
    if over is None:
        return
    half, last = over
    due = told_by(last, calendar, policy, policy.days("reward.given_days"))
    ranked = places(attendance_of_classes(figures, half.first, half.last, policy))
    best = ranked[0][1] if ranked else ()
    if len(best) > 1 and policy.text("reward.tie") != "share":
        best = best[:1]
    for name, share in best:
        yield from _certificate_and_reward(name, share, half, due, policy)


def _certificate_and_reward(
    name: str, share: str, half: HalfTerm, due: datetime, policy: PolicyAt
) -> Iterable[Proposal]:
    occasion = f"{AcademicYear.of(half.last)} {half.term} {half.number} {name}"
    why = f"{name} had the best attendance of the half-term: {share}."
    facts = (("Class", name), ("Attendance", share), ("Half", "first" if half.number == 1 else "second"))
    yield DraftLetter(
        template="class-certificate",
        pupil=None,
        role=policy.text("roles.head"),
        occasion=occasion,
        title=f"Give {name} the certificate for the best attendance of the half-term",
        why=why,
        due=due,
        sent_as="class-certificate-given",
        facts=(*facts, ("Term", half.term)),
        is_praise=True,
    )
    yield RaiseTask(
        kind="choose-class-reward",
        title=f"Let {name} choose its reward",
        why=why,
        due=due,
        role=policy.text("roles.class_staff"),
        rank=Rank.PRAISE,
        occasion=occasion,
        steps=tuple(policy.table("reward.class_rewards")),
        done_as="class-reward-chosen",
        facts=tuple(policy.table("reward.class_rewards").items()),
    )
