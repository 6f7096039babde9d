"""All that the school knows about one pupil's case, gathered for a packet; never about another pupil."""

from __future__ import annotations

from datetime import date

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.families import siblings
from mbls_sync.figures.history import History
from mbls_sync.model.attendance import PupilFigures
from mbls_sync.model.calendar import AcademicYear, monday
from mbls_sync.model.codes import NO_MARK
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import Evidence, MarkLine


def evidence_of(desk: Desk, pupil: PupilId) -> Evidence:
    """The case of one pupil of the desk: this year's and the year before's marks, and everything that happened."""
    history = desk.histories[pupil]
    marks = _marks(history, desk)
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
        siblings=len(siblings(pupil, desk.roll)),
    )


def _year_before(history: History) -> AcademicYear | None:
    before = AcademicYear(history.year.start - 1)
    return before if before in history.registers and history.calendar.covers(before.first) else None


def _previous(history: History) -> PupilFigures | None:
    before = _year_before(history)
    if before is None:
        return None
    figures = history.counts(before.first, before.last)
    return figures if figures.possible else None


def _marks(history: History, desk: Desk) -> tuple[MarkLine, ...]:
    before = _year_before(history)
    first = before.first if before else history.year.first
    found: list[MarkLine] = []
    for session, code in history.codes(first, history.until.day):
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
    for session, code in history.codes(history.year.first, history.until.day):
        meaning = desk.codes.meaning(code, session.day)
        week = weeks.setdefault(monday(session.day), [0, 0])
        week[0] += meaning.is_attended
        week[1] += meaning.is_possible
    return tuple((day, attended, possible) for day, (attended, possible) in sorted(weeks.items()))
