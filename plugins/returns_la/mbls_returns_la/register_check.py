"""The termly register check: every pupil at or below the school's percentage, put to the LA once a term.

Attendance policy 2023, Appendix A, 5. The LA publishes no layout; these are the columns that the people who
meet about the list ask for (who, what was missed, what is still unexplained, what was done last).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

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
    """A row a pupil, in the order given; percentages to one decimal, sessions as counts."""
    percent = policy.percent("la.register_check.percent")
    cohort = policy.text("la.register_check.cohort")
    return ReturnTable(
        name="register-check",
        title=f"Register check, {due.period}",
        subtitle=f"{school.name} ({school.la_code}/{school.establishment_number}), due {due.due:%d/%m/%Y}",
        columns=COLUMNS,
        rows=tuple(tuple(_row(entry, school)) for entry in entries),
        notes=(
            f"Pupils whose attendance in the year to date is {_short(percent)}% or less.",
            f"Whose sessions count: {cohort}.",
            "N left: sessions for which the reason is not yet established.",
        ),
    )


def _row(entry: ReturnEntry, school: School) -> Iterator[Cell]:
    pupil, figures, last = entry.pupil, entry.figures, entry.last_action
    yield f"{school.la_code}{school.establishment_number}"
    yield pupil.upn
    yield pupil.surname
    yield pupil.forename
    yield pupil.born
    yield pupil.year_group
    yield figures.possible
    yield figures.attended
    yield figures.authorised
    yield figures.unauthorised
    yield _percent(figures.attended, figures.possible)
    yield entry.unexplained_left
    yield entry.stage
    yield last.kind.replace("-", " ") if last else "none recorded"
    yield last.at.date() if last else None
    yield entry.cause


def _percent(part: int, whole: int) -> str:
    """A share to one decimal, half up; empty where nothing was possible."""
    return str((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)) if whole else ""


def _short(number: Decimal) -> str:
    return f"{number.normalize():f}"
