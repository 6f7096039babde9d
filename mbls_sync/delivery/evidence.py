"""All that the school knows about one pupil's case, gathered for a packet; never about another pupil."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.naming import naming_others
from mbls_sync.figures.history import History
from mbls_sync.figures.school_weeks import school_weeks_until
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import AcademicYear, monday
from mbls_sync.model.codes import NO_MARK, Code
from mbls_sync.model.families import siblings
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import Evidence, MarkLine
from mbls_sync.model.pupils import Pupil
from mbls_sync.model.sessions import Session


def evidence_of(desk: Desk, pupil: PupilId) -> Evidence:
    """The case of one pupil of the desk: this year's and the year before's marks, and everything that happened."""
    history = desk.histories[pupil]
    marks = _marks(history, desk)
    family = siblings(pupil, desk.roll)
    return Evidence(
        pupil=history.pupil,
        at=desk.now,
        figures=history.figures,
        previous=_previous(history),
        marks=marks,
        events=history.events,
        messages=history.messages,
        requests=history.requests,
        weekly=_weekly(history, desk),
        siblings=len(family),
        others_named=_naming(family, desk.roll, history, marks),
        school_weeks=tuple(school_weeks_until(history.calendar, history.registers.values(), history.until.day)),
    )


def _naming(family: Iterable[Pupil], roll: Iterable[Pupil], history: History, marks: Iterable[MarkLine]) -> int:
    """How many texts name another pupil. They are counted, not altered: they are evidence."""
    named = naming_others(history.pupil, (other for other in roll if other.id != history.pupil.id), family)
    texts = [
        *(f"{event.outcome}\n{event.note}" for event in history.events),
        *(message.reason for message in history.messages),
        *(f"{request.purpose}\n{request.reason}" for request in history.requests),
        *(mark.comment for mark in marks if mark.comment),
    ]
    return sum(map(named, texts))


def _year_before(history: History) -> AcademicYear | None:
    before = AcademicYear(history.year.start - 1)
    return before if before in history.registers and history.calendar.covers(before.first) else None


def _previous(history: History) -> PupilFigures | None:
    before = _year_before(history)
    if before is None:
        return None
    figures = history.counts(before.first, before.last)
    return figures if figures.possible else None


def _on_roll(history: History, first: date) -> Iterator[tuple[Session, Code]]:
    """Sessions and codes from `first` on; a mark of a day off roll counts in no figure and stands beside none."""
    known = history.codes(first, history.until.day)
    return ((session, code) for session, code in known if history.pupil.on_roll(session.day))


def _marks(history: History, desk: Desk) -> tuple[MarkLine, ...]:
    before = _year_before(history)
    first = before.first if before else history.year.first
    found: list[MarkLine] = []
    for session, code in _on_roll(history, first):
        if code == NO_MARK:
            continue
        detail = desk.details.get((history.pupil.id, session))
        found.append(
            MarkLine(
                session=session,
                code=code,
                title=desk.codes.title(code, session.day),
                meaning=desk.codes.meaning(code, session.day).value,
                minutes_late=detail.minutes_late if detail else None,
                comment=detail.comment if detail else None,
            )
        )
    return tuple(found)


def _weekly(history: History, desk: Desk) -> tuple[tuple[date, int, int], ...]:
    """Of each school week of this year: its Monday, sessions attended and sessions possible."""
    weeks: dict[date, list[int]] = {}
    for session, code in _on_roll(history, history.year.first):
        meaning = desk.codes.meaning(code, session.day)
        week = weeks.setdefault(monday(session.day), [0, 0])
        week[0] += meaning.is_attended
        week[1] += meaning.is_possible
    return tuple((day, attended, possible) for day, (attended, possible) in sorted(weeks.items()))
