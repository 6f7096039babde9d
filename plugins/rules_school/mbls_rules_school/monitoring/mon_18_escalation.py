"""Each week the designated senior leader is told of the pupils whose concern has grown.

Attendance policy 2023, Roles and responsibilities (attendance officer). A concern has grown where absence became
persistent or severe in the week, or a pupil who is being supported missed clearly more than before.
"""

from collections.abc import Iterable

from mbls_rules_school.cases import SUPPORT, steps
from mbls_rules_school.ended import ended_weeks
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import (
    AcademicYear,
    Figures,
    History,
    Moment,
    PolicyAt,
    Proposal,
    PupilFigures,
    RaiseTask,
    Rank,
    SchoolCalendar,
    rule,
)


@rule(id="MON-18", cites="Roles and responsibilities", title="a growing concern goes to the senior leader")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    weeks = ended_weeks(moment, calendar, 2)
    if len(weeks) < 2:
        return
    (_, before), (monday, last) = weeks
    grown = [
        (history, why)
        for history in figures.histories.values()
        if (why := _grown(history, history.counts(AcademicYear.of(last).first, before), policy))
    ]
    if not grown:
        return
    grown.sort(key=lambda row: (row[0].pupil.name, row[0].pupil.id))
    yield RaiseTask(
        kind="senior-leader-told",
        title=f"Tell the senior leader of {len(grown)} growing concern{'' if len(grown) == 1 else 's'}",
        why=f"In the week of {monday.day} {monday:%B} their absence grew worse.",
        due=day_ends(calendar.school_day_after(last, policy.days("escalation.days")), calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        occasion=monday.isoformat(),
        done_as="senior-leader-told",
        steps=("Tell the designated senior leader of each pupil below and what has been tried; agree the next step.",),
        facts=tuple(
            (f"{h.pupil.name}, {h.pupil.class_name}", f"{why}; {attendance_said(h.figures)}") for h, why in grown
        ),
    )


def _grown(history: History, before: PupilFigures, policy: PolicyAt) -> str:
    """In what way the concern has grown since the week before; empty where it has not."""
    now = history.figures
    if before.possible < policy.count("stage.min_possible"):
        return ""
    if now.severe and not before.severe:
        return "now severely absent"
    if now.persistent and not before.persistent:
        return "now persistently absent"
    fell = 100 * (before.attended * now.possible - now.attended * before.possible)
    clearly = policy.percent("escalation.fall_points") * before.possible * now.possible
    return "falls further under support" if steps(history, policy, *SUPPORT) and fell >= clearly else ""
