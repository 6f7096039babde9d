"""The deletion return: each pupil whose name is taken off the admission register, and on which ground.

School Attendance (Pupil Registration) (England) Regulations 2024, regulations 9(1) and 13(4) to (6); before them the
Education (Pupil Registration) (England) Regulations 2006, regulation 8(1). Attendance policy 2023, Roles and
responsibilities. Pupils of any age.
"""

from __future__ import annotations

from collections.abc import Sequence

from mbls_returns_la.layout import columns, laid_out
from mbls_sync.api import PolicyAt, ReturnDue, ReturnEntry, ReturnForm, ReturnTable, School, la_return

OWN = columns(
    ("LAESTAB", "laestab"),
    ("UPN", "upn"),
    ("Surname", "surname"),
    ("Forename", "forename"),
    ("Date of birth", "born"),
    ("Year group", "year_group"),
    ("Last day on the register", "left"),
    ("Ground", "ground"),
    ("Ground in words", "ground_in_words"),
    ("Address", "address"),
    ("Postcode", "postcode"),
    ("Parents and carers", "adults"),
    ("Emergency telephone numbers", "emergency_phones"),
    ("New address", "new_address"),
    ("Destination school", "destination"),
    ("Starts there on", "start_there"),
)


@la_return(id="deletion", cites="Roles and responsibilities", title="deletion return")
def write_return(
    due: ReturnDue, entries: Sequence[ReturnEntry], school: School, policy: PolicyAt, form: ReturnForm
) -> ReturnTable:
    """A row a pupil, by surname and forename. The ground is the letter of the law in force on the last day."""
    note = "A name is never taken off for a day that is past; the ground is a letter of the regulation."
    return laid_out(due, entries, school, policy, form, OWN, title="Deletion return", notes=(note,))
