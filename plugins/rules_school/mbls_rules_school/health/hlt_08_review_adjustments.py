"""Each term the adjustments made for a pupil are looked at together.

Attendance policy 2023, SEND- and health-related absences. One task a term with a line for each pupil; what was
reviewed is recorded as an event of that pupil, who then leaves the list.
"""

from collections.abc import Iterable
from datetime import date

from mbls_rules_school.clocks import day_of
from mbls_rules_school.listing import counted, ids, lines, recorded_for_each
from mbls_rules_school.needs import has_adjustments
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import Figures, History, Moment, PolicyAt, Proposal, RaiseTask, Rank, SchoolCalendar, rule

REVIEWED = "adjustments-reviewed"


@rule(id="HLT-08", cites="SEND- and health-related absences", title="each term: review the adjustments")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    if moment.term is None or moment.last_school_day is None:
        return
    name, first, last = moment.term
    if calendar.school_days_between(first, moment.last_school_day) <= policy.days("adjustments.review_from_day"):
        return
    day = moment.last_school_day
    waiting = [h for h in figures.histories.values() if has_adjustments(h.pupil, day, policy) and _waits(h, first)]
    if not waiting:
        return
    yield RaiseTask(
        kind="review-adjustments",
        title=f"Review the adjustments of {counted(len(waiting), 'pupil')} with home",
        why=f"Adjustments are reviewed each term; these were not in the {name} term.",
        due=day_ends(calendar.sessions(first, last)[-1].day, calendar, policy),
        role=policy.text("roles.senco"),
        rank=Rank.CLOCK,
        occasion=f"{moment.year} {name}",
        steps=(
            "Meet home and ask the pupil: what helps, what does not?",
            recorded_for_each(REVIEWED),
        ),
        done_as=REVIEWED,
        each=ids(waiting),
        facts=lines(waiting, lambda history: attendance_said(history.figures)),
    )


def _waits(history: History, first: date) -> bool:
    reviewed = history.last_event(REVIEWED)
    return reviewed is None or day_of(reviewed, history.calendar) < first
