"""The attendance return: pupils who do not attend regularly, named to the LA with the cause.

Attendance policy 2023, Absence procedures; School Attendance (Pupil Registration) (England) Regulations 2024,
regulation 13: full name, address and the cause where it is known. Only pupils of compulsory school age stand in it.
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
    ("Possible sessions", "possible"),
    ("Authorised absence", "authorised"),
    ("Unauthorised absence", "unauthorised"),
    ("Attendance %", "percent"),
    ("N left", "n_left"),
    ("Last action", "last_action"),
    ("Last action on", "last_action_on"),
    ("Cause", "cause"),
)


@la_return(id="attendance", cites="Attendance policy 2023, Absence procedures", title="attendance return")
def write_return(
    due: ReturnDue, entries: Sequence[ReturnEntry], school: School, policy: PolicyAt, form: ReturnForm
) -> ReturnTable:
    """A row a pupil of compulsory school age, by surname and forename."""
    shown = of_age(entries, due)
    counted = "Sessions count from the day a pupil is of compulsory school age, in the year to date."
    notes = (counted, *doubts(shown))
    return laid_out(due, shown, school, policy, form, OWN, title="Attendance return", notes=notes)
