"""The LA's absence alert: a pupil away for so many school days without a break, authorised or not.

Attendance policy 2023, SEND- and health-related absences; the day is the LA's own. One child a form where the LA
has a web form for it. Only pupils of compulsory school age.
"""

from __future__ import annotations

from collections.abc import Sequence

from mbls_returns_la.layout import columns, doubts, laid_out, of_age
from mbls_sync.api import PolicyAt, ReturnDue, ReturnEntry, ReturnForm, ReturnTable, School, la_return

OWN = columns(
    ("LAESTAB", "laestab"),
    ("UPN", "upn"),
    ("Surname", "surname"),
    ("Forename", "forename"),
    ("Date of birth", "born"),
    ("Address", "address"),
    ("Postcode", "postcode"),
    ("First day away", "episode_first"),
    ("Last day marked", "episode_last"),
    ("School days", "episode_days"),
    ("Codes", "codes"),
    ("Attempts to reach home", "attempts"),
    ("Cause", "cause"),
)


@la_return(id="absence-alert", cites="SEND- and health-related absences", title="absence alert")
def write_return(
    due: ReturnDue, entries: Sequence[ReturnEntry], school: School, policy: PolicyAt, form: ReturnForm
) -> ReturnTable:
    """A row a pupil of compulsory school age, by surname and forename."""
    shown = of_age(entries, due)
    days = f"Away for {policy.days('la.absence_alert_days')} school days without a break, for whatever reason."
    return laid_out(due, shown, school, policy, form, OWN, title="Absence alert", notes=(days, *doubts(shown)))
