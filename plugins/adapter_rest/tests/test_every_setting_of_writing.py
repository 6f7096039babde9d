"""What the README lists as a setting of writing stands in what is sent, where and as the settings say."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest

from mbls_sync.model.deliveries import Accepted, MarkKey, MarkWrite, Refused, Unknown
from mbls_sync.model.marks import Mark, MarkDetail
from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.builders import ZONE
from mbls_sync.testing.fake_http import FakeHttpMis, Said, some_pupils

DAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 15, tzinfo=ZONE)
ALONE = {"type": "none"}
READS = {
    "pupils": {"path": "/pupils", "pager": ALONE, "fields": {"mis_id": "id", "upn": "upn", "surname": "name"}},
    "marks": {
        "path": "/marks",
        "pager": ALONE,
        "fields": {"mis_id": "who", "day": "day", "session": "half", "code": "code"},
        "incremental": {"start_param": "from", "end_param": "to"},
    },
}


@dataclass
class Records(FakeHttpMis):
    """Takes whatever it is sent, and answers a write with what a test says."""

    said: Any = field(default_factory=dict)
    status: int = 200

    def answer(self, asked):
        if asked.method == "GET":
            return Said(
                [{"id": p.id, "upn": p.upn, "name": p.surname} for p in self.pupils] if "pup" in asked.path else []
            )
        return Said(self.said, self.status)

    @property
    def sent(self):
        return [asked for asked in self.asked if asked.method != "GET"]


@pytest.fixture
def mis():
    return Records(some_pupils(3))


@pytest.fixture
def pushed(mis, serve, opened):
    def push(count=1, **write):
        part = {"path": "/w", "row": {"a": "{code}"}, "ack": {"type": "status_only"}, **write}
        options = {"base_url": serve(mis), "resources": READS, "read_back": {}, "write": part}
        detail = MarkDetail(minutes_late=12, comment="traffic")
        marks = [Mark(pupil.pupil, Session(DAY, Period.PM), "L", detail) for pupil in mis.pupils[:count]]
        return opened(options, now=NOW).push(
            [MarkWrite(f"k{n}", mark, "N", "was late") for n, mark in enumerate(marks)]
        )

    return push


def test_each_name_in_a_row_stands_for_what_it_says(mis, pushed):
    names = "pupil day session code minutes comment reason expected".split()
    pushed(row={name: f"{{{name}}}" for name in names}, day_format="%d.%m.%Y", session={"AM": "1", "PM": "13:15"})
    assert mis.sent[0].json == {
        "pupil": mis.pupils[0].id,
        "day": "17.11.2026",
        "session": "13:15",
        "code": "L",
        "minutes": 12,
        "comment": "traffic",
        "reason": "was late",
        "expected": "N",
    }


def test_names_stand_in_the_path_parameters_headers_and_body_too(mis, pushed):
    pushed(
        method="PUT",
        path="/of/{pupil}/{day}",
        params={"half": "{session}"},
        headers={"If-Match": "{expected}"},
        body={"by": "sync", "on": "{day}"},
    )
    (asked,) = mis.sent
    assert (asked.method, asked.path) == ("PUT", f"/of/{mis.pupils[0].id}/2026-11-17")
    assert (asked.query, asked.headers["if-match"]) == ({"half": "PM"}, "N")
    assert asked.json == {"by": "sync", "on": "2026-11-17", "a": "L"}


def test_a_pupil_is_called_as_we_call_them_where_the_settings_say_so(mis, pushed):
    pushed(pupil="id", row={"who": "{pupil}"})
    assert mis.sent[0].json == {"who": mis.pupils[0].upn}


def test_the_list_of_rows_stands_as_deep_as_the_wrap_says(mis, pushed):
    pushed(2, batch_size=5, wrap="request.marks", body={"request": {"by": "sync"}})
    assert [asked.json for asked in mis.sent] == [{"request": {"by": "sync", "marks": [{"a": "L"}, {"a": "L"}]}}]


@pytest.mark.parametrize("group_by", ["none", "day", "session"])
def test_marks_of_one_day_and_session_go_in_one_call_however_they_are_grouped(mis, pushed, group_by):
    pushed(3, batch_size=5, wrap="rows", group_by=group_by)
    assert len(mis.sent) == 1


def test_a_mark_s_own_reference_and_reason_are_those_of_its_own_result(mis, pushed):
    mis.said = {"each": [{"s": "ok", "ref": "R1"}, {"s": "no", "why": "the register is locked"}]}
    ack = {"type": "sync_body", "results": "each", "status": "s", "ok": ["ok"], "reason": "why", "reference": "ref"}
    results = pushed(2, batch_size=2, wrap="rows", atomicity="per_row", ack=ack)
    assert results == [Accepted("R1"), Refused("the register is locked")]


def test_an_answer_that_says_a_result_twice_leaves_the_mark_unknown(mis, pushed):
    mis.said = '{"s": "no", "s": "ok"}'
    (result,) = pushed(ack={"type": "sync_body", "status": "s", "ok": ["ok"]})
    assert isinstance(result, Unknown)


def test_a_day_is_read_back_by_the_lists_own_parameters_where_nothing_else_is_said(mis, serve, opened):
    options = {"base_url": serve(mis), "resources": READS, "read_back": {}}
    opened(options, now=NOW).read([MarkKey(mis.pupils[0].pupil, Session(DAY, Period.PM))])
    assert mis.asked[-1].query == {"from": "2026-11-17", "to": "2026-11-17"}
