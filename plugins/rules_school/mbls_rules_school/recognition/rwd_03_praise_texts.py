"""At the end of a half-term, home gets a text of praise for excellent or outstanding attendance.

Attendance policy 2023, Attendance intervention. Late arrivals before the close take nothing away.
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
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
    half = moment.half_term
    if half is None or not moment.half_term_ends:
        return
    counted = figures.over(half.first, half.last)
    for pupil in figures.histories:
        if pupil in counted and (word := _word(counted[pupil], policy)):
            yield _text(counted[pupil], word, half, policy, calendar)


def _word(figures: PupilFigures, policy: PolicyAt) -> str:
    """`outstanding`, `excellent`, or nothing."""
    if figures.possible < policy.count("reward.min_possible"):
        return ""
    attended, possible = 100 * figures.attended, figures.possible
    if attended >= policy.percent("reward.outstanding_percent") * possible:
        return "outstanding"
    return "excellent" if attended >= policy.percent("reward.excellent_percent") * possible else ""


def _text(figures: PupilFigures, word: str, half: HalfTerm, policy: PolicyAt, calendar: SchoolCalendar) -> DraftLetter:
    share = per_cent(figures.attended, figures.possible)
    return DraftLetter(
        template="praise-text",
        pupil=figures.pupil,
        role=policy.text("roles.office"),
        occasion=f"{AcademicYear.of(half.last)} {half.term} {half.number}",
        title=f"Send a text of praise: {word} attendance",
        why=f"Attendance in this half-term was {share}.",
        due=day_ends(half.last, calendar, policy),
        sent_as="praise-sent",
        facts=(("Word", word), ("Attendance this half-term", share)),
    )
