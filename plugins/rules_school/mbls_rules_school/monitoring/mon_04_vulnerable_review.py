"""Each month vulnerable pupils and pupils of concern are looked at; home is told of a concern by letter.

Attendance policy 2023, Appendix A, 15. It is about the month that is over, and stands until it is done or the next
month is over. A letter is drafted where attendance in that month calls for support and home was not written to in it.
"""

from collections.abc import Iterable
from datetime import date

from mbls_rules_school.cases import SUPPORT, steps
from mbls_rules_school.ended import ended_month, review_due
from mbls_rules_school.levels import CLOSED, reaches
from mbls_rules_school.returning import Span
from mbls_rules_school.vulnerable import groups_of
from mbls_rules_school.wording import attendance_facts, attendance_said
from mbls_sync.api import (
    DraftLetter,
    Figures,
    History,
    Moment,
    PolicyAt,
    Proposal,
    PupilFigures,
    RaiseTask,
    Rank,
    SchoolCalendar,
    in_days,
    rule,
)

TOLD = "monthly-concern-told"
REVIEWED = "vulnerable-reviewed"


@rule(id="MON-04", cites="Appendix A, 15", title="vulnerable pupils and concerns: look at the month, write home")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    month = ended_month(moment, calendar)
    if month is None or "vulnerable pupils" not in policy.text("monitoring.reviews"):
        return
    watched = [
        (history, why, history.counts(month.first, month.due))
        for history in figures.histories.values()
        if (why := _watched(history, month.due, policy))
    ]
    low = [row for row in watched if _is_low(row[2], policy)]
    if not watched:
        return
    low.sort(key=lambda row: (row[0].pupil.name, row[0].pupil.id))
    yield RaiseTask(
        kind="review-vulnerable",
        title=f"Review vulnerable pupils and concerns of {month.first:%B}",
        why=f"{len(low)} of {len(watched)} pupils vulnerable or of concern were often away in {month.first:%B}.",
        due=review_due(month, policy, calendar),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        occasion=month.period,
        done_as=REVIEWED,
        steps=(
            "Look at each pupil below and at what is being done.",
            "Send the letters that are drafted, or say why not.",
        ),
        facts=tuple((f"{h.pupil.name}, {h.pupil.class_name} ({why})", attendance_said(then)) for h, why, then in low),
    )
    for history, _, then in low:
        if reaches(history.pupil, history, policy) and not _was_written_to(history, month):
            yield _letter(history, then, month, policy, calendar)


def _watched(history: History, day: date, policy: PolicyAt) -> str:
    """Why the pupil is looked at: the vulnerable groups, or an open case of support; empty: not."""
    groups = groups_of(history.pupil, day, policy)
    concern = ("Of concern",) if steps(history, policy, *SUPPORT) else ()
    return ", ".join((*groups, *concern))


def _is_low(then: PupilFigures, policy: PolicyAt) -> bool:
    if then.possible < policy.count("monitoring.month_min_possible"):
        return False
    return 100 * then.absent >= (100 - policy.percent("stage.support_percent")) * then.possible


def _was_written_to(history: History, month: Span) -> bool:
    """Whether home was written to or met in that month or since; the letter about it is this one.

    Thanks for a case that has closed count too: a letter of concern the day after would take them back.
    """
    zone = history.calendar.zone
    return any(event.at.astimezone(zone).date() >= month.first for event in history.events_of(*SUPPORT, CLOSED))


def _letter(
    history: History, then: PupilFigures, month: Span, policy: PolicyAt, calendar: SchoolCalendar
) -> DraftLetter:
    return DraftLetter(
        template="monthly-concern-letter",
        pupil=history.pupil.id,
        role=policy.text("roles.attendance_officer"),
        occasion=month.period,
        title=f"Check and send the letter about attendance in {month.first:%B}",
        why=f"Attendance in {month.first:%B} was {attendance_said(then)}.",
        due=review_due(month, policy, calendar),
        sent_as=TOLD,
        facts=(
            ("Month", f"{month.first:%B}"),
            ("Days missed in the month", in_days(then.absent)),
            *attendance_facts(history),
        ),
    )
