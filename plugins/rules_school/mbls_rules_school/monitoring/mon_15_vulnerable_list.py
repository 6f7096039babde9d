"""The list of vulnerable pupils by group is always that of today, and is gone through each half-term.

Attendance policy 2023, Persistent absence. What the MIS has no field for (bullying, discrimination) is a flag.
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
from mbls_rules_school.vulnerable import groups_of
from mbls_sync.api import (
    AcademicYear,
    AddToSheet,
    Figures,
    Moment,
    PolicyAt,
    Proposal,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
)


@rule(id="MON-15", cites="Persistent absence", title="the list of vulnerable pupils is kept fresh")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for history in figures.histories.values():
        for group in groups_of(history.pupil, moment.day, policy):
            groups.setdefault(group, []).append((history.pupil.name, history.pupil.class_name))
    for group, pupils in sorted(groups.items()):
        yield AddToSheet("vulnerable-pupils", group, group, "report", tuple(sorted(pupils)))
    half = moment.half_term
    if half is None or not half.first <= moment.day <= half.last or not figures.histories:
        return
    yield RaiseTask(
        kind="refresh-vulnerable-list",
        title="Go through the list of vulnerable pupils",
        why="Who is vulnerable to absence changes; the list is checked each half-term.",
        due=day_ends(calendar.school_day_after(half.first, policy.days("vulnerable.refresh_days")), calendar, policy),
        role=policy.text("roles.senior_leader"),
        rank=Rank.FOLLOW_UP,
        occasion=f"{AcademicYear.of(half.first)} {half.term} {half.number}",
        done_as="vulnerable-list-checked",
        steps=(
            "Read the sheet vulnerable-pupils; correct in the MIS who is missing or no longer belongs there.",
            "Ask the DSL who has faced bullying or discrimination; such a pupil gets that flag.",
        ),
        facts=tuple((group, str(len(pupils))) for group, pupils in sorted(groups.items())),
    )
