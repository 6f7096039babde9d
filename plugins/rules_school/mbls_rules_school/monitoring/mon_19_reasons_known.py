"""At the end of the school day every absence has its reason; those that have none are named.

Attendance policy 2023, Roles and responsibilities (attendance officer). It goes away as the reasons are coded.
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
from mbls_sync.api import (
    UNEXPLAINED_CODE,
    Figures,
    Moment,
    PolicyAt,
    Proposal,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
)


@rule(id="MON-19", cites="Roles and responsibilities", title="the day's end: a reason for every absence")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    day = moment.last_school_day
    if day is None or day != moment.day or not moment.day_ends:
        return
    unexplained = [
        (history, sessions)
        for history in figures.histories.values()
        if (sessions := [session.period.value for session, code in history.codes(day, day) if code == UNEXPLAINED_CODE])
    ]
    if not unexplained:
        return
    unexplained.sort(key=lambda row: (row[0].pupil.class_name, row[0].pupil.name, row[0].pupil.id))
    yield RaiseTask(
        kind="reasons-not-known",
        title=f"Find the reason for {len(unexplained)} absence{'' if len(unexplained) == 1 else 's'} of today",
        why="The reason of every absence is to be known by the end of the day.",
        due=day_ends(day, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.UNEXPLAINED,
        occasion=day.isoformat(),
        facts=tuple((f"{h.pupil.name}, {h.pupil.class_name}", " and ".join(periods)) for h, periods in unexplained),
    )
