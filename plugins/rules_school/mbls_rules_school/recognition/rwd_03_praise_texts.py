"""At the end of a half-term, home gets a text of praise for excellent or outstanding attendance.

Attendance policy 2023, Attendance intervention. A family gets one text for all its children, where the head has
not decided otherwise.
"""

from collections.abc import Iterable
from datetime import datetime

from mbls_rules_school.ended import half_term_to_tell, told_by
from mbls_rules_school.praise import word_for
from mbls_rules_school.wording import per_cent
from mbls_sync.api import (
    AcademicYear,
    DraftLetter,
    Figures,
    HalfTerm,
    Moment,
    PolicyAt,
    Proposal,
    PupilFigures,
    SchoolCalendar,
    rule,
)


@rule(id="RWD-03", cites="Attendance intervention", title="half-term's end: praise good attendance")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    over = half_term_to_tell(moment, calendar, policy.days("reward.given_days"))
    if over is None:
        return
    half, last = over
    due = told_by(last, calendar, policy, policy.days("reward.given_days"))
    counted = figures.over(half.first, half.last)
    for pupil, history in figures.histories.items():
        if pupil in counted and (word := word_for(counted[pupil], history, half.first, half.last, policy)):
            yield _text(counted[pupil], word, half, due, policy)


def _text(figures: PupilFigures, word: str, half: HalfTerm, due: datetime, policy: PolicyAt) -> DraftLetter:
    share = per_cent(figures.attended, figures.possible)
    return DraftLetter(
        template="praise-text",
        pupil=figures.pupil,
        role=policy.text("roles.office"),
        occasion=f"{AcademicYear.of(half.last)} {half.term} {half.number}",
        title=f"Send a text of praise: {word} attendance",
        why=f"Attendance in that half-term was {share}.",
        due=due,
        sent_as="praise-sent",
        facts=(("Word", word), ("Attendance this half-term", share)),
        is_praise=True,
        one_a_family=policy.flag("reward.one_message_a_family"),
    )
