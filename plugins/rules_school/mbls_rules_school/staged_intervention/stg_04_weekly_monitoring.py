"""From the invitation to a review meeting on, a case is looked at every school week until it is closed.

Attendance policy 2023, Appendix A, 8. One task a week, with a line for each case: what was done for one of them
is recorded as an event of that pupil, who then leaves the list. Where the head wants it, pupils between the target
and the support level stand below them, to be looked at and no more.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from mbls_rules_school.cases import REVIEW_HELD, REVIEW_INVITED, last_step, steps
from mbls_rules_school.clocks import day_of
from mbls_rules_school.levels import is_below_target, needs_support, reaches
from mbls_rules_school.listing import counted, lines
from mbls_rules_school.times import week_ends
from mbls_rules_school.wording import attendance_said, said_day
from mbls_sync.api import (
    Figures,
    History,
    Moment,
    PolicyAt,
    Proposal,
    RaiseTask,
    Rank,
    SchoolCalendar,
    monday,
    rule,
)

MONITORED = "case-monitored"


@rule(id="STG-04", cites="Appendix A, 8", title="open cases: look at the week")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    if moment.last_school_day is None:
        return
    week = monday(moment.last_school_day)
    watched = [history for history in figures.histories.values() if _is_watched(history, week, policy, calendar)]
    drifting = [history for history in figures.histories.values() if _drifts(history, policy)]
    if not watched and not drifting:
        return
    yield RaiseTask(
        kind="monitor-cases",
        title=f"Look at the week of {counted(len(watched), 'open case')}{_and_drifting(drifting)}",
        why="Home was invited to a review meeting, from which on a case is watched weekly.",
        due=week_ends(week, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        occasion=week.isoformat(),
        steps=(
            "Look at each case's marks of the week, from " + said_day(week) + ".",
            f"Where home was spoken to, record it: mbls-sync events record {MONITORED} --upn UPN.",
        ),
        done_as=MONITORED,
        facts=(*lines(watched, lambda h: _week(h, week)), *lines(drifting, lambda h: _week(h, week))),
    )


def _is_watched(history: History, week: date, policy: PolicyAt, calendar: SchoolCalendar) -> bool:
    """Whether the case was opened before this week and has not been looked at in it."""
    begun = steps(history, policy, REVIEW_INVITED, REVIEW_HELD)
    if not begun or not reaches(history.pupil, history, policy) or day_of(begun[0], calendar) >= week:
        return False
    looked = last_step(history, policy, MONITORED)
    return looked is None or day_of(looked, calendar) < week


def _drifts(history: History, policy: PolicyAt) -> bool:
    """Whether attendance is below the target and above the support level, where the head wants these watched."""
    if policy.text("stage.below_target_action") != "watch" or not reaches(history.pupil, history, policy):
        return False
    return is_below_target(history, policy) and not needs_support(history, policy)


def _and_drifting(drifting: list[History]) -> str:
    return f", and of {len(drifting)} below the target" if drifting else ""


def _week(history: History, week: date) -> str:
    marks = " ".join(code or "·" for _, code in history.codes(week, week + timedelta(days=6)))
    return f"{marks}; {attendance_said(history.figures)}"
