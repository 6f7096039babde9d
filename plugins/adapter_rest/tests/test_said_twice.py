"""A name that one object of JSON says twice is a guess: its row goes to quarantine with that reason, and no other."""

import json
from dataclasses import dataclass

import pytest

from mbls_sync.errors import BadPayload
from mbls_sync.testing.fake_http import FakeHttpMis, Said


@dataclass
class Answers(FakeHttpMis):
    """Whatever it is asked, it answers this text."""

    text: str = ""

    def answer(self, asked):
        return Said(self.text)


def mark(number, **more):
    return {"upn": f"A82399990{number:04d}", "day": "2026-11-16", "session": "AM", "code": "/", **more}


@pytest.fixture
def pulled(serve, opened):
    def pull(text, **more):
        fields = {"upn": "upn", "day": "day", "session": "session", "code": "code"}
        marks = {"path": "/marks", "pager": {"type": "none"}, "fields": fields, **more}
        (page,) = opened({"base_url": serve(Answers(text=text)), "resources": {"marks": marks}}).pull({})
        return page

    return pull


@pytest.mark.parametrize("name", ["upn", "day", "session", "code"])
def test_a_row_that_says_a_name_twice_goes_to_quarantine_and_no_other(pulled, name):
    twice = json.dumps(mark(1)).replace(f'"{name}": ', f'"{name}": "another", "{name}": ', 1)
    page = pulled(f"[{twice}, {json.dumps(mark(3))}]")
    assert [row.pupil[-1] for row in page.marks] == ["3"]
    assert f"says {name!r} twice in one object" in page.bad[0].reason


def test_a_name_said_twice_within_a_row_is_seen_too(pulled):
    fields = {"upn": "who.upn", "day": "day", "session": "session", "code": "code"}
    who = '"who": {"upn": "A823999900001"}, "who": {"upn": "A823999900002"}'
    page = pulled("[" + json.dumps(mark(1)).replace('"upn": "A823999900001"', who) + "]", fields=fields)
    assert page.marks == []
    assert "says 'who' twice" in page.bad[0].reason


def test_a_name_said_twice_is_no_matter_where_nobody_reads_it(pulled):
    assert len(pulled(json.dumps([mark(1)]).replace('"code"', '"note": 1, "note": 2, "code"')).marks) == 1


def test_a_filter_on_a_name_said_twice_drops_no_row_silently(pulled):
    rows = json.dumps([mark(1, s="a"), mark(2, s="a")]).replace('"s": "a"', '"s": "b", "s": "a"', 1)
    page = pulled(rows, where=[{"path": "s", "any_of": ["a"]}])
    assert [row.pupil[-1] for row in page.marks] == ["2"]
    assert "says 's' twice" in page.bad[0].reason


@pytest.mark.parametrize("body", ['{"rows": [], "rows": [1]}', '{"rows": [], "next": "a", "next": "b"}'])
def test_a_name_said_twice_around_the_rows_refuses_the_answer(pulled, body):
    with pytest.raises(BadPayload, match="twice in one object"):
        pulled(body, select="rows", pager={"type": "cursor", "path": "next"})
