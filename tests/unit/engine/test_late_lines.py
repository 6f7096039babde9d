"""A late line is judged once more as of its day, by the marks as they are now: it stands, is corrected, or goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbls_sync.engine.apply import judge
from mbls_sync.engine.late_lines import late_lines_judged
from mbls_sync.engine.reconcile import What, reconcile
from mbls_sync.engine.resolve import resolve
from mbls_sync.engine.world import World
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import IncludeInReturn
from mbls_sync.registry.manager import Registry, build_registry
from mbls_sync.testing.builders import Someone, a_parameter, a_pupil, a_world, the_calendar
from mbls_sync.testing.filling import present
from mbls_sync.testing.small_rules import rules_of, school_day, small_rule

FIRST = date(2026, 9, 1)
DUE, LATER = date(2026, 11, 20), date(2026, 11, 26)
ABSENT = [day for day in the_calendar().school_days if date(2026, 11, 2) <= day <= DUE]
"""From the third of November, which follows an INSET day, to the twentieth: fourteen school days."""

FORTNIGHT = a_parameter("la.absence_alert_days", "days", len(ABSENT))
REGISTRY: Registry = build_registry()


def _world(day: date, codes: Mapping[date, str], **pupil: object) -> World:
    """A pupil who was there, but for these days, on every session up to `day`."""
    sessions = the_calendar().sessions(FIRST, day)
    marks = {s: codes.get(s.day, "") or present(s) for s in sessions}
    someone = Someone(a_pupil("P1", **pupil), marks)
    return a_world(school_day(day, 16, 0), someone, made_up={FORTNIGHT.name: FORTNIGHT})


def _stand(world: World, effects: tuple[Effect, ...] = ()) -> dict[str, list[tuple[What, Effect]]]:
    """What becomes of each return's lines in one pass."""

    def rules(hook: str) -> list[object]:
        return [rule for rule in REGISTRY.rules(hook) if rule.info.id in ("LA-01", "LA-03", "LA-06")]

    found = resolve(judge(world, rules, str), world)
    settled = late_lines_judged(found, effects, world, rules, str)
    changed: dict[str, list[tuple[What, Effect]]] = {}
    for change in reconcile(settled, effects, world):
        if isinstance(change.effect.proposal, IncludeInReturn):
            changed.setdefault(change.effect.proposal.name, []).append((change.what, change.effect))
    return changed


def _alert(codes: Mapping[date, str]) -> tuple[Effect, ...]:
    return tuple(effect for _, effect in _stand(_world(DUE, codes))["absence-alert"])


AWAY = dict.fromkeys(ABSENT, "I")


def test_a_late_line_that_still_holds_stays() -> None:
    ((what, effect),) = _stand(_world(LATER, AWAY), _alert(AWAY))["absence-alert"]
    assert (what, effect.state) == (What.KEEP, State.PLANNED)


@pytest.mark.parametrize("back", [ABSENT[0], ABSENT[6], ABSENT[-1]])
def test_a_late_line_whose_marks_were_amended_in_part_goes_where_too_little_is_left(back: date) -> None:
    ((what, effect),) = _stand(_world(LATER, {**AWAY, back: ""}), _alert(AWAY))["absence-alert"]
    assert (what, effect.state) == (What.WITHDRAW, State.WITHDRAWN)


def test_where_the_absence_began_on_another_day_the_corrected_line_takes_the_place_of_the_late_one() -> None:
    longer = {**AWAY, DUE + timedelta(days=3): "I", DUE + timedelta(days=4): "I"}
    amended = {**longer, ABSENT[0]: ""}
    found = _stand(_world(LATER, amended), _alert(AWAY))["absence-alert"]
    told = {what: effect.proposal for what, effect in found}
    assert set(told) == {What.WITHDRAW, What.OPEN}
    assert isinstance(told[What.OPEN], IncludeInReturn)
    assert told[What.OPEN].first == ABSENT[1]


def test_a_late_line_of_a_month_is_corrected_to_what_is_so_of_that_month() -> None:
    october = [day for day in the_calendar().school_days if date(2026, 10, 1) <= day <= date(2026, 10, 23)]
    away = dict.fromkeys(october[:12], "O")
    due = october[-1]
    (line,) = (effect for _, effect in _stand(_world(due, away))["attendance"])
    fewer = {**away, october[0]: ""}
    late = [e for _, e in _stand(_world(LATER, fewer), (line,))["attendance"] if e.key == line.key]
    assert [e.proposal.first for e in late if isinstance(e.proposal, IncludeInReturn)] == [october[1]]
    gone = [e for _, e in _stand(_world(LATER, {}), (line,))["attendance"] if e.key == line.key]
    assert [e.state for e in gone] == [State.WITHDRAWN]


def test_a_late_line_about_a_deletion_stays_although_the_pupil_was_there_on_the_last_day() -> None:
    leaving = _world(DUE, {}, left=DUE)
    effects = tuple(effect for _, effect in _stand(leaving)["deletion"])
    ((what, _),) = _stand(_world(LATER, {}, left=DUE), effects)["deletion"]
    assert what is What.KEEP
    ((what, _),) = _stand(_world(LATER, {}), effects)["deletion"]
    assert what is What.WITHDRAW


def test_a_leaver_s_late_line_stays_while_it_holds_and_goes_when_the_marks_are_amended() -> None:
    ((what, _),) = _stand(_world(LATER, AWAY, left=DUE), _alert(AWAY))["absence-alert"]
    assert what is What.KEEP
    ((what, _),) = _stand(_world(LATER, {}, left=DUE), _alert(AWAY))["absence-alert"]
    assert what is What.WITHDRAW


def test_a_leaver_s_late_line_is_corrected_where_the_absence_began_sooner() -> None:
    sooner = {**AWAY, date(2026, 10, 22): "I"}
    found = dict(_stand(_world(LATER, sooner, left=DUE), _alert(AWAY))["absence-alert"])
    assert {what: effect.state for what, effect in found.items()} == {
        What.WITHDRAW: State.WITHDRAWN,
        What.OPEN: State.PLANNED,
    }
    corrected = found[What.OPEN].proposal
    assert isinstance(corrected, IncludeInReturn)
    assert corrected.first == date(2026, 10, 22)


def test_a_late_line_stays_where_its_rule_cannot_judge_its_day() -> None:
    def fails(**given: Any) -> list[object]:
        if given["now"].date() == DUE:
            raise ValueError("made up")
        return []

    rule = small_rule("LA-06", "judge_pupil", fails)
    world = _world(LATER, {})
    found = resolve(judge(world, rules_of(rule), str), world)
    settled = late_lines_judged(found, _alert(AWAY), world, rules_of(rule), str)
    lines = [change for change in reconcile(settled, _alert(AWAY), world) if change.effect.kind is Kind.RETURN_LINE]
    assert [change.what for change in lines] == [What.KEEP]


def test_what_was_told_by_another_way_meanwhile_is_late_no_longer() -> None:
    by_hand = Event(school_day(LATER, 9, 0), "absence-alert-sent", PupilId("P1"))
    later = replace(_world(LATER, AWAY), events=(by_hand,))
    ((what, _),) = _stand(later, _alert(AWAY))["absence-alert"]
    assert what is What.WITHDRAW


def test_a_line_of_whom_the_mis_knows_no_more_stays_in_the_hands_of_a_person() -> None:
    nobody = replace(_world(LATER, AWAY), roll=())
    ((what, _),) = _stand(nobody, _alert(AWAY))["absence-alert"]
    assert what is What.KEEP


@settings(max_examples=60, deadline=None)
@given(present_on=st.sets(st.sampled_from(ABSENT)))
def test_however_marks_are_amended_a_late_line_stands_only_while_its_absence_is_as_long_as_the_la_wants(
    present_on: set[date],
) -> None:
    amended = {day: "" if day in present_on else code for day, code in AWAY.items()}
    found = _stand(_world(LATER, amended), _alert(AWAY))["absence-alert"]
    open_ones = [effect for _, effect in found if effect.state is State.PLANNED]
    assert bool(open_ones) is not bool(present_on)
