"""A pupil who comes back after a long absence is helped to settle in again, by a plan.

Attendance policy 2023, SEND- and health-related absences.
"""

from collections.abc import Iterable

from mbls_rules_school.clocks import day_of
from mbls_rules_school.long_absence import long_absence
from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said, said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, Run, SchoolCalendar, rule

PLANNED = "return-planned"


@rule(id="HLT-05", cites="SEND- and health-related absences", title="back after a long absence: plan the return")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    run = long_absence(history, policy)
    if run is None or run.last == history.until or _is_planned(run, history):
        return
    back = calendar.school_day_after(run.last.day, 1)
    attended = history.counts(back, history.until.day).attended
    days = calendar.school_days_between(back, history.until.day)
    if not attended or days > policy.days("long_absence.plan_days"):
        return
    yield RaiseTask(
        kind="plan-return",
        title="Plan the return with home",
        why=f"Back after {run.school_days} school days away, {said_day(run.first.day)} to {said(run.last)}.",
        due=day_ends(calendar.school_day_after(back, 0), calendar, policy),
        role=policy.text("roles.senco"),
        rank=Rank.FOLLOW_UP,
        pupil=pupil.id,
        occasion=str(run.first),
        steps=(
            "Ask home and the pupil what would make the first days easier.",
            "Agree what to catch up on, with whom, and whether the days begin shorter.",
            "Set a day to look at it again.",
        ),
        done_as=PLANNED,
    )


def _is_planned(run: Run, history: History) -> bool:
    """Whether a plan was made since the absence began."""
    planned = history.last_event(PLANNED)
    return planned is not None and day_of(planned, history.calendar) >= run.first.day
