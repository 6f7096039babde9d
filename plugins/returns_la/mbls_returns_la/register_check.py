"""The termly register check: every pupil at or below the school's percentage, put to the LA once a term.

Attendance policy 2023, Appendix A, 5. The LA publishes no layout; these are the columns that the people who
meet about the list ask for (who, what was missed, what is still unexplained, what was done last).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mbls_returns_la.wording import attendance_percent, by_name, laestab, last_action, plain
from mbls_sync.api import Cell, PolicyAt, ReturnDue, ReturnEntry, ReturnTable, School, la_return

COLUMNS = (
    "LAESTAB",
    "UPN",
    "Surname",
    "Forename",
    "Date of birth",
    "Year group",
    "Possible sessions",
    "Attended sessions",
    "Authorised absence",
    "Unauthorised absence",
    "Attendance %",
    "N left",
    "Stage",
    "Last action",
    "Last action on",
    "Cause",
)


@la_return(id="register-check", cites="Attendance policy 2023, Appendix A, 5", title="termly register check")
def write_return(due: ReturnDue, entries: Sequence[ReturnEntry], school: School, policy: PolicyAt) -> ReturnTable:
    """A row a pupil, by surname and forename; percentages to one decimal, sessions as counts."""
    percent = policy.percent("la.register_check.percent")
    cohort = policy.text("la.register_check.cohort")
    return ReturnTable(
        name="register-check",
        title=f"Register check, {due.period}",
        subtitle=f"{school.name} ({school.la_code}/{school.establishment_number}), due {due.due:%d/%m/%Y}",
        columns=COLUMNS,
        rows=tuple(tuple(_row(entry, school)) for entry in by_name(entries)),
        notes=(
            f"Pupils whose attendance in the year to date is {plain(percent)}% or less.",
            f"Whose sessions count: {cohort}.",
            "N left: sessions for which the reason is not yet established.",
        ),
    )


def _row(entry: ReturnEntry, school: School) -> Iterator[Cell]:
    pupil, figures = entry.pupil, entry.figures
    yield laestab(school)
    yield from (pupil.upn, pupil.surname, pupil.forename, pupil.born, pupil.year_group)
    yield from (figures.possible, figures.attended, figures.authorised, figures.unauthorised)
    yield attendance_percent(figures)
    yield from (entry.unexplained_left, entry.stage or "no step recorded")
    yield from last_action(entry.last_action)
    yield entry.cause
