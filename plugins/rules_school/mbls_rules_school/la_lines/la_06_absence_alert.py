"""On the fifteenth school day of an unbroken absence, authorised or not, the LA's absence alert is due.

Attendance policy 2023, SEND- and health-related absences; the day is Central Bedfordshire's. Only pupils of
compulsory school age.
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import attendance_facts, said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="LA-06", cites="SEND- and health-related absences", title="15 school days away: the LA's absence alert")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    if not pupil.is_compulsory_school_age(history.until.day):
        return
    runs, days = history.absence_runs(), policy.days("la.absence_alert_days")
    if not runs or runs[-1].school_days < days:
        return
    run = runs[-1]
    yield RaiseTask(
        kind="absence-alert",
        title="Send the LA's mandatory absence alert",
        why=f"Away for {run.school_days} school days without a break, since {said_day(run.first.day)}.",
        due=day_ends(calendar.school_day_after(run.first.day, days - 1), calendar, policy),
        role=policy.text("roles.attendance_officer"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=str(run.first),
        steps=("Complete the alert on the LA's site.", "Say what was done and what is known of the reason."),
        done_as="absence-alert-sent",
        facts=attendance_facts(history),
    )
