"""How a return stands with the LA, as its events say; and when it is filed anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.falling_due import RETURNS, Writers, falling_due
from mbls_sync.delivery.return_states import ReturnState, sending_events, sent
from mbls_sync.delivery.returns import prepare
from mbls_sync.delivery.task_list import build
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.la_profile import Check, LaProfile, ReturnForm
from mbls_sync.model.marks import PupilId
from mbls_sync.model.papers import ReturnDue, ReturnTable
from mbls_sync.model.proposals import IncludeInReturn
from mbls_sync.testing.builders import the_parameters

NAME, PERIOD, REF = "attendance", "2026-10", "attendance 2026-10"
DUE = date(2026, 10, 23)
FORM = ReturnForm(NAME, title="Attendance return", csa_only=True, checks=(Check("n-left"),))


def _writer(**given: Any) -> ReturnTable:
    found = given["entries"]
    rows = tuple((entry.pupil.surname,) for entry in found)
    return ReturnTable(NAME, "x", "x", ("Surname",), rows, pupils=tuple(entry.pupil.id for entry in found))


@pytest.fixture
def listed(desk: Desk, effect_of: Callable[..., Effect]) -> Callable[..., Desk]:
    """A desk on which these pupils stand in one return; A1 and B2 have a session still N, C3 has none."""

    def of(*pupils: str, state: State = State.PLANNED, events: tuple[Event, ...] = (), day: date = DUE) -> Desk:
        first, last = desk.now.date() - timedelta(days=4), desk.now.date()
        lines = [IncludeInReturn(NAME, PupilId(p), PERIOD, day, "made up", first=first, last=last) for p in pupils]
        effects = tuple(replace(effect_of(line, Kind.RETURN_LINE), state=state) for line in lines)
        profile = LaProfile("made-up", "823", "Made-up", forms={NAME: (FORM,)}, file="made-up.yaml")
        return replace(desk, effects=effects, events=events, profile=profile, parameters=the_parameters())

    return of


def _state(desk: Desk) -> ReturnState:
    return prepare(desk, ReturnDue(NAME, PERIOD, date(2026, 10, 1), date(2026, 10, 31), DUE), _writer).state


def _step(desk: Desk, kind: str, minutes: int) -> Event:
    return Event(desk.now + timedelta(minutes=minutes), kind, ref=REF)


def test_before_it_is_sent_it_is_ready_or_not_as_the_lint_says(listed: Callable[..., Desk]) -> None:
    assert _state(listed("C3")) is ReturnState.READY
    assert _state(listed("A1", "C3")) is ReturnState.NOT_READY
    assert _state(listed()) is ReturnState.NOBODY


def test_what_was_so_before_going_live_is_nobody_s_to_send(listed: Callable[..., Desk]) -> None:
    assert _state(listed("C3", state=State.INHERITED)) is ReturnState.INHERITED


def test_sent_queried_corrected_acknowledged_is_the_way_of_its_events(listed: Callable[..., Desk]) -> None:
    desk = listed("C3")
    first = tuple(sending_events(REF, 1, desk.effects, desk.now, "Test Officer"))
    again = tuple(sending_events(REF, 2, desk.effects, desk.now + timedelta(minutes=9), "Test Officer"))
    steps = [first, (_step(desk, "return-queried", 3),), (_step(desk, "return-corrected", 6),), again,
             (_step(desk, "return-acknowledged", 12),)]  # fmt: skip
    seen = [_state(replace(desk, events=sum(steps[: n + 1], ()))) for n in range(len(steps))]
    assert seen == ["sent", "queried", "correction due", "corrected", "acknowledged"]


def test_sending_remembers_of_each_pupil_which_days_were_told(listed: Callable[..., Desk]) -> None:
    desk = listed("C3", "A1")
    whole, *lines = sending_events(REF, 1, desk.effects, desk.now, "Test Officer", "to the LA")
    assert (whole.kind, whole.outcome, whole.pupil) == ("return-sent", "001", None)
    span = f"{desk.now.date() - timedelta(days=4)}..{desk.now.date()}"
    assert [(line.pupil, line.outcome, line.ref) for line in lines] == [("A1", span, REF), ("C3", span, REF)]


def test_a_pupil_who_was_not_told_yet_makes_a_correction_due(listed: Callable[..., Desk]) -> None:
    one = listed("C3")
    told = tuple(sending_events(REF, 1, one.effects, one.now, "Test Officer"))
    assert _state(listed("C3", "A1", events=told)) is ReturnState.CORRECTION_DUE


def _file(desk: Desk, folder: Path) -> list[str]:
    return [path.name for job in falling_due(desk, Writers({NAME: _writer}), folder) for path in job()]


def test_what_the_lint_stops_is_filed_again_after_its_day_until_nothing_does(
    listed: Callable[..., Desk], tmp_path: Path
) -> None:
    yesterday = date(2026, 10, 12)
    for _ in range(2):
        assert _file(listed("A1", day=yesterday), tmp_path)
    assert _file(listed("C3", day=yesterday), tmp_path)
    assert _file(listed("C3", day=yesterday), tmp_path) == []
    (stated,) = (tmp_path / RETURNS).glob("*.manifest.json")
    assert json.loads(stated.read_text(encoding="utf-8"))["lint"]["standing"] == "ready"


def test_the_checklist_and_the_workbook_stay_at_school_where_the_la_takes_a_csv(
    listed: Callable[..., Desk], tmp_path: Path
) -> None:
    _file(listed("C3", day=date(2026, 10, 12)), tmp_path)
    (stated,) = (tmp_path / RETURNS).glob("*.manifest.json")
    read = json.loads(stated.read_text(encoding="utf-8"))
    stem = stated.name[:-14]
    assert [one["name"] for one in read["files"]] == [read["receiver"]["file"]] == [f"{stem}.csv"]
    assert [one["name"] for one in read["kept_at_school"]] == [f"{stem}.checklist.html", f"{stem}.xlsx"]


def test_the_list_names_the_next_return_though_nobody_stands_in_it_and_says_what_is_late(
    listed: Callable[..., Desk],
) -> None:
    assert [f"{due.due} {due.text}" for due in build(listed()).next_due] == [
        "2026-10-22 attendance, 2026-10: nobody so far"
    ]
    late = build(listed("A1", "C3", day=date(2026, 10, 12))).next_due
    assert [due.text for due in late] == ["attendance, 2026-10: 2 pupils, LATE"]


def test_a_correction_that_was_begun_is_owed_until_it_is_sent_whatever_the_la_says_meanwhile(
    listed: Callable[..., Desk],
) -> None:
    desk = listed("C3")
    first = tuple(sending_events(REF, 1, desk.effects, desk.now, "Test Officer"))
    begun = (*first, _step(desk, "return-corrected", 3))
    for later in ("return-acknowledged", "return-queried", "return-corrected"):
        assert _state(replace(desk, events=(*begun, _step(desk, later, 6)))) is ReturnState.CORRECTION_DUE
    again = tuple(sending_events(REF, 2, desk.effects, desk.now + timedelta(minutes=9), "Test Officer"))
    assert _state(replace(desk, events=(*begun, _step(desk, "return-queried", 6), *again))) is ReturnState.CORRECTED


@settings(deadline=None)
@given(kinds=st.lists(st.sampled_from(["return-sent", "return-acknowledged", "return-queried", "return-corrected"])))
def test_in_whatever_order_the_steps_come_it_is_never_sent_before_it_was_and_never_forgets_a_correction(
    kinds: list[str],
) -> None:
    noon = datetime(2026, 10, 23, 12, tzinfo=UTC)
    found = sent(REF, [Event(noon, kind, ref=REF) for kind in kinds])
    assert found.number == 1 + kinds.count("return-sent")
    assert (found.state is None) is ("return-sent" not in kinds)
    since = kinds[len(kinds) - kinds[::-1].index("return-sent") :] if "return-sent" in kinds else []
    assert (found.state is ReturnState.CORRECTION_DUE) is ("return-corrected" in since)


def test_the_file_that_takes_the_place_of_another_names_it_and_whoever_was_told_in_error(
    listed: Callable[..., Desk], desk: Desk
) -> None:
    told = listed("C3")
    events = tuple(sending_events(REF, 1, told.effects, told.now, "Test Officer"))
    back = Event(told.now, "return-line-retracted", PupilId("C3"), note="the marks were wrong", ref=REF)
    corrected = listed("C3", events=(*events, back, _step(told, "return-corrected", 1)))
    due = ReturnDue(NAME, PERIOD, date(2026, 10, 1), date(2026, 10, 31), DUE)
    prepared = prepare(corrected, due, _writer)
    assert prepared.entries == ()
    place, taken = prepared.table.notes
    assert place.endswith("_attendance_2026-10_001.")
    assert (taken[:10], taken[-20:]) == ("Taken back", "the marks were wrong")
    assert next(pupil for pupil in desk.roll if pupil.id == "C3").legal_name in taken
