"""From the bytes of a file to what its rows say."""

from __future__ import annotations

from datetime import date

from mbls_adapter_integris_csv.marks import read_marks
from mbls_adapter_integris_csv.memory import no_cycles
from mbls_adapter_integris_csv.month_first import is_month_first
from mbls_adapter_integris_csv.options import Options
from mbls_adapter_integris_csv.side_files import read_side_file
from mbls_adapter_integris_csv.source import Reading, Source
from mbls_adapter_integris_csv.tables import UnreadableFile
from mbls_adapter_integris_csv.texts import read_text
from mbls_sync.api import Resource, SchoolCalendar

ENDINGS = (".csv", ".txt", ".tsv")
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_export(
    name: str, content: bytes, resource: Resource, file_day: date, options: Options, calendar: SchoolCalendar
) -> Reading:
    """The rows of an export. Raises UnreadableFile where nothing in it can be read."""
    _refuse_what_is_no_csv(name, content)
    text = read_text(content, options.encoding)
    if not any(line.strip() for line in text.lines):
        raise UnreadableFile("the file is empty; export it again")
    source = Source(name, file_day, text.lines, options, calendar)
    with no_cycles():
        reading = read_marks(source) if resource is Resource.MARKS else read_side_file(source, resource)
    if reading.bad and is_month_first(source.dates.written):
        raise UnreadableFile(
            "its dates are written with the month first, so that which of two days 03/09/2026 is would be a guess; "
            "export them with the day first (a spreadsheet set to English, United Kingdom, writes them so)"
        )
    if not (reading.marks or reading.items or reading.bad):
        return Reading(warnings=(*text.warnings, *reading.warnings, "the file has a header and no row under it"))
    return Reading(reading.marks, reading.items, reading.bad, (*text.warnings, *reading.warnings))


def _refuse_what_is_no_csv(name: str, content: bytes) -> None:
    if content.startswith(WORKBOOK):
        raise UnreadableFile("it is a workbook and no CSV; save it as CSV, and put that in")
    if not name.lower().endswith(ENDINGS):
        raise UnreadableFile(f"its name does not end in {', '.join(ENDINGS)}; only CSV is read")
