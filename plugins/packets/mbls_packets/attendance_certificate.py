"""The attendance certificate that the head signs for a court: every session of the years known, and their sum.

Education Act 1996: a certificate of a pupil's attendance, signed by the head teacher, is evidence of it. It states
what the register holds and nothing else: no reason that home gave, no opinion.
"""

from __future__ import annotations

from collections import Counter

from mbls_packets.checklist import taken_off
from mbls_packets.checklist_certificate import certificate_items
from mbls_packets.form import declaration, pupil_on_roll, school_facts, subject
from mbls_packets.register import certificate
from mbls_sync.api import (
    AcademicYear,
    Cell,
    Evidence,
    MarkLine,
    PacketSections,
    School,
    TableSection,
    attendance,
    packet,
    shown,
)

MEANINGS = ("present", "approved educational activity", "authorised absence", "unauthorised absence")


@packet(kind="attendance-certificate", cites="Education Act 1996", title="attendance certificate for a court")
def build_packet(evidence: Evidence, school: School) -> PacketSections:
    """School and pupil, the sums of each year, the register session by session, and the head's certificate."""
    items = certificate_items(evidence, school)
    return PacketSections(
        kind="attendance-certificate",
        title="Certificate of attendance",
        subject=subject(evidence),
        sections=(
            school_facts(school),
            pupil_on_roll(evidence),
            _sums(evidence),
            _by_code(evidence),
            *certificate(evidence),
            declaration(school, _states(evidence)),
            taken_off(items, "Before it is signed."),
        ),
        missing=tuple(item for item, here, _ in items if not here),
    )


def _sums(evidence: Evidence) -> TableSection:
    """Each academic year by what its marks mean; the last row is this year to date as the register has it."""
    rows = tuple(_year(year, marks) for year, marks in sorted(_by_year(evidence).items()))
    columns = (
        "Academic year",
        "Possible",
        "Present",
        "Approved activity",
        "Authorised",
        "Unauthorised",
        "Attendance %",
    )
    return TableSection("Sessions", columns, rows, "A session is a half-day. Percentages are of possible sessions.")


def _year(year: AcademicYear, marks: list[MarkLine]) -> tuple[Cell, ...]:
    counts = Counter(mark.meaning for mark in marks)
    present, approved, authorised, unauthorised = (counts[meaning] for meaning in MEANINGS)
    return (
        str(year),
        present + approved + authorised + unauthorised,
        present,
        approved,
        authorised,
        unauthorised,
        shown(attendance(_Counted(present + approved, authorised + unauthorised))),
    )


class _Counted:
    """Sessions attended and missed, for the percentage."""

    def __init__(self, attended: int, absent: int) -> None:
        self.attended, self.absent, self.possible = attended, absent, attended + absent


def _by_code(evidence: Evidence) -> TableSection:
    counts = Counter((AcademicYear.of(m.session.day), m.code, m.title, m.meaning) for m in evidence.marks)
    rows = tuple((str(year), code, title, meaning, n) for (year, code, title, meaning), n in sorted(counts.items()))
    return TableSection("Sessions by code", ("Academic year", "Code", "What it says", "Counts as", "Sessions"), rows)


def _by_year(evidence: Evidence) -> dict[AcademicYear, list[MarkLine]]:
    found: dict[AcademicYear, list[MarkLine]] = {}
    for mark in evidence.marks:
        found.setdefault(AcademicYear.of(mark.session.day), []).append(mark)
    return found


def _states(evidence: Evidence) -> str:
    days = [mark.session.day for mark in evidence.marks]
    span = f" from {min(days):%d/%m/%Y} to {max(days):%d/%m/%Y}" if days else ""
    return (
        f"I certify that the particulars above are those of the pupil's attendance{span}, taken from the attendance "
        f"register of this school."
    )
