"""Effects move from state to state by compare-and-set, under the lease of one writer, each move audited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.errors import LeaseLost, StoreError
from mbls_sync.model.codes import CodeStanding, Meaning
from mbls_sync.model.decisions import Because, Reading, Value
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.proposals import (
    AddToSheet,
    DraftLetter,
    IncludeInReturn,
    OpenReferral,
    Proposal,
    RaiseTask,
    Rank,
    SetCode,
)
from mbls_sync.model.pupils import Phase
from mbls_sync.model.sessions import Period, Session
from mbls_sync.model.subjects import PupilSession
from mbls_sync.store import audit, codec, leases, outbox, people
from mbls_sync.store.database import Store

At = Callable[..., datetime]
PUPIL = PupilId("A000000000001")
LONDON = ZoneInfo("Europe/London")
DUE = datetime(2026, 9, 7, 9, 30, tzinfo=LONDON)
SESSION = Session(date(2026, 9, 7), Period.AM)
SUBJECT = PupilSession(
    pupil=PUPIL,
    session=SESSION,
    code="N",
    meaning=Meaning.UNAUTHORISED,
    standing=CodeStanding.VALID,
    zone=LONDON,
    phase=Phase.RECEPTION,
    class_name="Oak",
    expected=True,
    register_taken=True,
    detail=MarkDetail(minutes_late=3, amended_at=DUE),
)
PROPOSALS: dict[Kind, Proposal] = {
    Kind.MARK: SetCode(SUBJECT, "I", "home called"),
    Kind.TASK: RaiseTask(
        "call-home", "Call", "no message", DUE, "office", Rank.DAY_TWO, PUPIL, session=SESSION, facts=(("Day", "two"),)
    ),
    Kind.LETTER: DraftLetter("support", PUPIL, "head", "2026-27/1", "Letter", "below", DUE, "support-letter-sent"),
    Kind.RETURN_LINE: IncludeInReturn("register-check", PUPIL, "autumn", date(2026, 12, 18), "below"),
    Kind.REFERRAL: OpenReferral("ewo", PUPIL, "2026-27/1", DUE, "head", "below"),
    Kind.SHEET_ROW: AddToSheet("fire-list", "Oak", "Oak", "block", (("In", "12"),)),
}
BECAUSE = Because(
    "FDC-03",
    "Absence procedures",
    (Reading("first_day_calling.starts_at", time(9, 30), date(2023, 9, 1), "Absence procedures", "call"),),
    ((SESSION, "N"),),
)


def effect(key: str, moment: At, kind: Kind = Kind.TASK, state: State = State.PLANNED) -> Effect:
    return Effect(key, kind, state, PUPIL, PROPOSALS[kind], BECAUSE, moment(7), moment(7))


@pytest.mark.parametrize("kind", Kind)
def test_an_effect_reads_back_as_it_was_put(store: Store, moment: At, kind: Kind) -> None:
    put = replace(effect("abc", moment, kind), reason="why", fence=3, snoozed_until=moment(8), receipt="r")
    with store.begin() as tx:
        outbox.put(tx, put, "called for")
    with store.read() as tx:
        assert outbox.load(tx) == (put,)
        (audited,) = audit.entries(tx)
    assert (audited.kind, audited.ref, audited.detail["why"]) == ("effect.put", "abc", "called for")


VALUES: st.SearchStrategy[Value] = st.one_of(
    st.times(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(["09:30", "4.10", "true", ""]) | st.text(max_size=5),
    st.booleans(),
    st.none(),
    st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3))).map(tuple),
)


@given(VALUES)
def test_a_value_that_was_read_keeps_its_kind(value: Value) -> None:
    because = Because("R", "c", (Reading("p", value, date(2026, 9, 1), "c"),))
    (reading,) = codec.read_because(codec.because_text(because)).readings
    assert (type(reading.value), reading.value) == (type(value), value)


def test_a_decimal_keeps_its_places() -> None:
    because = Because("R", "c", (Reading("p", Decimal("10.0"), date(2026, 9, 1), "c"),))
    assert str(codec.read_because(codec.because_text(because)).readings[0].value) == "10.0"


def test_an_effect_put_again_is_one_row_and_two_audit_entries(store: Store, moment: At) -> None:
    with store.begin() as tx:
        outbox.put(tx, effect("abc", moment), "called for")
        outbox.put(tx, replace(effect("abc", moment), state=State.WITHDRAWN), "no longer called for")
        assert [found.state for found in outbox.load(tx)] == [State.WITHDRAWN]
        assert len(list(audit.entries(tx, ref="abc"))) == 2


def test_only_open_effects_are_loaded_where_only_those_are_asked_for(store: Store, moment: At) -> None:
    with store.begin() as tx:
        for state in State:
            outbox.put(tx, effect(f"key {state}", moment, state=state), "test")
        assert {found.state for found in outbox.load(tx, only_open=True)} == {s for s in State if s.is_open}
        assert len(outbox.load(tx)) == len(State)
        assert set(outbox.by_keys(tx, ["key withdrawn", "key nowhere"])) == {"key withdrawn"}


def test_only_effects_of_the_kinds_asked_for_are_loaded(store: Store, moment: At) -> None:
    with store.begin() as tx:
        for kind in PROPOSALS:
            outbox.put(tx, effect(f"key {kind}", moment, kind), "test")
        assert [found.kind for found in outbox.load(tx, kinds=(Kind.RETURN_LINE,))] == [Kind.RETURN_LINE]
        assert outbox.load(tx, kinds=(Kind.RETURN_LINE,), since=moment(8)) == ()


def test_an_effect_is_found_by_the_start_of_its_key(store: Store, moment: At) -> None:
    with store.begin() as tx:
        for key in ("abc1", "abc2", "ABX", "a%c"):
            outbox.put(tx, effect(key, moment), "test")
        assert outbox.by_key(tx, "abc1") == effect("abc1", moment)
        assert outbox.by_key(tx, "ABX") == outbox.by_key(tx, "AB") == effect("ABX", moment)
        assert outbox.by_key(tx, "a%") == effect("a%c", moment)
        assert outbox.by_key(tx, "x") is outbox.by_key(tx, "") is None
        with pytest.raises(StoreError, match="more than one"):
            outbox.by_key(tx, "abc")


def test_a_state_moves_only_from_where_it_is_expected(store: Store, moment: At) -> None:
    with store.begin() as tx:
        outbox.put(tx, effect("abc", moment), "test")
        move: dict[str, Any] = {"reason": "claimed", "now": moment(8), "expect": [State.PLANNED, State.APPROVED]}
        assert outbox.move(tx, "abc", State.SENDING, **move, receipt="ref 1")
        assert not outbox.move(tx, "abc", State.SENDING, **move)
        assert not outbox.move(tx, "nowhere", State.SENDING, **move)
        found = outbox.by_key(tx, "abc")
        assert found is not None
        assert (found.state, found.reason, found.changed_at, found.receipt) == (
            State.SENDING,
            "claimed",
            moment(8),
            "ref 1",
        )
        assert [entry.kind for entry in audit.entries(tx)] == ["effect.put", "effect.moved"]


def test_a_process_whose_lease_has_passed_on_cannot_move_an_effect(store: Store, moment: At) -> None:
    minute = timedelta(minutes=1)
    with store.begin() as tx:
        outbox.put(tx, effect("abc", moment), "test")
        old = leases.acquire(tx, "first", moment(7), minute)
        new = leases.acquire(tx, "second", moment(7, 0, 2), minute)
    assert old is not None
    assert new is not None
    move: dict[str, Any] = {"reason": "claimed", "now": moment(8), "expect": [State.PLANNED]}
    with pytest.raises(LeaseLost), store.begin() as tx:
        outbox.move(tx, "abc", State.SENDING, **move, fence=old)
    with store.begin() as tx:
        assert outbox.move(tx, "abc", State.SENDING, **move, fence=new)
        found = outbox.by_key(tx, "abc")
    assert found is not None
    assert found.fence == new


def test_the_audit_of_an_effect_holds_a_pseudonym(store: Store, moment: At) -> None:
    with store.begin() as tx:
        outbox.put(tx, effect(f"FDC-03 {PUPIL}", moment), f"{PUPIL} is absent")
        (entry,) = audit.entries(tx)
        name = people.pseudonym(tx, PUPIL)
    assert PUPIL not in f"{entry}"
    assert entry.ref == f"FDC-03 {name}"
    assert entry.detail["pupil"] == name


def test_a_due_time_is_the_same_moment_after_it_was_stored(store: Store, moment: At) -> None:
    with store.begin() as tx:
        outbox.put(tx, effect("abc", moment), "test")
        found = outbox.by_key(tx, "abc")
    assert found is not None
    assert isinstance(found.proposal, RaiseTask)
    assert found.proposal.due == DUE
    assert found.proposal.due.astimezone(UTC).utcoffset() == found.proposal.due.utcoffset()
