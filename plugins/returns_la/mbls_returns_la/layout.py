"""Lays a return out as the LA's profile has it: one row a pupil, the profile's heads, each cell by its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mbls_returns_la.fields_of_absence import FIELDS_OF_ABSENCE
from mbls_returns_la.fields_of_pupil import FIELDS_OF_PUPIL, Field, Line
from mbls_returns_la.wording import by_name
from mbls_sync.api import (
    Column,
    ConfigurationError,
    PolicyAt,
    ReturnDue,
    ReturnEntry,
    ReturnForm,
    ReturnTable,
    School,
)

FIELDS: Mapping[str, Field] = {**FIELDS_OF_PUPIL, **FIELDS_OF_ABSENCE}


def columns(*pairs: tuple[str, str]) -> tuple[Column, ...]:
    """A writer's own columns, for an LA whose profile names none."""
    return tuple(Column(head, field) for head, field in pairs)


def laid_out(
    due: ReturnDue,
    entries: Sequence[ReturnEntry],
    school: School,
    policy: PolicyAt,
    form: ReturnForm,
    own: Sequence[Column],
    *,
    title: str,
    notes: Sequence[str] = (),
) -> ReturnTable:
    """The entries by surname and forename. Raises ConfigurationError for a column whose field there is not."""
    asked = form.columns or own
    fields = [_field(column) for column in asked]
    lines = [Line(entry, due, school, policy) for entry in by_name(entries)]
    return ReturnTable(
        name=due.name,
        title=f"{form.title or title}, {due.period}",
        subtitle=f"{school.name} ({school.la_code}/{school.establishment_number}), due {due.due:%d/%m/%Y}",
        columns=tuple(column.head for column in asked),
        rows=tuple(tuple(field(line) for field in fields) for line in lines),
        notes=tuple(notes),
        pupils=tuple(line.entry.pupil.id for line in lines),
    )


def of_age(entries: Sequence[ReturnEntry], due: ReturnDue) -> list[ReturnEntry]:
    """The entries about pupils of compulsory school age on the last school day of what the return is about."""
    return [entry for entry in entries if entry.pupil.is_compulsory_school_age(due.judged_on)]


def doubts(entries: Sequence[ReturnEntry]) -> Iterator[str]:
    """What whoever sends a return that needs age and address must settle first."""
    ageless = sum(entry.pupil.born is None for entry in entries)
    if ageless:
        yield f"Without a date of birth, so taken to be of compulsory school age: {ageless}. Check before sending."
    unplaced = sum(not (entry.pupil.address and entry.pupil.postcode) for entry in entries)
    if unplaced:
        yield f"Without a full address, which the return has to name: {unplaced}. Complete it in the MIS."


def _field(column: Column) -> Field:
    if column.field not in FIELDS:
        where = f"{column.place}: " if column.place else ""
        raise ConfigurationError(
            f"{where}the column {column.head!r} asks for the field {column.field!r}, which no return has; "
            f"there are: {', '.join(sorted(FIELDS))}"
        )
    return FIELDS[column.field]
