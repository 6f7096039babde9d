"""The marks that a person enters into an MIS that takes none from us; the next pull ticks them off by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.files import put
from mbls_sync.model.codes import Code
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.papers import Cell
from mbls_sync.model.proposals import SetCode
from mbls_sync.model.sessions import Session
from mbls_sync.render.csv_person import csv_for_person
from mbls_sync.render.html import page

WAITING = (State.PLANNED, State.APPROVED, State.SENDING, State.ACCEPTED, State.UNKNOWN)
"""A mark stays on the sheet until a pull shows it."""

COLUMNS = ("Class", "Pupil", "Date", "Session", "Mark now", "Mark becomes", "Minutes late", "Why", "Policy section")


@dataclass(frozen=True, slots=True)
class KeyingLine:
    """One mark to enter: whose, when, what stands there now, what it becomes, and why."""

    class_name: str
    name: str
    session: Session
    now: Code
    becomes: Code
    title: str
    minutes_late: int | None
    why: str
    policy: str


def keying_lines(desk: Desk) -> tuple[KeyingLine, ...]:
    """Every mark that waits for a person, by class, pupil and session."""
    found = (_line(effect, desk) for effect in desk.effects if effect.kind is Kind.MARK and effect.state in WAITING)
    return tuple(sorted(found, key=lambda line: (line.class_name, line.name, line.session, line.becomes)))


def write_keying_sheet(desk: Desk, folder: Path) -> list[Path]:
    """`keying-sheet.html` and `keying-sheet.csv` in `folder`, headed by the mode; also when nothing waits."""
    lines = keying_lines(desk)
    classes = list(dict.fromkeys(line.class_name for line in lines))
    by_class = [(name, [line for line in lines if line.class_name == name]) for name in classes]
    html = page("keying_sheet.html.j2", desk=desk, by_class=by_class, count=len(lines))
    return [
        put(folder, "keying-sheet.html", html),
        put(folder, "keying-sheet.csv", csv_for_person(COLUMNS, _rows(lines))),
    ]


def _line(effect: Effect, desk: Desk) -> KeyingLine:
    proposal = effect.proposal
    if not isinstance(proposal, SetCode):
        raise TypeError(f"an effect of kind {effect.kind} sets no code")
    subject = proposal.subject
    pupil = desk.pupils.get(subject.pupil)
    return KeyingLine(
        class_name=subject.class_name or (pupil.class_name if pupil else ""),
        name=pupil.name if pupil else subject.pupil,
        session=subject.session,
        now=subject.code,
        becomes=proposal.code,
        title=desk.codes.title(proposal.code, subject.session.day),
        minutes_late=proposal.minutes_late,
        why=proposal.reason,
        policy=f"{effect.because.cites} ({effect.because.rule})",
    )


def _rows(lines: Iterable[KeyingLine]) -> Iterable[tuple[Cell, ...]]:
    for line in lines:
        session = line.session
        yield (
            line.class_name,
            line.name,
            session.day,
            session.period.value,
            line.now or "no mark",
            line.becomes,
            line.minutes_late,
            line.why,
            line.policy,
        )
