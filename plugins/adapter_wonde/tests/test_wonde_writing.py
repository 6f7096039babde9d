"""Marks written to Wonde: once, under a reference whose outcome comes later, and only what the school takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from mbls_adapter_wonde.adapter import WondeSchool
from werkzeug import Request, Response

from mbls_sync.api import (
    Accepted,
    Mark,
    MarkKey,
    MarkWrite,
    NotSent,
    Period,
    PupilId,
    Refused,
    Rejected,
    Session,
)
from mbls_sync.testing.builders import a_pupil
from mbls_sync.testing.fake_wonde import FakeWonde

DAY = date(2026, 11, 9)
AM = Session(DAY, Period.AM)
NOW = datetime(2026, 11, 9, 9, 30, tzinfo=UTC)
MANY = [a_pupil(f"P{n:03d}", upn=f"P{n:03d}", born=date(2018, 12, 1)) for n in range(120)]
Open = Callable[..., WondeSchool]


def a_write(number: int = 0, code: str = "N") -> MarkWrite:
    return MarkWrite(f"key-{number}", Mark(MANY[number].id, AM, code), "", "no mark at close")


def test_a_write_is_accepted_under_a_reference_and_its_outcome_comes_later(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:2], settles_after=2)
    fake.fails = {fake.ids[MANY[1].id]: "the register is locked"}
    adapter = open_wonde(fake)
    answers = adapter.push([a_write(0), a_write(1)])
    references = [answer.reference for answer in answers if isinstance(answer, Accepted)]
    assert references == ["W1", "W2"]
    assert (adapter.outcomes(references), adapter.read([MarkKey(MANY[0].id, AM)])) == ({}, {})
    assert adapter.outcomes(references) == {"W1": Accepted("W1"), "W2": Refused("the register is locked")}
    assert adapter.read([MarkKey(MANY[0].id, AM)])[MarkKey(MANY[0].id, AM)].code == "N"
    assert adapter.outcomes(["never-heard-of"]) == {}


def test_several_marks_go_in_one_call_where_the_school_sets_so(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:5])
    adapter = open_wonde(fake, marks_per_call=5)
    assert adapter.most_at_once == 5
    adapter.push([a_write(n) for n in range(5)])
    assert (len(fake.writebacks), len(fake.writes)) == (1, 5)


def test_what_comes_after_a_wish_to_be_left_alone_is_not_sent(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:3])

    def busy_after_one(request: Request, answer: Callable[[], Response]) -> Response:
        return Response(status=429) if request.method == "POST" and fake.taken else answer()

    answers = open_wonde(fake, busy_after_one).push([a_write(n) for n in range(3)])
    assert [type(answer) for answer in answers] == [Accepted, NotSent, NotSent]
    assert len(fake.taken) == 1


def test_a_code_or_pupil_that_wonde_does_not_know_is_refused_before_anything_is_sent(open_wonde: Open) -> None:
    fake = FakeWonde(MANY[:1])
    stranger = MarkWrite("key", Mark(PupilId("nobody"), AM, "N"), "", "no mark")
    assert [type(a) for a in open_wonde(fake).push([a_write(0, "Z9"), stranger])] == [Refused, Refused]
    assert fake.writebacks == {}


def test_the_codes_are_the_schools_own_and_say_which_are_not_in_use(open_wonde: Open) -> None:
    known = open_wonde(FakeWonde(MANY[:1], codes=("/", "N"))).code_map()
    assert known == {"/": "", "N": ""}


def test_a_school_that_does_not_allow_write_back_says_so_before_the_first_write(open_wonde: Open) -> None:
    with pytest.raises(Rejected, match="allows_writeback"):
        open_wonde(FakeWonde(MANY[:1], allows_writeback=False)).code_map()


def test_check_says_what_was_seen_and_what_to_mend(open_wonde: Open) -> None:
    well = {r.name: r for r in open_wonde(FakeWonde(MANY[:3])).check()}
    assert all(report.ok and not report.mend for report in well.values())
    assert well["wonde pupils"].says == "3 pupils here"
    off = {r.name: r for r in open_wonde(FakeWonde(MANY[:3], elsewhere=True, allows_writeback=False)).check()}
    assert not off["wonde pupils"].ok
    assert "keying sheet" in off["wonde write-back"].says
