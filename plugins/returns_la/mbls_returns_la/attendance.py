"""The attendance return: pupils who do not attend regularly, named to the LA with the cause.

Attendance policy 2023, Absence procedures; School Attendance (Pupil Registration) (England) Regulations 2024,
regulation 13: full name, address and the cause where it is known. Only pupils of compulsory school age stand in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mbls_returns_la.wording import attendance_percent, by_name, laestab, last_action
from mbls_sync.api import Cell, ReturnDue, ReturnEntry, ReturnTable, School, la_return

COLUMNS = (
    "LAESTAB",
    "UPN",
    "Surname",
    "Forename",
    "Date of birth",
    "Address",
    "Postcode",
    "Possible sessions",
    "Authorised absence",
    "Unauthorised absence",
    "Attendance %",
    "N left",
    "Last action",
    "Last action on",
    "Cause",
)


@la_return(id="attendance", cites="Attendance policy 2023, Absence procedures", title="attendance return")
def write_return(due: ReturnDue, entries: Sequence[ReturnEntry], school: School) -> ReturnTable:
    """A row a pupil of compulsory school age, by surname and forename."""
    shown = [entry for entry in by_name(entries) if entry.pupil.is_compulsory_school_age(due.last)]
    return ReturnTable(
        name="attendance",
        title=f"Attendance return, {due.period}",
        subtitle=f"{school.name} ({school.la_code}/{school.establishment_number}), due {due.due:%d/%m/%Y}",
        columns=COLUMNS,
        rows=tuple(tuple(_row(entry, school)) for entry in shown),
        notes=(
            "Sessions count from the day a pupil is of compulsory school age, in the year to date.",
            *_doubts(shown),
        ),
    )


def _doubts(entries: Sequence[ReturnEntry]) -> Iterator[str]:
    """What whoever sends the return must settle first."""
    ageless = sum(entry.pupil.born is None for entry in entries)
    if ageless:
        yield f"Without a date of birth, so taken to be of compulsory school age: {ageless}. Check before sending."
    unplaced = sum(not (entry.pupil.address and entry.pupil.postcode) for entry in entries)
    if unplaced:
        yield f"Without a full address, which the return has to name: {unplaced}. Complete it in the MIS."


def _row(entry: ReturnEntry, school: School) -> Iterator[Cell]:
    pupil, figures = entry.pupil, entry.figures
    yield laestab(school)
    yield from (pupil.upn, pupil.surname, pupil.forename, pupil.born, pupil.address, pupil.postcode)
    yield from (figures.possible, figures.authorised, figures.unauthorised, attendance_percent(figures))
    yield entry.unexplained_left
    yield from last_action(entry.last_action)
    yield entry.cause
