"""Inputs are append-only, and read as they were known at any moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from mbls_sync.contracts import ContactsOf, FlagsOf, Item, PatternsOf, Resource
from mbls_sync.model.happenings import Direction, Event, LeaveRequest, Licence, Message, RequestKind, SignIn
from mbls_sync.model.marks import PupilId
from mbls_sync.model.pupils import Contact, Flag, Pattern, Pupil
from mbls_sync.model.sessions import Period
from mbls_sync.store import codec, inputs
from mbls_sync.store.database import Store
from mbls_sync.store.schema import item as table

At = Callable[..., datetime]
LONDON = ZoneInfo("Europe/London")
ONE, TWO = PupilId("A000000000001"), PupilId("A000000000002")


def append(store: Store, items: list[Item], at: datetime, source: str = "export.csv") -> tuple[int, int]:
    with store.begin() as tx:
        return inputs.append(tx, items, at, source)


def test_a_row_is_added_only_where_it_differs_from_the_latest(store: Store, moment: At) -> None:
    pupil = Pupil(ONE, surname="Testpupil", class_name="Oak")
    assert append(store, [pupil], moment(1)) == (1, 0)
    assert append(store, [pupil], moment(2)) == (0, 1)
    assert append(store, [Pupil(ONE, surname="Testpupil", class_name="Elm")], moment(3)) == (1, 0)
    assert append(store, [pupil], moment(4)) == (1, 0)
    with store.read() as tx:
        assert tx.connection.execute(select(func.count()).select_from(table)).scalar() == 3
        assert inputs.roll(tx) == (pupil,)


def test_what_counts_for_years_is_read_whenever_it_happened(store: Store, moment: At) -> None:
    old = [
        Event(moment(1), kind, ONE, note="penalty-notice-issued") for kind in ("penalty-notice-issued", "home-visit")
    ]
    new = Event(moment(3), "home-visit", ONE)
    append(store, [*old, new], moment(3))
    with store.read() as tx:
        found = inputs.events(tx, since=moment(2), always=("penalty-notice-issued",))
    assert found == (old[0], new)


def test_two_rows_alike_in_one_file_are_one(store: Store, moment: At) -> None:
    message = Message(ONE, moment(7, 8), "home", "unwell")
    assert append(store, [message, message], moment(7, 9)) == (1, 1)


def test_the_roll_carries_contacts_flags_and_patterns_in_order_of_id(store: Store, moment: At) -> None:
    contact, flag = Contact(1, "A. Example", mobile="07700 900001"), Flag("bullying", date(2026, 9, 1))
    pattern = Pattern(None, None, frozenset({(0, Period.AM), (4, Period.PM)}))
    items: list[Item] = [Pupil(TWO), Pupil(ONE), ContactsOf(ONE, (contact,)), FlagsOf(ONE, (flag,))]
    append(store, [*items, PatternsOf(TWO, (pattern,))], moment(1))
    with store.read() as tx:
        assert inputs.roll(tx) == (Pupil(ONE, contacts=(contact,), flags=(flag,)), Pupil(TWO, patterns=(pattern,)))


def test_new_contacts_replace_those_known_before(store: Store, moment: At) -> None:
    append(store, [Pupil(ONE), ContactsOf(ONE, (Contact(1, "A. Example"),))], moment(1))
    append(store, [ContactsOf(ONE, ())], moment(2))
    with store.read() as tx:
        assert inputs.roll(tx)[0].contacts == ()
        assert inputs.roll(tx, moment(1, 12))[0].contacts == (Contact(1, "A. Example"),)


def test_the_roll_of_a_first_load_was_known_always(store: Store, moment: At) -> None:
    append(store, [Pupil(ONE, class_name="Oak")], moment(10))
    append(store, [Pupil(ONE, class_name="Elm"), Pupil(TWO)], moment(11))
    with store.read() as tx:
        assert inputs.roll(tx, moment(1)) == (Pupil(ONE, class_name="Oak"),)
        assert inputs.roll(tx, moment(11)) == (Pupil(ONE, class_name="Elm"), Pupil(TWO))


def test_a_first_load_is_known_from_each_rows_own_moment(store: Store, moment: At) -> None:
    rows: list[Item] = [
        Message(ONE, moment(7, 8)),
        LeaveRequest(ONE, moment(7, 8), date(2026, 10, 1), date(2026, 10, 2), "wedding"),
        Event(moment(7, 8), "home-visit", ONE),
    ]
    append(store, rows, moment(20))
    with store.read() as tx:
        for read in (inputs.messages, inputs.requests, inputs.events):
            assert read(tx, moment(7, 7, 59)) == ()
            assert len(read(tx, moment(7, 8))) == 1


def test_a_sign_in_of_a_first_load_is_known_from_its_time_at_the_school(store: Store, moment: At) -> None:
    append(store, [SignIn(ONE, date(2026, 9, 7), time(9, 5), Direction.IN)], moment(20))
    with store.read() as tx:
        assert inputs.sign_ins(tx, datetime(2026, 9, 7, 9, 4, tzinfo=LONDON)) == ()
        assert len(inputs.sign_ins(tx, datetime(2026, 9, 7, 9, 5, tzinfo=LONDON))) == 1


def test_a_first_load_may_come_in_several_pages(store: Store, moment: At) -> None:
    append(store, [Message(ONE, moment(7, 8))], moment(20), "messages-1.csv")
    append(store, [Message(TWO, moment(7, 8))], moment(20), "messages-2.csv")
    with store.read() as tx:
        assert len(inputs.messages(tx, moment(7, 8))) == 2


def test_what_comes_later_is_known_from_when_it_was_seen(store: Store, moment: At) -> None:
    append(store, [Message(ONE, moment(7, 8))], moment(7, 8, 1))
    append(store, [Message(TWO, moment(7, 8))], moment(7, 10))
    with store.read() as tx:
        assert [message.pupil for message in inputs.messages(tx, moment(7, 9))] == [ONE]
        assert [message.pupil for message in inputs.messages(tx, moment(7, 10))] == [ONE, TWO]


def test_a_message_whose_reason_was_mended_reads_as_it_was_before(store: Store, moment: At) -> None:
    append(store, [Message(ONE, moment(7, 8), "home", "ill")], moment(7, 9))
    append(store, [Message(ONE, moment(7, 8), "home", "dentist")], moment(7, 11))
    with store.read() as tx:
        assert [message.reason for message in inputs.messages(tx, moment(7, 10))] == ["ill"]
        assert [message.reason for message in inputs.messages(tx)] == ["dentist"]


def test_one_moment_in_two_zones_is_no_change(store: Store, moment: At) -> None:
    here = datetime(2026, 9, 7, 9, tzinfo=LONDON)
    append(store, [Message(ONE, here)], moment(7, 10))
    assert append(store, [Message(ONE, here.astimezone(UTC))], moment(7, 11)) == (0, 1)


def test_events_are_never_mended_only_followed(store: Store, moment: At) -> None:
    append(store, [Event(moment(7), "home-visit", ONE, note="no answer")], moment(7, 10))
    append(store, [Event(moment(7), "home-visit", ONE, note="mother met")], moment(7, 11))
    with store.read() as tx:
        assert {event.note for event in inputs.events(tx)} == {"no answer", "mother met"}


def test_rows_come_in_order_of_time_whatever_the_order_of_the_file(store: Store, moment: At) -> None:
    append(store, [Message(ONE, moment(9)), Message(TWO, moment(8)), Message(ONE, moment(7))], moment(10))
    with store.read() as tx:
        assert [message.received_at for message in inputs.messages(tx)] == [moment(7), moment(8), moment(9)]


def test_only_what_is_asked_for_is_read(store: Store, moment: At) -> None:
    append(store, [Event(moment(day), "home-visit", ONE) for day in range(1, 11)], moment(11))
    with store.read() as tx:
        assert [event.at for event in inputs.events(tx, since=moment(9))] == [moment(9), moment(10)]


def test_every_moment_comes_back_in_utc(store: Store) -> None:
    append(store, [Event(datetime(2026, 9, 7, 9, tzinfo=LONDON), "home-visit")], datetime(2026, 9, 7, tzinfo=UTC))
    with store.read() as tx:
        (event,) = inputs.events(tx)
    assert event.at.utcoffset() == timedelta(0)
    assert event.at.hour == 8


def test_a_moment_without_a_zone_is_refused(store: Store, moment: At) -> None:
    naive = moment(7).replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a time zone"):
        append(store, [Message(ONE, naive)], moment(7))


def test_garbled_text_does_not_stop_a_pull(store: Store, moment: At) -> None:
    message = Message(ONE, moment(7, 8), "home\0", "unwell \0 \ud800")
    assert append(store, [message], moment(7, 9)) == (1, 0)
    assert append(store, [message], moment(7, 10)) == (0, 1)
    with store.read() as tx:
        assert [found.pupil for found in inputs.messages(tx)] == [ONE]


MOMENTS = st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ITEMS: st.SearchStrategy[Item] = st.one_of(
    st.builds(
        Pupil,
        id=TEXT.map(PupilId),
        surname=TEXT,
        born=st.none() | st.dates(),
        looked_after=st.none() | st.booleans(),
        contacts=st.just(()),
        flags=st.just(()),
        patterns=st.just(()),
    ),
    st.builds(ContactsOf, TEXT.map(PupilId), st.lists(st.builds(Contact, st.integers(1, 9), TEXT)).map(tuple)),
    st.builds(Message, TEXT.map(PupilId), MOMENTS, TEXT, TEXT, st.none() | st.dates()),
    st.builds(SignIn, TEXT.map(PupilId), st.dates(), st.times(), st.sampled_from(Direction), TEXT),
    st.builds(
        LeaveRequest,
        TEXT.map(PupilId),
        MOMENTS,
        st.dates(),
        st.dates(),
        TEXT,
        TEXT,
        kind=st.none() | st.sampled_from(RequestKind),
        starts=st.sampled_from(Period),
        leaves_at=st.none() | st.times(),
        licence=st.none() | st.sampled_from(Licence),
        licence_last=st.none() | st.dates(),
        body=TEXT,
    ),
    st.builds(Event, MOMENTS, TEXT, st.none() | TEXT.map(PupilId), TEXT, TEXT, TEXT, TEXT, TEXT),
)


@given(ITEMS)
def test_every_row_reads_back_as_it_was_written(item: Item) -> None:
    resource = codec.RESOURCE_OF_TYPE[type(item)]
    assert codec.read_item(resource, codec.item_text(item)) == item


def test_a_request_that_was_stored_before_requests_had_kinds_still_reads() -> None:
    stored = (
        '{"first":"2026-10-01","last":"2026-10-02","pupil":"P1","purpose":"wedding","reason":"",'
        '"received_at":"2026-09-07T08:00:00+00:00"}'
    )
    at = datetime(2026, 9, 7, 8, tzinfo=UTC)
    wedding = LeaveRequest(PupilId("P1"), at, date(2026, 10, 1), date(2026, 10, 2), "wedding")
    assert codec.read_item(Resource.LEAVE_REQUESTS, stored) == wedding


def test_every_resource_but_marks_has_a_form() -> None:
    assert set(codec.TYPE_OF_RESOURCE) == set(Resource) - {Resource.MARKS}
