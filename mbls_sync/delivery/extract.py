"""An extract of the register for an authority that may ask for it: the marks, what each code says, each amendment.

Attendance policy 2023, Attendance register; School Attendance (Pupil Registration) (England) Regulations 2024.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mbls_sync.delivery.desk import Desk
from mbls_sync.figures.history import History
from mbls_sync.model.calendar import monday
from mbls_sync.model.codes import NO_MARK, Code
from mbls_sync.model.happenings import AmendedMark
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import FactsSection, HerringboneSection, PacketSections, Section, TableSection
from mbls_sync.model.proposals import Facts
from mbls_sync.model.sessions import Period, Session
from mbls_sync.policy.view import PolicyAt

TITLES, LISTED = "registers.code_titles", "registers.titles_listed"
COLUMNS = ("Session", "Original", "Amended", "Reason", "Date", "By", "Role")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an authority asked for: whose marks, over which days, both inclusive, and who it is."""

    pupils: tuple[PupilId, ...]
    first: date
    last: date
    recipient: str


def extract(desk: Desk, asked: Asked, amended: Mapping[PupilId, Sequence[AmendedMark]]) -> PacketSections:
    """The extract, a pupil after the other: who the pupil is, the marks week by week, and each amendment of them."""
    sections: list[Section] = []
    for id in asked.pupils:
        sections += _of_pupil(desk, desk.histories[id], asked, amended.get(id, ()))
    span = f"{asked.first:%d/%m/%Y} to {asked.last:%d/%m/%Y}"
    return PacketSections("register-extract", "Extract of the attendance register", span, tuple(sections))


def _of_pupil(desk: Desk, history: History, asked: Asked, amended: Iterable[AmendedMark]) -> Iterable[Section]:
    pupil = history.pupil
    yield FactsSection(
        f"{pupil.legal_name}, {pupil.class_name}",
        (
            ("UPN", pupil.upn),
            ("Born", f"{pupil.born:%d/%m/%Y}" if pupil.born else ""),
            ("On the register since", f"{pupil.admitted:%d/%m/%Y}" if pupil.admitted else ""),
            ("Given to", asked.recipient),
        ),
    )
    marks = history.codes(asked.first, asked.last)
    yield HerringboneSection(
        f"Marks of {pupil.legal_name}",
        _weeks(marks),
        _key(desk, marks),
        "A row a week, a column a session. An empty place is a session without a mark, or none was held.",
    )
    rows = tuple(_row(change) for change in amended if asked.first <= change.session.day <= asked.last)
    if rows:
        yield TableSection(f"Amendments of marks of {pupil.legal_name}", COLUMNS, rows)


def _weeks(marks: Sequence[tuple[Session, Code]]) -> tuple[tuple[date, tuple[str, ...]], ...]:
    weeks: dict[date, list[str]] = {}
    for session, code in marks:
        week = weeks.setdefault(monday(session.day), [""] * 10)
        week[session.day.weekday() * 2 + (session.period is Period.PM)] = code
    return tuple((day, tuple(codes)) for day, codes in sorted(weeks.items()))


def _key(desk: Desk, marks: Sequence[tuple[Session, Code]]) -> Facts:
    """Every code used, by what it said on its own date; by the titles that the policy prints where so decided."""
    policy = PolicyAt(desk.parameters, desk.now.date())
    listed = policy.table(LISTED) if policy.text(TITLES) == "policy" else {}
    titles = ((code, listed.get(code) or desk.codes.title(code, s.day)) for s, code in marks if code != NO_MARK)
    return tuple(sorted(dict.fromkeys(titles)))


def _row(change: AmendedMark) -> tuple[str, ...]:
    when = f"{change.at:%d/%m/%Y %H:%M}" if change.at else ""
    session = f"{change.session.day:%d/%m/%Y} {change.session.period}"
    return (
        session,
        change.original or "no mark",
        change.amended or "no mark",
        change.reason or "not given by the MIS",
        when,
        change.by or "",
        change.role or "",
    )
