"""What stands in an answer becomes marks and people, or a row in quarantine that says why; nothing is guessed."""

import contextlib
import json
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mbls_adapter_rest.bodies import decoded
from mbls_adapter_rest.fields import compiled
from mbls_adapter_rest.options_rows import FieldPart
from mbls_adapter_rest.paths import getter
from mbls_adapter_rest.values import BadValue, as_text
from pydantic import ValidationError
from pytest_httpserver import HTTPServer

from mbls_sync.errors import AuthRejected, BadPayload
from mbls_sync.model.sessions import Period
from mbls_sync.testing.builders import the_calendar
from mbls_sync.testing.fake_bromcom import FakeBromcom
from mbls_sync.testing.fake_http import SECRET, some_pupils
from mbls_sync.testing.fake_scholarpack import FakeScholarPack
from mbls_sync.testing.fake_sims import FakeSims

NOW = datetime(2026, 11, 17, 15, tzinfo=UTC)
FIELDS = {"upn": "upn", "day": "day", "session": "session", "code": "code"}
EXAMPLES = Path(__file__).parents[1] / "examples"
UPN = "A823999900001"
BOMB = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"""


@pytest.fixture(scope="module")
def server():
    with HTTPServer() as one:
        yield one


@pytest.fixture
def pulled(server, opened):
    """Pulls one list of marks that the server answers with; gives its only page."""

    def pull(content, kind="application/json", **more):
        server.clear()
        text = content if isinstance(content, str) else json.dumps(content)
        server.expect_request("/marks").respond_with_data(text, content_type=kind)
        marks = {"path": "/marks", "fields": FIELDS, "pager": {"type": "none"}, **more}
        adapter = opened({"base_url": server.url_for(""), "resources": {"marks": marks}}, now=NOW)
        (page,) = adapter.pull({})
        return page

    return pull


def field(**given):
    return compiled(FieldPart.model_validate(given), as_text, {"codes": {"7": "L"}})


@pytest.mark.parametrize(
    ("given", "row", "gives"),
    [
        ({"path": "a.b.c"}, {"a": {"b": {"c": 5}}}, "5"),
        ({"path": "a.1.c"}, {"a": [{}, {"c": "x"}]}, "x"),
        ({"path": "a.b"}, {"a": None}, None),
        ({"path": "a", "default": "none"}, {}, "none"),
        ({"path": "a", "steps": ["strip", "upper"]}, {"a": " l "}, "L"),
        ({"path": "a", "steps": [{"map": {"Late": "L"}}]}, {"a": "Late"}, "L"),
        ({"path": "a", "steps": [{"map": {"Late": "L"}}]}, {"a": "I"}, "I"),
        ({"path": "a", "steps": [{"regex": r"Year (\d)"}]}, {"a": "Year 2 Otters"}, "2"),
        ({"path": "a", "steps": [{"regex": r"\d"}]}, {"a": "none"}, None),
        ({"path": "a", "steps": [{"bool": {"true": ["Y"], "false": ["N"]}}]}, {"a": "N"}, "false"),
        ({"path": "a", "steps": [{"lookup": "codes"}]}, {"a": 7}, "L"),
        ({"steps": [{"concat": {"paths": ["a", "b"], "between": ", "}}]}, {"a": "1 Lane", "b": "Town"}, "1 Lane, Town"),
    ],
)
def test_a_field_is_found_and_each_step_taken(given, row, gives):
    assert field(**given)(row) == gives


@pytest.mark.parametrize(
    ("given", "row"),
    [
        ({"path": "a", "steps": [{"lookup": "codes"}]}, {"a": "8"}),
        ({"path": "a", "steps": [{"date": "%d/%m/%Y"}]}, {"a": "2026-11-16"}),
        ({"path": "a", "steps": [{"bool": {"true": ["Y"], "false": ["N"]}}]}, {"a": "maybe"}),
        ({"path": "a"}, {"a": {"b": 1}}),
    ],
)
def test_what_a_step_cannot_say_is_no_value(given, row):
    with pytest.raises(BadValue):
        field(**given)(row)


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "a", "steps": ["lower"]},
        {"path": "a", "steps": [{"regex": "("}]},
        {"path": "a", "steps": [{"strip": True, "upper": True}]},
        {"path": "a", "steps": [{"concat": {"paths": ["b", "c"]}}]},
        {"path": "a", "steps": [{"python": "eval"}]},
        {},
    ],
)
def test_a_step_that_is_not_on_the_list_stops_the_start(wrong):
    with pytest.raises(ValidationError):
        FieldPart.model_validate(wrong)


PLAIN = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_a_path_finds_something_or_nothing_in_any_document(document):
    getter("a.0.b")(document)
    getter("a")(document)


@given(st.binary(max_size=200), st.sampled_from(["json", "csv", "xml"]))
def test_any_body_is_read_or_refused(body, form):
    with contextlib.suppress(BadPayload):
        decoded(body, form)


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, "<a>" * 5000 + "</a>" * 5000])
def test_xml_that_could_fill_memory_or_reach_out_is_refused(text):
    with pytest.raises(BadPayload):
        decoded(text.encode(), "xml")


@pytest.mark.parametrize("at", range(1, 60, 7))
def test_a_json_body_that_is_cut_is_an_error_wherever_it_is_cut(at):
    body = json.dumps([{"upn": UPN, "day": "2026-11-16", "session": "AM", "code": "/"}]).encode()
    with pytest.raises(BadPayload, match="cut off"):
        decoded(body[:at], "json")


def test_marks_are_read_out_of_csv(pulled):
    page = pulled(f"upn,day,session,code\n{UPN},2026-11-16,AM,/\n", "text/csv", format="csv")
    assert [(row.pupil, row.day, row.period, row.code) for row in page.marks] == [
        (UPN, date(2026, 11, 16), Period.AM, "/")
    ]


def test_a_cut_csv_is_no_answer(pulled):
    with pytest.raises(BadPayload, match="as many cells"):
        pulled(f"upn,day,session,code\n{UPN},2026-11-1", "text/csv", format="csv")


def test_marks_are_read_out_of_xml_also_a_single_one(pulled):
    row = f'<mark upn="{UPN}"><day>2026-11-16</day><session>PM</session><code>L</code></mark>'
    for text in (f"<r><marks>{row}</marks></r>", f'<r xmlns="urn:x"><marks>{row}</marks></r>'):
        page = pulled(text, "application/xml", format="xml", select="r.marks.mark")
        assert [(mark.period, mark.code) for mark in page.marks] == [(Period.PM, "L")]


def test_a_jmespath_selects_rows_and_one_that_is_none_stops_the_start(pulled):
    body = {"groups": [{"marks": [{"upn": UPN, "day": "2026-11-16", "session": "AM", "code": "/"}]}, {"marks": []}]}
    assert len(pulled(body, select="groups[].marks[]").marks) == 1
    with pytest.raises(ValidationError, match="is no JMESPath"):
        pulled(body, select="groups[")


def test_a_jmespath_that_finds_no_name_is_no_empty_list(pulled):
    with pytest.raises(BadPayload, match=r"nothing stands at select = 'groups\[\]\.marks\[\]'"):
        pulled({"fault": "made up"}, select="groups[].marks[]")
    assert pulled({"groups": []}, select="groups[].marks[]").marks == []


def test_a_list_within_each_row_knows_the_row_around_it(pulled):
    body = [{"upn": UPN, "sessions": [{"day": "2026-11-16", "session": "AM", "code": "/"}]}]
    page = pulled(body, each="sessions", fields={**FIELDS, "upn": "^.upn"})
    assert page.marks[0].pupil == UPN


def test_a_mark_string_holds_a_session_a_character_and_skips_weekends(pulled):
    part = {"start": "from", "marks": "text"}
    page = pulled([{"upn": UPN, "from": "2026-11-13", "text": "/\\L-"}], fields={"upn": "upn"}, split_mark_string=part)
    assert [(row.day.isoformat(), row.period.value, row.code) for row in page.marks] == [
        ("2026-11-13", "AM", "/"),
        ("2026-11-13", "PM", "\\"),
        ("2026-11-16", "AM", "L"),
        ("2026-11-16", "PM", ""),
    ]


def test_weekday_columns_hold_a_week_and_must_begin_on_a_monday(pulled):
    part = {"monday": "week", "columns": {"Mon AM": "m1", "Fri PM": "f2"}}
    rows = [{"upn": UPN, "week": "2026-11-16", "m1": "/", "f2": "I"}, {"upn": UPN, "week": "2026-11-17"}]
    page = pulled(rows, fields={"upn": "upn"}, weekday_columns=part)
    assert [(row.day.isoformat(), row.code) for row in page.marks] == [("2026-11-16", "/"), ("2026-11-20", "I")]
    assert [(bad.reason, bad.marks) for bad in page.bad] == [("its week does not begin on a Monday", 2)]


def test_a_session_by_its_start_time_needs_to_be_told_where_the_afternoon_begins(pulled):
    rows = [{"upn": UPN, "day": "2026-11-16", "session": at, "code": "/"} for at in ("08:45", "2026-11-16T13:05:00")]
    assert [row.period for row in pulled(rows, pm_from="12:00").marks] == [Period.AM, Period.PM]
    assert len(pulled(rows).bad) == 2


def test_a_row_without_a_pupil_or_day_is_kept_for_a_person(pulled):
    good = {"upn": UPN, "day": "2026-11-16", "session": "AM", "code": "/"}
    page = pulled([good, {**good, "upn": ""}, {**good, "day": None}, {**good, "day": "16/11/2026"}])
    assert len(page.marks) == 1
    assert [bad.line for bad in page.bad] == [2, 3, 4]
    assert "is no date as ISO writes it" in page.bad[2].reason


def test_bromcoms_doubled_rows_are_one_mark_and_padding_is_taken_away(opened, serve, tmp_path):
    mis = FakeBromcom(some_pupils(2))
    mis.fill(the_calendar(), 2, last=date(2026, 11, 17))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "bromcom-secret").write_text(SECRET)
    adapter = opened(of_example("bromcom", serve(mis), "https://api.bromcomcloud.com"), now=NOW)
    marks = [row for page in adapter.pull({}) for row in page.marks]
    assert len(marks) == 16
    assert {row.code for row in marks} == {"/", "\\"}
    (tmp_path / "secrets" / "bromcom-secret").write_text("spent")
    with pytest.raises(AuthRejected, match="Bromcom does not know"):
        list(opened(of_example("bromcom", serve(mis), "https://api.bromcomcloud.com"), now=NOW).pull({}))


def test_scholarpacks_spent_refresh_token_is_replaced_for_the_next_start(opened, serve, tmp_path):
    mis = FakeScholarPack(some_pupils(2))
    mis.fill(the_calendar(), 2, last=date(2026, 11, 17))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "scholarpack-client").write_text(SECRET)
    (tmp_path / "secrets" / "scholarpack-refresh").write_text("first-refresh-token")
    url = serve(mis)
    for _ in range(2):
        adapter = opened(of_example("scholarpack", url, "https://api.scholarpack.example"), now=NOW)
        assert sum(len(page.marks) for page in adapter.pull({})) == 8
    assert (tmp_path / "data" / "scholarpack-refresh").read_text() == mis.refresh == "refresh-2"


def test_sims_is_asked_for_90_days_at_a_time_and_no_mark_is_missed(opened, serve):
    mis = FakeSims(some_pupils(2), page_rows=40)
    mis.fill(the_calendar(), 150, last=date(2026, 11, 17))
    url = serve(mis)
    auth = {"type": "oauth", "token_url": f"{url}/connect/token", "client_id": "school", "client_secret": SECRET}
    spans = {"start_param": "startDate", "end_param": "endDate", "max_span_days": 90}
    names = {"mis_id": "studentId", "day": "date", "session": "sessionName", "code": "code"}
    people = {"path": "/Students", "select": "value", "fields": {"mis_id": "id", "upn": "upn", "surname": "surname"}}
    marks = {"path": "/AttendanceRecords", "select": "value", "incremental": spans, "fields": names}
    pager = {"type": "next_url", "path": "@odata.nextLink"}
    whole = {"base_url": url, "auth": auth, "headers": {"Ocp-Apim-Subscription-Key": SECRET}, "pager": pager}
    adapter = opened({**whole, "resources": {"pupils": people, "marks": marks}}, now=NOW)
    assert sum(len(page.marks) for page in adapter.pull({})) == len(mis.marks) == 600


def of_example(name, url, origin):
    text = (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8")
    (source,) = tomllib.loads(text.replace(origin, url))["sources"].values()
    return source["options"]
