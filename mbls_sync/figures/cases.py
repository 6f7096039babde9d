"""What counts in a case: the steps since the last one was closed, and the sessions missed without leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mbls_sync.figures.history import CASE_CLOSED
from mbls_sync.model.calendar import monday
from mbls_sync.model.codes import Meaning
from mbls_sync.model.happenings import Event
from mbls_sync.model.papers import MarkLine


def of_this_case(events: Sequence[Event]) -> tuple[Event, ...]:
    """What was recorded since the last case was closed: an earlier case's steps are none of this one."""
    closed = max((place for place, event in enumerate(events) if event.kind == CASE_CLOSED), default=-1)
    return tuple(events[closed + 1 :])


def unauthorised_in(marks: Iterable[MarkLine], school_weeks: int) -> tuple[MarkLine, ...]:
    """The unauthorised sessions of the last so many school weeks of which marks are held, oldest first."""
    known = tuple(marks)
    weeks = sorted({monday(mark.session.day) for mark in known})[-school_weeks:]
    return tuple(m for m in known if m.meaning == Meaning.UNAUTHORISED and monday(m.session.day) in weeks)
