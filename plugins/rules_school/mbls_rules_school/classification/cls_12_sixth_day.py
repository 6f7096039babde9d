"""From the sixth day of a suspension the pupil is taught elsewhere: E is then no longer the code.

Attendance policy 2023, Attendance register: E is for a suspended or excluded pupil without alternative provision.
The law asks for provision from the sixth school day on, for pupils of compulsory school age (Education Act 1996).
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="CLS-12", cites="Attendance register", title="suspended for long: is provision arranged?")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    codes = policy.text("exclusion.codes").split()
    runs = history.unbroken(*codes) if history.code(history.until) in codes else ()
    last = runs[-1] if runs else None
    days = policy.days("exclusion.provision_day")
    # Asked a school day before it is owed: to arrange a place takes a telephone call, not a glance.
    if last is None or last.school_days < days - 1 or last.last != history.until:
        return
    owed = calendar.school_day_after(calendar.school_day_after(last.first.day, 0), days - 1)
    if not pupil.is_compulsory_school_age(owed):
        return
    yield RaiseTask(
        kind="arrange-provision",
        title=f"See that the pupil is taught from {said_day(owed)} on",
        why=f"Suspended or excluded since {said_day(last.first.day)}; provision is owed from school day {days} on.",
        due=day_ends(owed, calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        pupil=pupil.id,
        occasion=str(last.first),
        steps=(
            "For a suspension the school arranges it; for a permanent exclusion the LA does.",
            "Enter the code of where the pupil then attends (B, D or K) in place of E.",
        ),
        done_as="provision-arranged",
    )
