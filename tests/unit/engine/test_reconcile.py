"""What is open follows what is called for: opened, kept, withdrawn with its reason, reopened, verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbls_sync.engine.apply import judge
from mbls_sync.engine.reconcile import Change, What, reconcile
from mbls_sync.engine.resolve import resolve
from mbls_sync.engine.world import World
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event, Message
from mbls_sync.model.marks import PupilId
from mbls_sync.model.proposals import AddToSheet, DraftLetter, IncludeInReturn
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import ZONE, Someone, a_parameter, a_pupil, a_world
from mbls_sync.testing.small_rules import BLANK_IS_N, CALL_HOME, a_task, rules_of, school_day, small_rule

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)
CODES = ["", "N", "I", "/", "O"]
BLANK = {"P1": "/", "P2": ""}


def the_world(minute: int = 20, *, hour: int = 9, day: date = DAY, **given: Any) -> World:
    codes = given.pop("codes", {"P1": "/", "P2": "N"})
    people = [Someone(a_pupil(id), {AM: code}) for id, code in codes.items()]
    return replace(a_world(school_day(day, hour, minute), *people), **given)


def changes(
    world: World, effects: Sequence[Effect] = (), *rules: Any, inherited: frozenset[str] = frozenset()
) -> tuple[Change, ...]:
    return reconcile(resolve(judge(world, rules_of(*(rules or (CALL_HOME,))), str), world), effects, world, inherited)


def stood(world: World, effects: Sequence[Effect] = (), *rules: Any) -> list[Effect]:
    """The effects as they stand after one reconciling."""
    fresh = {change.effect.key: change.effect for change in changes(world, effects, *rules)}
    return list(({effect.key: effect for effect in effects} | fresh).values())


def the_only(found: Sequence[Change]) -> Change:
    assert len(found) == 1
    return found[0]


def event(kind: str, ref: str, minute: int = 25, outcome: str = "", pupil: str | None = None) -> Event:
    at = school_day(DAY, 9, minute).replace(tzinfo=ZONE)
    return Event(at, kind, PupilId(pupil) if pupil else None, outcome=outcome, ref=ref)


def test_what_is_new_is_opened_and_what_stands_is_kept() -> None:
    opened = the_only(changes(the_world()))
    assert (opened.what, opened.effect.state) == (What.OPEN, State.PLANNED)
    kept = the_only(changes(the_world(25), [opened.effect]))
    assert (kept.what, kept.effect) == (What.KEEP, opened.effect)


def test_a_mark_that_became_i_withdraws_its_call_and_says_so() -> None:
    before = stood(the_world())
    found = the_only(changes(the_world(30, codes={"P1": "/", "P2": "I"}), before))
    assert (found.what, found.effect.state, found.reason) == (What.WITHDRAW, State.WITHDRAWN, "the mark is now I")


def test_a_message_withdraws_the_call_and_says_when_it_came() -> None:
    came = Message(PupilId("P2"), school_day(DAY, 9, 25).replace(tzinfo=ZONE), "parent", "unwell")
    found = the_only(changes(the_world(30, messages=(came,)), stood(the_world())))
    assert found.reason.endswith("; what changed last: a message from home came at 09:25 on 09 November 2026")


def test_what_came_weeks_ago_is_not_the_reason_for_what_is_withdrawn_now() -> None:
    def on_that_day(pupil: Any, history: Any, **_: Any) -> Any:
        if pupil.id == "P2" and history.until.day == DAY:
            yield replace(a_task(pupil.id, AM, ZONE, "look"), session=None, occasion="once")

    rule = small_rule("STG-T1", "judge_pupil", on_that_day)
    came = Message(PupilId("P2"), school_day(DAY, 9, 25).replace(tzinfo=ZONE), "parent", "unwell")
    later = the_world(30, day=date(2026, 11, 23), messages=(came,))
    found = the_only(changes(later, stood(the_world(), (), rule), rule))
    assert found.reason == "STG-T1 no longer asks for it"


def test_a_pupil_who_left_needs_no_call() -> None:
    gone = replace(a_pupil("P2"), left=date(2026, 11, 6))
    world = the_world(30)
    all_changes = changes(replace(world, roll=(world.roll[0], gone)), stood(the_world()))
    found = the_only(tuple(c for c in all_changes if c.effect.pupil == gone.id))
    assert found.reason == "the pupil left the roll on 2026-11-06"


def test_what_is_called_for_again_is_the_same_effect() -> None:
    first = stood(the_world())
    withdrawn = stood(the_world(30, codes={"P1": "/", "P2": "I"}), first)
    again = the_only(changes(the_world(40), withdrawn))
    assert (again.what, again.effect.key, again.effect.state) == (What.REOPEN, first[0].key, State.PLANNED)


def test_changed_content_is_updated_in_place() -> None:
    first = stood(the_world(codes={"P1": "/", "P2": ""}))
    found = the_only(changes(the_world(25), first))
    assert (found.what, found.effect.key, found.effect.opened_at) == (What.UPDATE, first[0].key, first[0].opened_at)


@pytest.mark.parametrize("length", [64, 8])
def test_a_task_a_person_did_is_verified_and_not_asked_again(length: int) -> None:
    first = stood(the_world())
    done = event("task-done", first[0].key[:length])
    second = the_only(changes(the_world(30, events=(done,)), first))
    assert (second.what, second.effect.state) == (What.VERIFY, State.VERIFIED)
    assert the_only(changes(the_world(35, events=(done,)), [second.effect])).what is What.KEEP


def test_a_task_taken_up_again_is_open_again() -> None:
    first = stood(the_world())
    done = event("task-done", first[0].key)
    verified = stood(the_world(30, events=(done,)), first)
    again = event("task-reopened", first[0].key, 31)
    assert the_only(changes(the_world(35, events=(done, again)), verified)).what is What.REOPEN


def test_a_rebuilt_store_finds_done_what_was_done() -> None:
    key = stood(the_world())[0].key
    found = the_only(changes(the_world(30, events=(event("task-done", key),))))
    assert (found.what, found.effect.state) == (What.OPEN, State.VERIFIED)


def test_a_discarded_effect_is_closed_and_stays_closed() -> None:
    first = stood(the_world())
    discarded = event("effect-discarded", first[0].key)
    second = the_only(changes(the_world(30, events=(discarded,)), first))
    assert (second.what, second.effect.state) == (What.WITHDRAW, State.WITHDRAWN)
    assert the_only(changes(the_world(35, events=(discarded,)), [second.effect])).what is What.KEEP


def test_a_task_is_put_off_until_the_time_that_was_said() -> None:
    first = stood(the_world())
    put_off = event("task-snoozed", first[0].key, outcome="2026-11-10T10:00")
    found = the_only(changes(the_world(30, events=(put_off,)), first))
    until = datetime(2026, 11, 10, 10, tzinfo=ZONE)
    assert (found.what, found.effect.snoozed_until, found.effect.state) == (What.UPDATE, until, State.PLANNED)
    assert the_only(changes(the_world(35, events=(put_off,)), [found.effect])).what is What.KEEP


class TestMarks:
    """A mark is verified by what the register shows; what a person set is never fought over."""

    def planned(self) -> Effect:
        (effect,) = stood(the_world(codes=BLANK), (), BLANK_IS_N)
        assert effect.kind is Kind.MARK
        return effect

    def test_the_next_pull_ticks_off_what_was_keyed_by_hand(self) -> None:
        found = the_only(changes(the_world(30), [self.planned()], BLANK_IS_N))
        assert (found.what, found.effect.state, found.reason) == (What.VERIFY, State.VERIFIED, "the register shows N")

    def test_a_person_who_set_another_mark_withdraws_it(self) -> None:
        found = the_only(changes(the_world(30, codes={"P1": "/", "P2": "I"}), [self.planned()], BLANK_IS_N))
        assert (found.what, found.reason) == (What.WITHDRAW, "the mark is now I")

    def test_a_mark_changed_back_is_left_to_the_person(self) -> None:
        verified = replace(self.planned(), state=State.VERIFIED)
        found = the_only(changes(the_world(30, codes=BLANK), [verified], BLANK_IS_N))
        assert (found.what, found.effect.state) == (What.CONFLICT, State.CONFLICTED)

    def test_without_a_newer_pull_a_verified_mark_is_left_alone(self) -> None:
        verified = replace(self.planned(), state=State.VERIFIED)
        world = the_world(30, codes=BLANK)
        assert (
            the_only(changes(replace(world, pulled_at=verified.changed_at), [verified], BLANK_IS_N)).what is What.KEEP
        )

    @pytest.mark.parametrize("state", [State.SENDING, State.ACCEPTED, State.UNKNOWN])
    def test_a_mark_on_its_way_is_not_touched(self, state: State) -> None:
        on_its_way = replace(self.planned(), state=state)
        assert the_only(changes(the_world(30, codes=BLANK), [on_its_way], BLANK_IS_N)).what is What.KEEP

    @pytest.mark.parametrize("state", [State.CONFLICTED, State.REFUSED])
    def test_a_stuck_mark_waits_until_the_register_moves(self, state: State) -> None:
        stuck = replace(self.planned(), state=state)
        assert the_only(changes(the_world(30, codes=BLANK), [stuck], BLANK_IS_N)).what is What.KEEP


class TestGoLive:
    """What was already so is inherited; before the day, everything is."""

    def test_an_inherited_key_opens_as_inherited(self) -> None:
        world = the_world(go_live=DAY)
        keys = frozenset(change.effect.key for change in changes(world))
        assert the_only(changes(world, inherited=keys)).effect.state is State.INHERITED

    def test_a_line_of_a_list_that_is_always_kept_is_not_inherited(self) -> None:
        listed = small_rule(
            "MON-T1", "judge_school", lambda **_: [AddToSheet("list", "2T", "2T", "block", (("A", "B"),))]
        )
        world = the_world(go_live=DAY)
        keys = frozenset(change.effect.key for change in changes(world, (), listed))
        assert the_only(changes(world, (), listed, inherited=keys)).effect.state is State.PLANNED

    def test_before_the_day_everything_is_inherited(self) -> None:
        assert the_only(changes(the_world(go_live=date(2026, 11, 10)))).effect.state is State.INHERITED

    def test_what_is_withdrawn_and_called_for_again_is_still_inherited(self) -> None:
        world = the_world(go_live=DAY)
        keys = frozenset(change.effect.key for change in changes(world))
        withdrawn = replace(the_only(changes(world, inherited=keys)).effect, state=State.WITHDRAWN)
        assert the_only(changes(world, [withdrawn], inherited=keys)).effect.state is State.INHERITED


class TestTheTurnOfTheYear:
    """An open case never closes by arithmetic alone."""

    september = date(2027, 9, 6)

    def case(self) -> Effect:
        return replace(stood(the_world())[0], opened_at=school_day(DAY, 9, 20).replace(tzinfo=ZONE))

    def in_september(self, carries_over: bool) -> Change:
        flag = a_parameter("cases.carry_over", "flag", carries_over)
        world = the_world(day=date(2026, 11, 9))
        later = replace(world, now=school_day(date(2027, 8, 30), 9, 20).replace(tzinfo=ZONE))
        closing = replace(later, parameters={**later.parameters, "cases.carry_over": flag})
        silent = small_rule("FDC-T1", "judge_request", lambda **_: ())
        return the_only(changes(closing, [self.case()], silent))

    def test_it_stays_open_where_the_policy_says_so(self) -> None:
        assert self.in_september(True).what is What.KEEP

    def test_it_is_withdrawn_where_each_year_starts_anew(self) -> None:
        assert self.in_september(False).what is What.WITHDRAW


def _row(text: str) -> Any:
    return small_rule(
        "MON-T1", "judge_school", lambda **_: [AddToSheet("daily", "2026-11-09", "Daily", "row", (("Ill", text),))]
    )


def test_a_row_that_should_say_something_else_is_written_again() -> None:
    written = [replace(effect, state=State.VERIFIED) for effect in stood(the_world(), (), _row("1"))]
    assert the_only(changes(the_world(), written, _row("1"))).what is What.KEEP
    found = the_only(changes(the_world(), written, _row("2")))
    assert (found.what, found.effect.state) == (What.UPDATE, State.PLANNED)


def test_a_row_of_yesterday_stays_on_its_sheet() -> None:
    silent = small_rule("MON-T1", "judge_school", lambda **_: ())
    assert the_only(changes(the_world(), stood(the_world(), (), _row("1")), silent)).what is What.KEEP


@pytest.mark.parametrize(("due", "what"), [(date(2026, 11, 10), What.WITHDRAW), (date(2026, 11, 8), What.KEEP)])
def test_a_line_of_a_return_leaves_it_only_until_it_is_due(due: date, what: What) -> None:
    line = IncludeInReturn("register-check", PupilId("P1"), "autumn", due, "below 93%")
    asked = small_rule("LA-T2", "judge_school", lambda **_: [line])
    silent = small_rule("LA-T2", "judge_school", lambda **_: ())
    assert the_only(changes(the_world(), stood(the_world(), (), asked), silent)).what is what


def test_a_letter_that_was_sent_is_verified_by_its_event() -> None:
    due = school_day(DAY, 16, 0).replace(tzinfo=ZONE)
    letter = DraftLetter("support", PupilId("P1"), "office", "first", "Letter", "below 93%", due, "support-letter-sent")
    asked = small_rule("STG-T1", "judge_school", lambda **_: [letter])
    opened = stood(the_world(), (), asked)
    sent = event("support-letter-sent", opened[0].key, pupil="P1")
    assert the_only(changes(the_world(30, events=(sent,)), opened, asked)).what is What.VERIFY


def test_a_step_recorded_without_an_id_is_verified_when_the_rule_falls_silent() -> None:
    due = school_day(DAY, 16, 0).replace(tzinfo=ZONE)
    letter = DraftLetter("support", PupilId("P1"), "office", "first", "Letter", "below 93%", due, "support-letter-sent")
    opened = stood(the_world(), (), small_rule("STG-T1", "judge_school", lambda **_: [letter]))
    sent = event("support-letter-sent", "", pupil="P1")
    silent = small_rule("STG-T1", "judge_school", lambda **_: ())
    assert the_only(changes(the_world(30, events=(sent,)), opened, silent)).what is What.VERIFY


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["P2", "P3", "P4"]), st.sampled_from(CODES)), max_size=12), st.randoms())
def test_amending_marks_in_any_order_ends_in_the_same_open_tasks(edits: list[tuple[str, str]], random: Any) -> None:
    codes = {"P1": "/", "P2": "N", "P3": "", "P4": "I"}
    effects = stood(the_world(codes=codes))
    final = dict(codes)
    for minute, (pupil, code) in enumerate(edits, start=21):
        final[pupil] = code
        world = the_world(minute, codes=final)
        shuffled = list(effects)
        random.shuffle(shuffled)
        effects = stood(world, shuffled)
    direct = {effect.key for effect in stood(the_world(codes=final)) if effect.state.is_open}
    assert {effect.key for effect in effects if effect.state.is_open} == direct
    calm = the_world(50, codes=final)
    assert {change.what for change in changes(calm, effects)} <= {What.KEEP}
