"""What counts in a case: the steps since the last one was closed, and the sessions missed without leave."""

from __future__ import annotations

from collections.abc import Sequence

from mbls_sync.figures.history import CASE_CLOSED
from mbls_sync.model.codes import Meaning
from mbls_sync.model.happenings import Event
from mbls_sync.model.papers import Evidence, MarkLine


def of_this_case(events: Sequence[Event]) -> tuple[Event, ...]:
    """What was recorded since the last case was closed: an earlier case's steps are none of this one."""
    closed = max((place for place, event in enumerate(events) if event.kind == CASE_CLOSED), default=-1)
    return tuple(events[closed + 1 :])


def unauthorised_in(evidence: Evidence, school_weeks: int) -> tuple[MarkLine, ...]:
    """The unauthorised sessions of the last so many school weeks, oldest first, as the figures count them."""
    weeks = evidence.school_weeks[-school_weeks:]
    missed = (mark for mark in evidence.marks if mark.meaning == Meaning.UNAUTHORISED)
    return tuple(mark for mark in missed if weeks and mark.session.day >= weeks[0])
