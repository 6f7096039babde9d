"""A return that is late goes to the head: once a return, and no longer once it is sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from mbls_sync.engine.overdue import OVERDUE_RULE, overdue_returns
from mbls_sync.model.decisions import Because
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import IncludeInReturn, RaiseTask
from mbls_sync.testing.builders import ZONE, a_world

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)
DUE = date(2026, 11, 30)


def _line(pupil: str = "P1", due: date = DUE, state: State = State.PLANNED) -> Effect:
    wanted = IncludeInReturn("attendance", PupilId(pupil), "2026-11", due, "made up")
    at = a_world(NOW).now
    return Effect(f"{pupil} {due}", Kind.RETURN_LINE, state, wanted.pupil, wanted, Because("LA-01", "x"), at, at)


def _tasks(*lines: Effect, events: tuple[Event, ...] = ()) -> list[RaiseTask]:
    found = overdue_returns(a_world(NOW, events=events), lines)
    assert all(decision.because.rule == OVERDUE_RULE for decision in found)
    return [decision.proposal for decision in found if isinstance(decision.proposal, RaiseTask)]


def test_a_return_that_is_not_sent_on_its_day_goes_to_the_head_once() -> None:
    (task,) = _tasks(_line("P1"), _line("P2"))
    assert (task.role, task.occasion) == ("headteacher", "attendance 2026-11")
    assert task.title == "See that the LA gets the attendance return of November 2026"
    assert "due on 30 November 2026 and is not sent; 2 pupils" in task.why


def test_on_its_day_it_is_not_late() -> None:
    assert _tasks(_line(due=NOW.date())) == []


def test_a_return_that_was_sent_or_is_inherited_is_nobody_s_delay() -> None:
    assert _tasks(_line(state=State.VERIFIED), _line("P2", state=State.INHERITED)) == []


def _steps(*kinds: str) -> tuple[Event, ...]:
    hours = enumerate(kinds, start=-len(kinds))
    return tuple(Event(NOW + timedelta(hours=n), kind, note="a date", ref="attendance 2026-11") for n, kind in hours)


def test_a_correction_that_was_begun_is_the_officer_s_until_it_is_sent() -> None:
    (task,) = _tasks(events=_steps("return-sent", "return-corrected", "return-acknowledged"))
    assert (task.role, task.kind, task.due.date()) == ("attendance officer", "correction-owed", NOW.date())
    assert task.title == "Send the LA the correction of the attendance return of November 2026"
    assert "is not sent: a date" in task.why
    assert _tasks(events=_steps("return-sent", "return-corrected", "return-sent")) == []
    assert _tasks(events=_steps("return-sent", "return-queried")) == []
