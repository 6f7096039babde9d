"""The sickness return: pupils who will miss, or have missed, so many days through illness.

School Attendance (Pupil Registration) (England) Regulations 2024, regulation 13; attendance policy 2023,
SEND- and health-related absences. One return for each continuous illness. Only pupils of compulsory school age.
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
    ("First day of illness", "episode_first"),
    ("Last day marked", "episode_last"),
    ("School days", "episode_days"),
    ("Codes", "codes"),
    ("Expected back", "expected_back"),
    ("Medical evidence", "evidence"),
    ("Cause", "cause"),
)


@la_return(id="sickness", cites="SEND- and health-related absences", title="sickness return")
def write_return(
    due: ReturnDue, entries: Sequence[ReturnEntry], school: School, policy: PolicyAt, form: ReturnForm
) -> ReturnTable:
    """A row a pupil of compulsory school age, by surname and forename."""
    shown = of_age(entries, due)
    days = f"Illness of {policy.days('sickness.return_days')} school days or more, had or expected; code I only."
    return laid_out(due, shown, school, policy, form, OWN, title="Sickness return", notes=(days, *doubts(shown)))
