"""Each week the attendance officer sees who came late, how often and by how much, and tells the class staff.

Attendance policy 2023, Roles and responsibilities (attendance officer). L is late before the register's close, U after.
"""

from collections.abc import Iterable
from datetime import date

from mbls_rules_school.ended import ended_weeks
from mbls_rules_school.times import day_ends
from mbls_sync.api import (
    AddToSheet,
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


@rule(id="MON-17", cites="Roles and responsibilities", title="punctuality of the week: L, U and minutes")
def judge_school(moment: Moment, figures: Figures, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    for monday, last in ended_weeks(moment, calendar, 1):
        counted = figures.over(monday, last)
        late = {id: f for id, f in counted.items() if f.late_before_close + f.late_after_close}
        if not any(f.possible for f in counted.values()):
            continue
        yield AddToSheet("punctuality", monday.isoformat(), f"Week of {monday.day} {monday:%B %Y}", "row", (
            ("Pupils late", str(len(late))),
            ("Late before close", str(sum(f.late_before_close for f in late.values()))),
            ("Late after close", str(sum(f.late_after_close for f in late.values()))),
            ("Minutes late", str(_minutes(figures, None, monday, last))),
        ))  # fmt: skip
        often = policy.count("punctuality.week_times")
        named = [
            (figures.histories[id], f)
            for id, f in late.items()
            if id in figures.histories and f.late_before_close + f.late_after_close >= often
        ]
        if named:
            yield _task(named, figures, (monday, last), policy, calendar)


def _task(
    named: list[tuple[History, PupilFigures]],
    figures: Figures,
    week: tuple[date, date],
    policy: PolicyAt,
    calendar: SchoolCalendar,
) -> RaiseTask:
    named.sort(
        key=lambda row: (-row[1].late_before_close - row[1].late_after_close, row[0].pupil.name, row[0].pupil.id)
    )
    monday, last = week
    return RaiseTask(
        kind="review-punctuality",
        title=f"Look at who came late in the week of {monday.day} {monday:%B}",
        why=f"{len(named)} pupil{' was' if len(named) == 1 else 's were'} late more than once.",
        due=day_ends(calendar.school_day_after(last, policy.days("punctuality.review_days")), calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.FOLLOW_UP,
        occasion=monday.isoformat(),
        done_as="punctuality-reviewed",
        steps=("Ask what makes the morning hard, and tell the class staff.",),
        facts=tuple((f"{h.pupil.name}, {h.pupil.class_name}", _said(h, f, figures, week)) for h, f in named),
    )


def _said(history: History, counted: PupilFigures, figures: Figures, week: tuple[date, date]) -> str:
    minutes = _minutes(figures, history, *week)
    parts = [
        f"{counted.late_before_close} × L" if counted.late_before_close else "",
        f"{counted.late_after_close} × U" if counted.late_after_close else "",
        f"{minutes} minutes" if minutes else "",
    ]
    return ", ".join(part for part in parts if part)


def _minutes(figures: Figures, history: History | None, first: date, last: date) -> int:
    """Minutes late that the MIS gave for one pupil, or for everybody."""
    return sum(
        detail.minutes_late or 0
        for (pupil, session), detail in figures.details.items()
        if first <= session.day <= last and (history is None or pupil == history.pupil.id)
    )
