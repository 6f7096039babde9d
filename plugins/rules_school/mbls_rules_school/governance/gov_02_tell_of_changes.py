"""When values of the policy change, everybody concerned is told; the notice lists what was, and what is now.

Attendance policy 2023, Monitoring and review. What begins on one day is one notice, asked for some days before it.
A value that is written down later for the same day makes the notice a new one.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_date
from mbls_sync.api import Moment, PolicyAt, Proposal, RaiseTask, Rank, SchoolCalendar, rule

NATIONAL = "law."
"""What the name of a value of national law begins with: it is not the school's to change."""


@rule(id="GOV-02", cites="Monitoring and review", title="values of the policy change: tell everybody concerned")
def judge_school(moment: Moment, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    days = timedelta(days=policy.days("governance.change_notice_days"))
    first = max(moment.day - days, moment.go_live or moment.day - days)
    changes = (
        change for change in policy.changes(first, moment.day + days) if not change.parameter.startswith(NATIONAL)
    )
    for starts, found in groupby(changes, key=lambda change: change.after.since):
        changed = list(found)
        one = len(changed) == 1
        yield RaiseTask(
            kind="tell-of-change",
            title="Tell staff, parents and governors what changes in the attendance policy",
            why=f"{len(changed)} value{'' if one else 's'} of the policy change{'s' if one else ''} "
            f"on {said_date(starts)}.",
            due=day_ends(starts, calendar, policy),
            role=policy.text("roles.head"),
            rank=Rank.CLOCK,
            occasion=" ".join((starts.isoformat(), *(change.parameter for change in changed))),
            steps=("Send the notice home and to the staff, and put the changed policy where parents find it.",),
            done_as="policy-change-told",
            facts=tuple((c.describe, f"{c.after.says} (before: {c.before.says})") for c in changed),
        )
