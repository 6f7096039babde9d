"""Each thing that users of other declarative connectors complained of, and what happens here instead."""

import itertools
import json
from datetime import UTC, datetime

import pytest
from mbls_adapter_rest.options import Options
from pydantic import ValidationError
from pytest_httpserver import HTTPServer
from werkzeug import Response

from mbls_sync.errors import BadPayload, Busy
from mbls_sync.model.sessions import Period

NOW = datetime(2026, 11, 17, 15, tzinfo=UTC)
FIELDS = {"upn": "upn", "day": "day", "session": "session", "code": "code"}


@pytest.fixture(scope="module")
def server():
    with HTTPServer() as one:
        yield one


@pytest.fixture
def mis(server):
    yield server
    server.clear()


def mark(number, day="2026-11-16", session="AM", code="/"):
    return {"upn": f"A82399990{number:04d}", "day": day, "session": session, "code": code}


def listing(**more):
    return {"path": "/marks", "select": "data", "fields": FIELDS, **more}


def options(mis, marks=None, **more):
    return {"base_url": mis.url_for(""), "resources": {"marks": marks or listing()}, **more}


def paged(mis, pages, path="/marks", envelope=lambda rows: {"data": rows}):
    """Serve lists of rows by number of page; what lies beyond is empty."""

    def handle(request):
        number = int(request.args.get("page", "1"))
        rows = pages[number - 1] if number <= len(pages) else []
        return Response(json.dumps(envelope(rows)), content_type="application/json")

    mis.expect_request(path).respond_with_handler(handle)


def marks_of(pages):
    return [row for page in pages for row in page.marks]


BY_PAGE = {"type": "page", "param": "page"}


# dlt-hub/dlt 2586: a pager set for all lists was silently inherited by none.
def test_the_pager_of_the_options_is_that_of_every_list(mis, opened):
    paged(mis, [[mark(1)], [mark(2)], [mark(3)]])
    assert len(marks_of(opened(options(mis, pager=BY_PAGE)).pull({}))) == 3


def test_a_list_without_any_pager_stops_the_start(mis):
    with pytest.raises(ValidationError, match="has no pager"):
        Options.model_validate(options(mis))


# dlt-hub/dlt 3685: one pager served every parent, and the second had no address.
def test_each_parent_has_a_pager_of_its_own(mis, opened):
    for group in "AB":
        following = {"data": [mark(ord(group))], "next": mis.url_for(f"/groups/{group}?more=1")}
        mis.expect_request(f"/groups/{group}", query_string="").respond_with_json(following)
        rest = {"data": [mark(ord(group) + 10)], "next": None}
        mis.expect_request(f"/groups/{group}", query_string="more=1").respond_with_json(rest)
    marks = listing(path="/groups/{parent}", parent={"values": ["A", "B"]}, pager={"type": "next_url", "path": "next"})
    assert len(marks_of(opened(options(mis, marks)).pull({}))) == 4


# dlt-hub/dlt 2429: one cursor served every parent, and the later ones skipped rows.
def test_since_is_kept_for_each_parent(mis, opened):
    days = {"A": "2026-11-16", "B": "2026-10-01"}
    for group, day in days.items():
        rows = [{**mark(ord(group), day), "at": f"{day}T10:00:00"}]
        mis.expect_request(f"/groups/{group}").respond_with_json({"data": rows})
    marks = listing(
        path="/groups/{parent}",
        parent={"values": ["A", "B"]},
        pager={"type": "none"},
        incremental={"start_param": "from", "field": "at", "look_back_days": 0},
    )
    adapter = opened(options(mis, marks), now=NOW)
    (page,) = adapter.pull({})
    mis.log.clear()
    list(adapter.pull({"marks": page.cursor}))
    asked = {request.path[-1]: request.args["from"] for request, _ in mis.log}
    assert asked == days


# dlt-hub/dlt 1881, dlt-hub/verified-sources 518, Widen/tap-rest-api-msdk 25: settings taken and never used.
def test_a_setting_that_would_be_ignored_is_refused(mis):
    for wrong in (
        listing(pager={"type": "none"}, incremental={}),
        listing(pager={"type": "none"}, parent={"values": ["A"]}),
        listing(pager={"type": "page", "size_param": "n"}),
        listing(pager={"type": "none"}, params={"x": "{pgae}"}),
        listing(pager={"type": "none"}, cursor_path="next"),
        listing(pager={"type": "none"}, fields={**FIELDS, "minutes": "late"}),
    ):
        with pytest.raises(ValidationError):
            Options.model_validate(options(mis, wrong))


# dlt-hub/dlt 1904: a guessed pager was wrong, and asked until it was shut out.
def test_no_pager_is_guessed_and_the_same_page_is_not_asked_for_for_ever(mis, opened):
    mis.expect_request("/marks").respond_with_json({"data": [mark(1)]})
    adapter = opened(options(mis, pager={"type": "page", "param": "seite"}))
    with pytest.raises(BadPayload, match="the same as one before"):
        list(adapter.pull({}))
    assert len(mis.log) == 2


def test_a_next_link_that_comes_again_ends_with_an_error(mis, opened):
    numbers = iter(range(1000))

    def handle(request):
        body = {"data": [mark(next(numbers))], "next": mis.url_for("/marks?page=2")}
        return Response(json.dumps(body), content_type="application/json")

    mis.expect_request("/marks").respond_with_handler(handle)
    with pytest.raises(BadPayload, match="same next page again"):
        list(opened(options(mis, pager={"type": "next_url", "path": "next"})).pull({}))


def test_a_list_without_end_is_stopped_at_its_cap(mis, opened):
    numbers = iter(range(1000))
    mis.expect_request("/marks").respond_with_handler(
        lambda _: Response(json.dumps({"data": [mark(next(numbers))]}), content_type="application/json")
    )
    with pytest.raises(BadPayload, match="more than 7 pages"):
        list(opened(options(mis, listing(pager=BY_PAGE, max_pages=7))).pull({}))


# Widen/tap-rest-api-msdk 41, 48: no end at an empty page, and no list without an envelope.
def test_pages_are_asked_for_until_an_empty_one_also_of_a_bare_list(mis, opened):
    paged(mis, [[mark(1)], [mark(2)]], envelope=lambda rows: rows)
    marks = {name: value for name, value in listing(pager=BY_PAGE).items() if name != "select"}
    assert len(marks_of(opened(options(mis, marks)).pull({}))) == 2
    assert len(mis.log) == 3


# meltano/sdk 2980: the opposite wish, to go on after an empty page.
def test_an_empty_page_is_no_end_where_the_mis_says_that_there_is_more(mis, opened):
    pages = [[mark(1)], [], [mark(2)]]

    def handle(request):
        number = int(request.args["page"])
        return Response(json.dumps({"data": pages[number - 1], "more": number < 3}), content_type="application/json")

    mis.expect_request("/marks").respond_with_handler(handle)
    assert len(marks_of(opened(options(mis, listing(pager={**BY_PAGE, "more": "more"}))).pull({}))) == 2


# Widen/tap-rest-api-msdk 59: a page's size was counted on what lies around the rows.
def test_a_short_page_is_counted_by_its_rows_before_any_is_left_out(mis, opened):
    paged(mis, [[mark(1), mark(2, code="Z9")], [mark(3)]])
    marks = listing(
        pager={**BY_PAGE, "size": 2, "stop": "short"}, where=[{"path": "code", "none_of": ["Z9"]}], params={"n": "2"}
    )
    assert [row.pupil[-1] for row in marks_of(opened(options(mis, marks)).pull({}))] == ["1", "3"]


# airbytehq/airbyte 12977, 25160: the number of attempts that was set was not kept to.
def test_a_wait_that_is_asked_for_is_kept_and_attempts_are_counted(mis, opened):
    mis.expect_request("/marks").respond_with_response(Response(status=429, headers={"Retry-After": "1"}))
    with pytest.raises(Exception, match="left alone"):
        list(opened(options(mis, pager={"type": "none"})).pull({}))
    assert len(mis.log) == 2


# airbytehq/airbyte 12977: the MIS says when to come again in a body or a header of its own, and was not heard.
@pytest.mark.parametrize(
    ("rule", "said", "headers"),
    [
        ({"wait": "error.after"}, {"error": {"after": 90}}, {}),
        ({"wait_header": "X-Reset-After"}, {"error": {}}, {"X-Reset-After": "90"}),
        ({"wait_header": "X-Reset"}, {"error": {}}, {"X-Reset": str(int(NOW.timestamp()) + 90)}),
        ({"wait": "error.at"}, {"error": {"at": "Tue, 17 Nov 2026 15:01:30 GMT"}}, {}),
    ],
)
def test_when_to_come_again_is_read_where_the_mis_says_it(mis, opened, rule, said, headers):
    answer = Response(json.dumps(said), content_type="application/json", headers=headers)
    mis.expect_request("/marks").respond_with_response(answer)
    with pytest.raises(Busy) as error:
        list(
            opened(
                options(mis, pager={"type": "none"}, rules=[{"path": "error", "then": "retry", **rule}]), now=NOW
            ).pull({})
        )
    assert error.value.retry_after == 90
    assert len(mis.log) == 1, "a wait above longest_wait is not slept"


# airbytehq/airbyte 6428: being held back looked like a hang.
def test_waiting_is_said_with_how_long_and_how_often(mis, opened):
    told = []
    mis.expect_request("/marks").respond_with_response(Response(status=429, headers={"Retry-After": "1"}))
    adapter = opened(options(mis, pager={"type": "none"}), tell=lambda event, **facts: told.append((event, facts)))
    with pytest.raises(Busy):
        list(adapter.pull({}))
    ((event, facts),) = told
    assert (event, facts["seconds"], facts["attempt"]) == ("mis.waiting", 1.0, 1)


# MemberJunction/MJ 3246: lists of children were cut at one page for ever; round counts told it.
def test_a_round_number_of_rows_is_said_in_every_list_of_children_too(mis, opened):
    for group in "AB":
        rows = [mark(n + ord(group) * 60) for n in range(50 if group == "A" else 7)]
        mis.expect_request(f"/groups/{group}").respond_with_json({"data": rows})
    marks = listing(path="/groups/{parent}", parent={"values": ["A", "B"]}, pager={"type": "none"})
    (page,) = opened(options(mis, marks)).pull({})
    said = [warning for warning in page.warnings if "exactly 50 rows" in warning]
    assert len(said) == 1


def test_ten_registers_of_a_week_are_no_sign_of_a_forgotten_page(mis, opened):
    mis.expect_request("/marks").respond_with_json([{"marks": [mark(n)]} for n in range(10)])
    marks = {"path": "/marks", "fields": FIELDS, "pager": {"type": "none"}, "each": "marks"}
    (page,) = opened(options(mis, marks)).pull({})
    assert len(page.marks) == 10
    assert not [warning for warning in page.warnings if "round number" in warning]


def test_a_full_only_page_without_a_next_link_is_said(mis, opened):
    mis.expect_request("/marks").respond_with_json({"data": [mark(n) for n in range(3)]})
    pager = {"type": "next_url", "path": "next", "size": 3, "size_param": "n"}
    (page,) = opened(options(mis, pager=pager)).pull({})
    assert "exactly 3 rows" in page.warnings[0]


def test_a_declared_total_is_compared_and_the_rows_are_asked_for_again(mis, opened):
    mis.expect_request("/marks").respond_with_json({"data": [mark(1)], "total": 2})
    marks = listing(pager={"type": "none"}, total="total", incremental={"start_param": "from"})
    (page,) = opened(options(mis, marks), now=NOW).pull({})
    assert "there are 2 rows, and 1 came" in page.warnings[0]
    assert "since" not in page.cursor


def test_a_page_that_shifts_while_it_is_walked_loses_no_row_for_good(mis, opened):
    calls = []

    def handle(request):
        calls.append(request)
        # A row is taken away between the first and the second page: offsets shift by one.
        rows = [mark(n) for n in range(1, 5)] if len(calls) == 1 else [mark(n) for n in range(2, 5)]
        at = int(request.args["offset"])
        return Response(json.dumps({"data": rows[at : at + 2], "total": 4}), content_type="application/json")

    mis.expect_request("/marks").respond_with_handler(handle)
    marks = listing(pager={"type": "offset", "param": "offset"}, total="total", incremental={"start_param": "from"})
    adapter = opened(options(mis, marks), now=NOW)
    *_, page = adapter.pull({})
    assert any("rows, and 3 came" in warning for warning in page.warnings)
    assert "since" not in page.cursor


def test_a_span_is_never_longer_than_the_mis_allows_and_no_day_is_missed(mis, opened):
    asked = []

    def handle(request):
        asked.append((request.args["from"], request.args["to"]))
        return Response(json.dumps({"data": []}), content_type="application/json")

    mis.expect_request("/marks").respond_with_handler(handle)
    spans = {"start_param": "from", "end_param": "to", "max_span_days": 90, "first": "2026-03-01"}
    list(opened(options(mis, listing(pager={"type": "none"}, incremental=spans)), now=NOW).pull({}))
    days = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in asked]
    assert asked[0][0] == "2026-03-01"
    assert asked[-1][1] == "2026-11-17"
    assert all((end - start).days + 1 <= 90 for start, end in days)
    assert all((start - before).days == 1 for (_, before), (start, _) in itertools.pairwise(days))


def test_a_row_in_quarantine_comes_again_and_holds_back_no_other(mis, opened):
    paged(mis, [[mark(1), mark(2, session="evening"), mark(3)]])
    marks = listing(pager=BY_PAGE, incremental={"start_param": "from", "look_back_days": 0})
    adapter = opened(options(mis, marks), now=NOW)
    (page,) = adapter.pull({})
    assert [row.period for row in page.marks] == [Period.AM, Period.AM]
    assert "neither AM nor PM" in page.bad[0].reason
    assert "since" not in page.retry_cursor
    assert "since" in page.cursor
    (again,) = adapter.pull({"marks": page.retry_cursor})
    assert not again.unchanged
    (known,) = opened(options(mis, marks), now=NOW).pull({"marks": page.cursor})
    assert known.unchanged
