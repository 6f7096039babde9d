"""The new-pupil return: each pupil who is entered in the admission register, with all that it holds.

School Attendance (Pupil Registration) (England) Regulations 2024, regulation 13(1) to (3). Pupils of any age.
"""

from __future__ import annotations

from collections.abc import Sequence

from mbls_returns_la.layout import columns, laid_out
from mbls_sync.api import PolicyAt, ReturnDue, ReturnEntry, ReturnForm, ReturnTable, School, la_return

REGULATIONS = "School Attendance (Pupil Registration) (England) Regulations 2024"
OWN = columns(
    ("LAESTAB", "laestab"),
    ("UPN", "upn"),
    ("Surname", "surname"),
    ("Forename", "forename"),
    ("Sex", "sex"),
    ("Date of birth", "born"),
    ("Year group", "year_group"),
    ("Entered on", "admitted"),
    ("Address", "address"),
    ("Postcode", "postcode"),
    ("Parents and carers", "adults"),
    ("Emergency telephone numbers", "emergency_phones"),
    ("Last school", "came_from"),
)


@la_return(id="new-pupil", cites=REGULATIONS, title="new-pupil return")
def write_return(
    due: ReturnDue, entries: Sequence[ReturnEntry], school: School, policy: PolicyAt, form: ReturnForm
) -> ReturnTable:
    """A row a pupil, by surname and forename."""
    days = policy.days("la.new_pupil.days")
    note = f"Each pupil within {days} days of the day on which they were entered in the admission register."
    return laid_out(due, entries, school, policy, form, OWN, title="New-pupil return", notes=(note,))
