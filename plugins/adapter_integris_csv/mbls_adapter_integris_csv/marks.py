"""Which layout an export of marks has, and its marks."""

from __future__ import annotations

from mbls_adapter_integris_csv.columns import plain
from mbls_adapter_integris_csv.marks_long import read_long
from mbls_adapter_integris_csv.marks_string import read_string
from mbls_adapter_integris_csv.marks_wide import read_wide
from mbls_adapter_integris_csv.source import Reading, Source
from mbls_adapter_integris_csv.tables import Table, UnreadableFile
from mbls_sync.api import Resource

NEEDED = {"long": ("date", "session", "mark"), "mark_string": ("start_date", "marks")}
READERS = {"long": read_long, "wide": read_wide, "mark_string": read_string}
TOTALS = (
    "this is an export of totals, not of marks: it says how many sessions carry a code and not which ones. Export "
    "the marks themselves: a row a mark, a week a row, or a mark string"
)


def read_marks(source: Source) -> Reading:
    """The marks of an export in its layout. Raises UnreadableFile where the header is none that is known."""
    try:
        table = source.table(Resource.MARKS)
    except UnreadableFile:
        if any(_has_totals(line) for line in source.lines[: source.options.preamble_rows + 1]):
            raise UnreadableFile(TOTALS) from None
        raise
    return READERS[_layout(source, table)](source, table)


def _layout(source: Source, table: Table) -> str:
    wanted = source.options.layout
    missing = {name: [f for f in fields if f not in table.fields] for name, fields in NEEDED.items()}
    has_sessions = any(source.session_pattern.fullmatch(cell.strip()) for cell in table.header)
    if wanted != "auto":
        if missing.get(wanted):
            raise UnreadableFile(
                f"the layout is set to {wanted}, and the header has no column for {_list(missing[wanted])}"
            )
        return wanted
    if not missing["long"]:
        return "long"
    if has_sessions:
        return "wide"
    if not missing["mark_string"]:
        return "mark_string"
    if _has_totals(",".join(table.header)):
        raise UnreadableFile(TOTALS)
    raise UnreadableFile(
        f"the header is that of no layout: a row a mark would also need {_list(missing['long'])}; a week a row, "
        f"columns such as `Mon AM`; a mark string, {_list(missing['mark_string'])}. If the file holds no marks, "
        "name it after what it holds, such as pupils.csv or contacts.csv"
    )


def _list(fields: list[str]) -> str:
    return " and ".join(field.replace("_", " ") for field in fields)


def _has_totals(line: str) -> bool:
    said = plain(line)
    return "sessionspossible" in said or "possiblesessions" in said or "possiblemarks" in said
