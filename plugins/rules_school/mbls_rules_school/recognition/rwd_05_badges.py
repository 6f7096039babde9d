"""At the end of the year, pupils who missed nothing get a badge; the office is told in time to order them.

Attendance policy 2023, Attendance intervention.
"""

from collections.abc import Iterable

from mbls_rules_school.praise import is_outstanding
from mbls_rules_school.times import day_ends
from mbls_sync.api import Figures, Moment, PolicyAt, Proposal, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="RWD-05", cites="Attendance intervention", title="year's end: badges for a year without absence")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    last = moment.last_school_day
    if last is None or not calendar.covers(last):
        return
    year = calendar.school_year(last)
    held = year.sessions
    if not held or calendar.school_days_between(last, held[-1].day) > policy.days("reward.badges_days_before"):
        return
    counted = figures.over(year.year.first, last)
    named = [
        (history.pupil.class_name, history.pupil.name)
        for id, history in figures.histories.items()
        if id in counted and is_outstanding(counted[id], history, year.year.first, last, policy)
    ]
    if not named:
        return
    yield RaiseTask(
        kind="give-badges",
        title=f"Give {len(named)} badge{'' if len(named) == 1 else 's'} for a year without absence",
        why="These pupils have attended every possible session of this school year so far.",
        due=day_ends(held[-1].day, calendar, policy),
        role=policy.text("roles.office"),
        rank=Rank.PRAISE,
        occasion=str(year.year),
        steps=("Order the badges.", "Look again on the day: who has missed a session since has left this list."),
        done_as="badges-given",
        facts=tuple((name, class_name) for class_name, name in sorted(named)),
    )
