"""A role of the policy that nobody holds is put before the head.

Attendance policy 2023, Roles and responsibilities. Who holds a role is written in the table of holders; a home visit
needs so many members of staff.
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
from mbls_sync.api import Moment, PolicyAt, Proposal, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="GOV-06", cites="Roles and responsibilities", title="a role that nobody holds")
def judge_school(moment: Moment, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    holders = policy.table("roles.holders")
    open_ones = [role for role, holder in holders.items() if not holder.strip()]
    visitors = [name for name in holders.get("home visits", "").split(";") if name.strip()]
    wanted = policy.count("home_visit.staff")
    if "home visits" in holders and 0 < len(visitors) < wanted:
        open_ones.append(f"home visits ({len(visitors)} of {wanted} named)")
    if not open_ones or moment.last_school_day is None:
        return
    yield RaiseTask(
        kind="fill-roles",
        title="Say who holds each role of the attendance policy",
        why=f"Nobody is named for: {', '.join(open_ones)}. What falls to them reaches nobody.",
        due=day_ends(calendar.school_day_after(moment.year.first, policy.days("roles.fill_days")), calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        occasion=f"{moment.year} {', '.join(sorted(open_ones))}",
        steps=(
            "Open config/policy/parameters/roles/holders.yaml with a text editor, and write each name between the "
            "quotes behind its role, as in 'SENCO': 'A. Example'.",
            "For home visits write as many names as are wanted, divided by a semicolon.",
            "Run mbls-sync check; this task closes by itself in the next pass.",
        ),
    )
