"""While a pupil is long away, the school keeps in touch each week, and helps the pupil to keep in touch with friends.

Attendance policy 2023, SEND- and health-related absences.
"""

from collections.abc import Iterable

from mbls_rules_school.clocks import day_of
from mbls_rules_school.long_absence import long_absence
from mbls_rules_school.times import week_ends
from mbls_rules_school.wording import said_day
from mbls_sync.api import History, PolicyAt, Proposal, Pupil, RaiseTask, Rank, SchoolCalendar, monday, rule

KEPT = "kept-in-touch"


@rule(id="HLT-04", cites="SEND- and health-related absences", title="long away: keep in touch each week")
def judge_pupil(pupil: Pupil, history: History, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    run, week = long_absence(history, policy), monday(history.until.day)
    if run is None or run.last != history.until:
        return
    kept = history.last_event(KEPT)
    if kept is not None and day_of(kept, calendar) >= week:
        return
    yield RaiseTask(
        kind="keep-in-touch",
        title="Keep in touch with a pupil who is long away",
        why=f"Away for {run.school_days} school days, since {said_day(run.first.day)}.",
        due=week_ends(week, calendar, policy),
        role=policy.text("roles.class_staff"),
        rank=Rank.FOLLOW_UP,
        pupil=pupil.id,
        occasion=week.isoformat(),
        steps=(
            "Tell the pupil what goes on at school, and about events and clubs.",
            "Help the pupil to hear from friends.",
        ),
        done_as=KEPT,
    )
