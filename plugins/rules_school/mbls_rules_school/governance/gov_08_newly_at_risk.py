"""The staff are told of pupils who have come into the band at risk of persistent absence.

Attendance policy 2023, Training of staff. One card with a line a pupil; whom a notice already named is not on the
next, as long as the present case lasts.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from mbls_rules_school.cases import opened_since
from mbls_rules_school.levels import AT_RISK, band, so_far
from mbls_rules_school.times import week_ends
from mbls_rules_school.wording import attendance_said
from mbls_sync.api import (
    Event,
    Figures,
    History,
    Moment,
    Period,
    PolicyAt,
    Proposal,
    RaiseTask,
    Rank,
    SchoolCalendar,
    Session,
    rule,
)

TOLD = "staff-told-at-risk"


@rule(id="GOV-08", cites="Training of staff", title="pupils newly at risk: tell the class staff")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    told = [event for event in figures.events if event.kind == TOLD]
    fresh = [
        history
        for history in figures.histories.values()
        if band(history, policy) == AT_RISK and not _is_told(history, told, policy)
    ]
    if not fresh or moment.last_school_day is None:
        return
    fresh.sort(key=lambda history: (history.pupil.class_name, history.pupil.name, history.pupil.id))
    yield RaiseTask(
        kind="tell-class-staff",
        title=f"Tell the class staff of {len(fresh)} pupil{'' if len(fresh) == 1 else 's'} newly at risk",
        why="Attendance has come into the band at risk of persistent absence; early help prevents more.",
        due=week_ends(moment.last_school_day, calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        occasion=f"after {told[-1].at.isoformat()}" if told else f"{moment.year}",
        done_as=TOLD,
        facts=tuple((f"{h.pupil.name}, {h.pupil.class_name}", attendance_said(so_far(h, policy))) for h in fresh),
    )


def _is_told(history: History, told: list[Event], policy: PolicyAt) -> bool:
    """Whether the staff were told of this pupil in the present case: by name, or by a card that named the pupil."""
    since = opened_since(history, policy)
    if history.events_of(TOLD, since=since):
        return True
    zone = history.calendar.zone
    days = (event.at.astimezone(zone).date() for event in told if event.at >= since)
    return any(band(_as_of(day, history), policy) == AT_RISK for day in days)


def _as_of(day: date, history: History) -> History:
    """What was known of the pupil's attendance at the end of an earlier day of the year."""
    until = min(history.until, Session(day, Period.PM))
    return replace(history, until=until, figures=history.counts(history.year.first, day))
