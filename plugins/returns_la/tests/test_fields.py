"""A field of a form holds what was recorded, as the LA can use it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from mbls_returns_la.layout import FIELDS, Line

from mbls_sync.api import Cell, Event
from mbls_sync.testing.builders import ZONE, a_school
from mbls_sync.testing.paper_builders import a_due, a_paper_policy, some_entries


def _field(name: str, *events: tuple[str, str, str], **entry: object) -> Cell:
    at = datetime(2026, 11, 10, 9, tzinfo=ZONE)
    made = tuple(Event(at, kind, outcome=outcome, note=note) for kind, outcome, note in events)
    one = replace(some_entries(1)[0], events=made, **entry)
    return FIELDS[name](Line(one, a_due(), a_school(), a_paper_policy()))


@pytest.mark.parametrize("kind", ["enquiry-made", "enquiries-made"])
def test_enquiries_are_told_by_whichever_step_they_were_recorded(kind: str) -> None:
    assert _field("enquiries", (kind, "the landlord: moved out", "")) == "10/11/2026: the landlord: moved out"


@pytest.mark.parametrize("written", ["2026-11-18", "18/11/2026", " 18/11/2026 "])
def test_the_day_a_pupil_starts_elsewhere_is_a_day_however_it_was_written(written: str) -> None:
    assert _field("start_there", ("destination-known", "Elsewhere", written)) == date(2026, 11, 18)


@pytest.mark.parametrize("written", ["", "after Christmas", "31/02/2026"])
def test_and_stands_as_it_was_written_where_it_is_none(written: str) -> None:
    assert _field("start_there", ("destination-known", "Elsewhere", written)) == written


@pytest.mark.parametrize("letter", ["b", "B", " b"])
def test_a_ground_is_the_letter_of_the_regulation_with_its_words(letter: str) -> None:
    events = (("deletion-ground", letter, ""),)
    assert (_field("ground", *events), str(_field("ground_in_words", *events))[:15]) == ("b", "a nursery pupil")


@pytest.mark.parametrize(("count", "says"), [(0, "none at this school"), (2, "yes: 2 at this school")])
def test_brothers_and_sisters_are_said_only_of_this_school(count: int, says: str) -> None:
    assert _field("siblings_said", siblings=count) == says


def test_a_risk_to_whoever_calls_alone_is_what_was_recorded_last() -> None:
    steps = (("lone-worker-risk", "a dog", ""), ("lone-worker-risk", "none known", ""))
    assert _field("lone_worker_risk", *steps) == "none known"
    assert _field("lone_worker_risk") == ""


def _told(day: date, ref: str, kind: str = "return-line-sent") -> Event:
    return Event(datetime(day.year, day.month, day.day, 15, tzinfo=ZONE), kind, ref=ref)


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ((), "Initial"),
        ((_told(date(2026, 10, 23), "register-check 2026-10"),), "Follow-up"),
        ((_told(date(2026, 12, 18), f"register-check {a_due().period}"),), "Initial"),
        ((_told(date(2026, 10, 23), "attendance 2026-10"),), "Initial"),
        ((_told(date(2026, 7, 20), "register-check 2026-07"),), "Initial"),
        (
            (
                _told(date(2026, 10, 23), "register-check 2026-10"),
                _told(date(2026, 11, 2), "register-check 2026-10", "return-line-retracted"),
            ),
            "Initial",
        ),
    ],
    ids=["never", "last month", "in an earlier number of this", "in another return", "last year", "taken back"],
)
def test_it_is_a_follow_up_where_the_la_was_told_in_an_earlier_return_of_the_year(
    events: tuple[Event, ...], says: str
) -> None:
    one = replace(some_entries(1)[0], events=events)
    assert FIELDS["told_before"](Line(one, a_due(), a_school(), a_paper_policy())) == says
