"""The yearly review of the policy is asked for before its day, and stands until the policy is adopted anew.

Attendance policy 2023, Monitoring and review. Adopting it anew is a new value of the day of the next review.
"""

from collections.abc import Iterable

from mbls_rules_school.times import day_ends
from mbls_rules_school.wording import said_date
from mbls_sync.api import Moment, PolicyAt, Proposal, RaiseTask, Rank, SchoolCalendar, rule


@rule(id="GOV-01", cites="Monitoring and review", title="the policy's yearly review")
def judge_school(moment: Moment, policy: PolicyAt, calendar: SchoolCalendar) -> Iterable[Proposal]:
    review = policy.date_of("governance.next_review")
    if moment.last_school_day is None or (review - moment.day).days > policy.days("governance.review_ahead_days"):
        return
    overdue = "is overdue since" if review < moment.day else "is due by"
    yield RaiseTask(
        kind="review-policy",
        title="Put the attendance policy before the governing body",
        why=f"Its yearly review {overdue} {said_date(review)}.",
        due=day_ends(review, calendar, policy),
        role=policy.text("roles.head"),
        rank=Rank.CLOCK,
        occasion=f"{review} {moment.year}",
        steps=(
            "Read what it says against national law: mbls-sync check --law lists where they differ.",
            "Have the governing body adopt it, and write the next day of review under the day of adoption in "
            "config/policy/parameters/governance/next_review.yaml.",
        ),
    )
