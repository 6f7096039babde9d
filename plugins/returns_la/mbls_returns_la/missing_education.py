"""The missing-education referral: a pupil of whom nobody knows where they are.

Attendance policy 2023, Absence procedures: the LA's guidance on children missing education is followed. Only
pupils of compulsory school age: the duty to identify them is about these (Education Act 1996, section 436A).
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
    ("Last known address", "address"),
    ("Postcode", "postcode"),
    ("Parents and carers", "adults"),
    ("Last day in school", "last_seen"),
    ("Attempts to reach home", "attempts"),
    ("Enquiries made", "enquiries"),
    ("Concern", "concern"),
    ("Brothers and sisters at this school", "siblings"),
    ("Cause", "cause"),
)


@la_return(id="missing-education", cites="Absence procedures", title="missing-education referral")
def write_return(
    due: ReturnDue, entries: Sequence[ReturnEntry], school: School, policy: PolicyAt, form: ReturnForm
) -> ReturnTable:
    """A row a pupil of compulsory school age, by surname and forename."""
    shown = of_age(entries, due)
    note = "Where harm is suspected, children's social care is told at once and not by this form."
    return laid_out(
        due, shown, school, policy, form, OWN, title="Missing-education referral", notes=(note, *doubts(shown))
    )
