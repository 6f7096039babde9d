"""The drop folder of a class of eight whose passes are killed: what lies in it at nine, and what comes later."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from mbls_sync.model.upn import upn_check_letter

DAY = date(2026, 11, 24)
FIRST = date(2026, 9, 7)
HALF_TERM = frozenset(date(2026, 10, 26) + timedelta(days=n) for n in range(5))
MARKS = ("UPN", "Date", "Session", "Mark")
PUPILS = ("UPN", "Legal Surname", "Legal Forename", "Date of Birth", "Year Group", "Class", "Admission Date")
EARLIER = date(2026, 11, 20)
"""The day of the mark that is amended later."""

Row = tuple[object, ...]


def upn(serial: int) -> str:
    """A UPN with the right check letter, of a school that is not one."""
    rest = f"82399992600{serial}"
    return upn_check_letter(rest) + rest


def settings_text(database_url: str, config: Path) -> str:
    """The settings of the school; it goes live in November with the history of its autumn."""
    return f"""\
mode = "auto"
go_live = 2026-11-16
plugins = ["integris-csv", "packets", "returns-la", "rules-school"]
shared_folder = "shared"
database_url = "{database_url}"
config = "{config}"

[school]
id = "killed"
name = "Example Lower School (synthetic)"
la_code = "823"
la_name = "Central Bedfordshire"
establishment_number = "9999"
head = "H. Head-Example"
attendance_officer = "O. Officer-Example"

[sources.integris]
adapter = "integris-csv"
options = {{ folder = "inbox", settle_seconds = 0 }}
"""


def drop_at_nine(inbox: Path) -> None:
    """The whole first load: people, the autumn's marks in two files, this morning's, a bad row, and a broken file."""
    _write(inbox / "pupils.csv", PUPILS, [_pupil(n) for n in range(1, 9)])
    contacts = [(upn(n), 1, "Zzyzx Parent-Example", "Mother", "Y", "07700 900123") for n in (2, 3, 5)]
    heads = ("UPN", "Priority", "Name", "Relationship", "Parental Responsibility", "Mobile")
    _write(inbox / "contacts.csv", heads, contacts)
    _write(inbox / "marks-1.csv", MARKS, list(_autumn(FIRST, date(2026, 10, 23))))
    _write(inbox / "marks-2.csv", MARKS, list(_autumn(date(2026, 11, 2), date(2026, 11, 23))))
    bad = [(upn(8), f"{EARLIER:%d/%m/%Y}", "AM", "?!"), (upn(8), f"{DAY:%d/%m/%Y}", "AM", "/")]
    _write(inbox / "marks-3.csv", MARKS, [*_this_morning(), *bad])
    _write(inbox / "marks-4.csv", ("nothing", "known"), [("a", "b")])
    message = (upn(3), "24/11/2026 08:20", "Mother", "unwell", "25/11/2026")
    _write(inbox / "messages.csv", ("UPN", "Received At", "From", "Reason", "Expected Return"), [message])
    events = [(upn(5), "18/11/2026 10:00", "support-meeting-held", "attended", "O. Officer-Example", "officer", "")]
    _write(inbox / "events.csv", ("UPN", "At", "Kind", "Outcome", "By", "Role", "Note"), events)


def drop_later(inbox: Path) -> None:
    """What comes after nine: a past mark amended, a reason keyed, a late arrival."""
    amended = [(upn(2), f"{EARLIER:%d/%m/%Y}", "AM", "I"), (upn(4), f"{DAY:%d/%m/%Y}", "AM", "M")]
    _write(inbox / "marks-5.csv", MARKS, amended)
    _write(inbox / "sign_ins.csv", ("UPN", "Date", "Time", "Direction", "Reason"), [_late()])


def _late() -> Row:
    return (upn(6), f"{DAY:%d/%m/%Y}", "09:10", "in", "overslept")


def _pupil(n: int) -> Row:
    return (upn(n), "Testpupil", f"Number{n}", "03/05/2019", "2", "2T", "01/09/2023")


def _autumn(first: date, last: date) -> Iterator[Row]:
    """Everybody in every session; one often ill, one often away without leave, one unexplained once."""
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        if day.weekday() < 5 and day not in HALF_TERM:
            for number in range(1, 9):
                away = {5: "O", 7: "I"}.get(number) if day.toordinal() % 3 == 0 else None
                away = "N" if (number, day) == (2, EARLIER) else away
                for half, present in (("AM", "/"), ("PM", "\\")):
                    yield (upn(number), f"{day:%d/%m/%Y}", half, away or present)


def _this_morning() -> Iterator[Row]:
    for number, code in {1: "/", 2: "/", 3: "N", 4: "N", 5: "N", 7: "/"}.items():
        yield (upn(number), f"{DAY:%d/%m/%Y}", "AM", code)


def _write(file: Path, heads: Sequence[str], rows: Sequence[Row]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(heads)
        writer.writerows(rows)
