"""The week's attendance of the whole school is told in the bulletin, beside the target.

Attendance policy 2023, Monitoring and review. No class and no pupil stands in it; a school of few pupils has no line.
"""

from collections.abc import Iterable

from mbls_rules_school.ended import ended_weeks
from mbls_rules_school.summing import share_of
from mbls_rules_school.times import day_ends
from mbls_sync.api import (
    AddToSheet,
    Figures,
    Moment,
    PolicyAt,
    Proposal,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
    shown_against,
)

ON, BELOW = "on target", "below target"


@rule(id="MON-13", cites="Monitoring and review", title="the line of the weekly bulletin, on or below the target")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    target = policy.percent("target.school")
    for monday, last in ended_weeks(moment, calendar, 1):
        counted = [figures for figures in figures.over(monday, last).values() if figures.possible]
        share = share_of(counted)
        if share is None or len(counted) < policy.count("analysis.small_number"):
            continue
        standing = ON if share >= target else BELOW
        said = f"{shown_against(share, target)}%"
        line = f"Attendance in the week of {monday.day} {monday:%B} was {said}. Our target is {target}%."
        cells = (("Attendance", said), ("Target", f"{target}%"), ("Standing", standing), ("Line", line))
        yield AddToSheet("bulletin", monday.isoformat(), f"Week of {monday.day} {monday:%B %Y}", "row", cells)
        yield RaiseTask(
            kind="bulletin-line",
            title=f"Put the week's attendance in the bulletin: {said}, {standing}",
            why="Staff and parents are told the school's attendance each week.",
            due=day_ends(calendar.school_day_after(last, 1), calendar, policy),
            role=policy.text("roles.office"),
            rank=Rank.FOLLOW_UP,
            occasion=monday.isoformat(),
            done_as="bulletin-published",
            say=line,
        )
