"""Where the policy itself leaves something open: a review that is overdue, a heading without a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from mbls_sync.policy.view import Parameter, PolicyAt

REPORT, REVIEW, HEADINGS = "governance.gap_report", "governance.next_review", "governance.headings_without_text"


def gaps(parameters: Mapping[str, Parameter], day: date) -> tuple[str, ...]:
    """Each gap of the policy on a day, in a sentence for people; none where the school has silenced the report.

    A gap is told and never filled: what the policy does not say, the program does not do.
    """
    policy = PolicyAt(parameters, day)
    if not policy.is_in_force(REPORT) or not policy.flag(REPORT):
        return ()
    found: list[str] = []
    if policy.is_in_force(REVIEW) and (due := policy.date_of(REVIEW)) < day:
        found.append(
            f"The attendance policy was due for review by {due.day} {due:%B %Y} (Monitoring and review). "
            f"Until the governing body adopts it anew, it is followed as it stands."
        )
    headings = policy.text(HEADINGS).split(",") if policy.is_in_force(HEADINGS) else []
    if named := " and ".join(f"“{heading.strip()}”" for heading in headings if heading.strip()):
        found.append(f"The policy's contents name {named}, and no text follows: nothing is done under that name.")
    return tuple(found)
