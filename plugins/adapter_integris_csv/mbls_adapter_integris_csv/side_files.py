"""The files beside the marks: what each must have, and how its rows become items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mbls_adapter_integris_csv import happenings, people
from mbls_adapter_integris_csv.identity import Identity
from mbls_adapter_integris_csv.rows import Rows
from mbls_adapter_integris_csv.side_cells import Cells
from mbls_adapter_integris_csv.source import Reading, Source
from mbls_adapter_integris_csv.tables import UnreadableFile
from mbls_adapter_integris_csv.values import BadCell
from mbls_sync.api import BadRow, Item, PupilId, Resource


@dataclass(frozen=True)
class SideFile:
    """How one resource is read: the columns it cannot do without, its row, and how rows of a pupil are gathered."""

    needs: tuple[str, ...]
    read: Callable[[Cells], Any]
    gather: Callable[[list[tuple[PupilId, Any]]], tuple[Item, ...]] | None = None
    of_the_school: bool = False


SIDE_FILES: Mapping[Resource, SideFile] = {
    Resource.PUPILS: SideFile(("surname",), people.read_pupil),
    Resource.FLAGS: SideFile(("flag",), people.read_flag, people.flags_of),
    Resource.PATTERNS: SideFile(("sessions",), people.read_pattern, people.patterns_of),
    Resource.CONTACTS: SideFile(("name",), people.read_contact, people.contacts_of),
    Resource.MESSAGES: SideFile(("received_at",), happenings.read_message),
    Resource.SIGN_INS: SideFile(("date", "time", "direction"), happenings.read_sign_in),
    Resource.LEAVE_REQUESTS: SideFile(("received_at", "first", "last"), happenings.read_leave_request),
    Resource.EVENTS: SideFile(("at", "kind"), happenings.read_event, of_the_school=True),
}


def read_side_file(source: Source, resource: Resource) -> Reading:
    """The items of a file. Raises UnreadableFile where a column is missing that the file cannot do without."""
    kind = SIDE_FILES[resource]
    table = source.table(resource)
    missing = [name.replace("_", " ") for name in kind.needs if name not in table.fields]
    if missing:
        raise UnreadableFile(f"the header has no column for {' and '.join(missing)}; export it too")
    identity = Identity(table)
    rows = Rows(source, table, identity, lambda _: 0)
    dates = source.dates
    found: list[tuple[PupilId, Any]] = []
    items: list[Item] = []
    problems: list[BadRow] = []
    for line, cells in rows:
        try:
            row = Cells(_pupil(identity, cells, line, kind), line, cells, table.fields, dates)
            value = kind.read(row)
            if kind.gather:
                found.append((row.whom, value))
            else:
                items.append(value)
        except BadCell as error:
            rows.reject(line, str(error), cells)
            continue
        problems += [source.bad(line, problem) for problem in row.problems]
    gathered = kind.gather(found) if kind.gather else tuple(items)
    bad = tuple(sorted([*rows.bad, *problems], key=lambda row: row.line))
    return Reading(items=gathered, bad=bad, warnings=identity.warnings())


def _pupil(identity: Identity, cells: list[str], line: int, kind: SideFile) -> PupilId | None:
    if kind.of_the_school and not any(cells[place].strip() for place in identity.columns):
        return None
    return identity.pupil(cells, line)
