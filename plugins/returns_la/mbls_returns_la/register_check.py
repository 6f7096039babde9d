"""The termly register check: every pupil at or below the school's percentage, put to the LA once a term.

Attendance policy 2023, Appendix A, 5. The LA publishes no layout; these are the columns that the people who
meet about the list ask for (who, what was missed, what is still unexplained, what was done last).
"""

from __future__ import annotations

from collections.abc import Sequence

from mbls_returns_la.layout import columns, laid_out
from mbls_returns_la.wording import plain
from mbls_sync.api import PolicyAt, ReturnDue, ReturnEntry, ReturnForm, ReturnTable, School, la_return

OWN = columns(
    ("LAESTAB", "laestab"),
    ("UPN", "upn"),
    ("Surname", "surname"),
    ("Forename", "forename"),
    ("Date of birth", "born"),
    ("Year group", "year_group"),
    ("Possible sessions", "possible"),
    ("Attended sessions", "attended"),
    ("Authorised absence", "authorised"),
    ("Unauthorised absence", "unauthorised"),
    ("Attendance %", "percent"),
    ("N left", "n_left"),
    ("Stage", "stage"),
    ("Last action", "last_action"),
    ("Last action on", "last_action_on"),
    ("Cause", "cause"),
)


@la_return(id="register-check", cites="Attendance policy 2023, Appendix A, 5", title="termly register check")
def write_return(
    due: ReturnDue, entries: Sequence[ReturnEntry], school: School, policy: PolicyAt, form: ReturnForm
) -> ReturnTable:
    """A row a pupil, by surname and forename; percentages to one decimal, sessions as counts."""
    percent = policy.percent("la.register_check.percent")
    notes = (
        f"Pupils whose attendance in the year to date is {plain(percent)}% or less.",
        f"Whose sessions count: {policy.text('la.register_check.cohort')}.",
        "N left: sessions for which the reason is not yet established.",
    )
    return laid_out(due, entries, school, policy, form, OWN, title="Register check", notes=notes)
