"""Registers as the MIS holds them, and as they were known at any moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from mbls_sync.errors import StoreError
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.codes import Meaning
from mbls_sync.model.marks import MarkDetail, PupilId
from mbls_sync.model.registers import EMPTY_PAGE
from mbls_sync.model.sessions import Session
from mbls_sync.store import ledger, people, registers
from mbls_sync.store.database import Store
from mbls_sync.store.registers import PageChange

At = Callable[..., datetime]
YEAR = AcademicYear(2026)
PUPIL = PupilId("A000000000001")


def test_what_was_stored_is_what_is_loaded(desk: Any, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "/", "2026-09-07 PM": "N"}, moment(7, 14))
    assert desk.code(PUPIL, "2026-09-07 AM") == "/"
    assert desk.code(PUPIL, "2026-09-07 PM") == "N"
    assert desk.code(PUPIL, "2026-09-08 AM") == ""


def test_a_year_without_a_mark_has_no_pages(store: Store) -> None:
    with store.read() as tx:
        assert registers.load(tx, YEAR).pages == {}
        assert registers.years(tx) == ()


def test_the_years_are_those_of_which_marks_are_held(desk: Any, store: Store, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "/"}, moment(7, 10))
    desk.see(PUPIL, {"2025-09-08 AM": "/"}, moment(7, 10))
    with store.read() as tx:
        assert registers.years(tx) == (AcademicYear(2025), YEAR)


def test_a_byte_once_given_keeps_its_code(store: Store) -> None:
    with store.begin() as tx:
        first = registers.grow_encoding(tx, [("/", Meaning.PRESENT), ("N", Meaning.UNAUTHORISED)])
    with store.begin() as tx:
        grown = registers.grow_encoding(tx, [("H", Meaning.AUTHORISED), ("/", Meaning.PRESENT)])
        assert dict(grown.pairs).items() >= dict(first.pairs).items()
        assert registers.encoding(tx) == grown


def test_a_code_whose_meaning_changed_has_a_byte_for_each(store: Store) -> None:
    with store.begin() as tx:
        grown = registers.grow_encoding(tx, [("Y", Meaning.AUTHORISED), ("Y", Meaning.NOT_POSSIBLE)])
    assert len(grown.pairs) == 2


def test_an_encoding_without_room_says_so(store: Store) -> None:
    wanted = [(f"a{number}", Meaning.PRESENT) for number in range(17)]
    with pytest.raises(StoreError, match="encoding is full"), store.begin() as tx:
        registers.grow_encoding(tx, wanted)


def test_a_page_that_another_pull_changed_is_not_overwritten(desk: Any, store: Store, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "/"}, moment(7, 10))
    stale = PageChange(PUPIL, YEAR, EMPTY_PAGE, bytes([0xA0]) + EMPTY_PAGE[1:])
    with pytest.raises(StoreError, match="pull again"), store.begin() as tx:
        registers.apply(tx, [stale], moment(7, 11), "marks.csv")
    assert desk.code(PUPIL, "2026-09-07 AM") == "/"


def test_one_page_changed_twice_in_one_pull_is_refused(store: Store, moment: At) -> None:
    with store.begin() as tx:
        known = registers.grow_encoding(tx, [("/", Meaning.PRESENT)])
    change = PageChange(PUPIL, YEAR, EMPTY_PAGE, bytes([known.byte("/", Meaning.PRESENT)]) + EMPTY_PAGE[1:])
    with pytest.raises(StoreError, match="changed twice"), store.begin() as tx:
        registers.apply(tx, [change, change], moment(7, 11), "marks.csv")


def test_a_change_that_changes_nothing_leaves_no_trace(store: Store, moment: At) -> None:
    with store.begin() as tx:
        registers.apply(tx, [PageChange(PUPIL, YEAR, EMPTY_PAGE, EMPTY_PAGE)], moment(7, 9), "marks.csv")
        assert registers.load(tx, YEAR).pages == {}
        assert people.pseudonyms(tx) == {}


# As known at a moment


def test_a_later_mark_is_known_from_when_it_was_seen(desk: Any, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "/"}, moment(7, 10))
    desk.see(PUPIL, {"2026-09-08 AM": "N"}, moment(8, 9, 16))
    assert desk.code(PUPIL, "2026-09-08 AM", moment(8, 9, 15)) == ""
    assert desk.code(PUPIL, "2026-09-08 AM", moment(8, 9, 16)) == "N"


def test_an_amended_mark_reads_as_it_was_before_it_was_amended(desk: Any, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "N"}, moment(7, 9))
    desk.see(PUPIL, {"2026-09-07 AM": "I"}, moment(7, 10))
    desk.see(PUPIL, {"2026-09-07 AM": "U"}, moment(7, 11))
    seen = [desk.code(PUPIL, "2026-09-07 AM", moment(7, hour)) for hour in (9, 10, 11)]
    assert seen == ["N", "I", "U"]
    assert desk.code(PUPIL, "2026-09-07 AM") == "U"


def test_a_mark_taken_away_was_there_before(desk: Any, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "N"}, moment(7, 9))
    desk.see(PUPIL, {"2026-09-07 AM": ""}, moment(7, 10))
    assert desk.code(PUPIL, "2026-09-07 AM") == ""
    assert desk.code(PUPIL, "2026-09-07 AM", moment(7, 9, 30)) == "N"


def test_a_first_load_is_known_from_each_sessions_own_day(desk: Any, moment: At) -> None:
    marks = {"2026-09-07 AM": "/", "2026-09-07 PM": "I", "2026-09-08 AM": "N"}
    desk.see(PUPIL, marks, moment(20, 12))
    assert desk.code(PUPIL, "2026-09-07 PM", moment(7, 12)) == "I"
    assert desk.code(PUPIL, "2026-09-08 AM", moment(7, 12)) == ""
    assert desk.code(PUPIL, "2026-09-08 AM", moment(8, 0)) == "N"


def test_a_change_after_a_first_load_keeps_the_reconstructed_mark_before_it(desk: Any, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "N"}, moment(20, 12))
    desk.see(PUPIL, {"2026-09-07 AM": "I"}, moment(21, 12))
    assert desk.code(PUPIL, "2026-09-07 AM", moment(8, 0)) == "N"
    assert desk.code(PUPIL, "2026-09-07 AM", moment(21, 12)) == "I"


def test_a_session_after_the_moment_is_never_known(desk: Any, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "/"}, moment(7, 9))
    desk.see(PUPIL, {"2026-09-07 PM": "/", "2026-09-14 AM": "B"}, moment(7, 10))
    assert desk.code(PUPIL, "2026-09-14 AM", moment(13, 23, 59)) == ""
    assert desk.code(PUPIL, "2026-09-14 AM", moment(14)) == "B"


def test_the_day_of_a_moment_is_the_day_where_the_school_is(desk: Any) -> None:
    east = timezone(timedelta(hours=3))
    desk.see(PUPIL, {"2026-09-08 AM": "/"}, datetime(2026, 9, 20, tzinfo=UTC))
    assert desk.code(PUPIL, "2026-09-08 AM", datetime(2026, 9, 8, 1, tzinfo=east)) == "/"
    assert desk.code(PUPIL, "2026-09-08 AM", datetime(2026, 9, 7, 22, tzinfo=UTC)) == ""


@pytest.mark.parametrize("day", [datetime(2026, 7, 31, 23, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)])
def test_nothing_of_a_year_is_known_before_it(desk: Any, day: datetime) -> None:
    desk.see(PUPIL, {"2026-09-08 AM": "/"}, datetime(2026, 9, 20, tzinfo=UTC))
    assert desk.pages(day) == {}


def test_a_clock_that_was_set_back_loses_no_observation(desk: Any, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "N"}, moment(7, 9))
    desk.see(PUPIL, {"2026-09-07 AM": "U"}, moment(30, 9))
    desk.see(PUPIL, {"2026-09-07 AM": "I"}, moment(7, 10))
    assert desk.code(PUPIL, "2026-09-07 AM", moment(7, 9, 30)) == "N"
    assert desk.code(PUPIL, "2026-09-07 AM", moment(7, 10)) == "I"
    assert desk.code(PUPIL, "2026-09-07 AM", moment(30, 9)) == "I"


# Details and amendments


def test_details_are_kept_beside_their_marks(desk: Any, store: Store, moment: At) -> None:
    late = MarkDetail(minutes_late=12, comment="bus", amended_at=moment(7, 9))
    desk.see(PUPIL, {"2026-09-07 AM": "L"}, moment(7, 9), {"2026-09-07 AM": late})
    with store.read() as tx:
        ((key, told),) = registers.details(tx, YEAR).items()
    assert (key[0], told) == (PUPIL, late)


def test_a_detail_goes_with_the_mark_it_was_told_of(desk: Any, store: Store, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "L"}, moment(7, 9), {"2026-09-07 AM": MarkDetail(minutes_late=12)})
    desk.see(PUPIL, {"2026-09-07 AM": "N"}, moment(7, 10))
    with store.read() as tx:
        assert registers.details(tx, YEAR) == {}


def test_an_empty_detail_clears_what_was_told(desk: Any, store: Store, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "L"}, moment(7, 9), {"2026-09-07 AM": MarkDetail(comment="bus")})
    desk.see(PUPIL, {}, moment(7, 10), {"2026-09-07 AM": MarkDetail()})
    with store.read() as tx:
        assert registers.details(tx, YEAR) == {}
    assert desk.code(PUPIL, "2026-09-07 AM") == "L"


def test_an_amendment_keeps_original_amended_reason_date_name_and_role(desk: Any, store: Store, moment: At) -> None:
    facts = MarkDetail(
        amended_by="C. Clerk", amended_role="office", amended_at=moment(7, 10), amended_reason="doctor's note"
    )
    desk.see(PUPIL, {"2026-09-07 AM": "N"}, moment(7, 9))
    desk.see(PUPIL, {"2026-09-07 AM": "I"}, moment(7, 11), {"2026-09-07 AM": facts})
    with store.read() as tx:
        (made,) = registers.amendments(tx)
    assert (made.pupil, made.session) == (PUPIL, Session.parse("2026-09-07 AM"))
    assert (made.original, made.amended, made.observed_at) == ("N", "I", moment(7, 11))
    assert (made.reason, made.by, made.role, made.at) == ("doctor's note", "C. Clerk", "office", moment(7, 10))


def test_facts_that_come_later_complete_their_amendment(desk: Any, store: Store, moment: At) -> None:
    desk.see(PUPIL, {"2026-09-07 AM": "N"}, moment(7, 9))
    desk.see(PUPIL, {"2026-09-07 AM": "I"}, moment(7, 10))
    told = {"2026-09-07 AM": MarkDetail(amended_by="C. Clerk", amended_reason="a call")}
    desk.see(PUPIL, {}, moment(7, 11), told)
    desk.see(PUPIL, {}, moment(7, 12), told)
    with store.read() as tx:
        (made,) = registers.amendments(tx, PUPIL)
    assert (made.reason, made.by, made.role, made.observed_at) == ("a call", "C. Clerk", None, moment(7, 10))


def test_amendments_of_one_pupil_are_that_pupils(desk: Any, store: Store, moment: At) -> None:
    for pupil in ("A000000000001", "A000000000002"):
        desk.see(pupil, {"2026-09-07 AM": "N"}, moment(7, 9))
        desk.see(pupil, {"2026-09-07 AM": "I"}, moment(7, 10))
    with store.read() as tx:
        assert [made.pupil for made in registers.amendments(tx, PUPIL)] == [PUPIL]
        assert len(registers.amendments(tx)) == 2
        assert registers.amendments(tx, PupilId("nobody")) == ()


def test_a_first_load_in_several_files_is_one_first_load(desk: Any, store: Store, moment: At) -> None:
    loaded = moment(20, 12)
    desk.see(PUPIL, {"2026-09-07 AM": "N"}, loaded)
    desk.see(PUPIL, {"2026-09-07 AM": "I", "2026-09-08 AM": "/"}, loaded)
    desk.see(PUPIL, {"2026-09-09 AM": "/"}, moment(20, 13))
    assert desk.code(PUPIL, "2026-09-07 AM", moment(7, 12)) == "I"
    assert desk.code(PUPIL, "2026-09-08 AM", moment(8, 12)) == "/"
    assert desk.code(PUPIL, "2026-09-09 AM", moment(9, 12)) == ""
    with store.read() as tx:
        firsts = [entry["reconstructed"] for entry in ledger.export(tx) if entry["kind"] == "first"]
    assert firsts == [True, True, False]
