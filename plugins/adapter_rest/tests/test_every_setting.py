"""What the README lists as a setting does what it says: it is seen in what the MIS was asked, or in what came of it."""

import base64
import json
from datetime import UTC, date, datetime

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from mbls_sync.contracts import Resource
from mbls_sync.errors import AuthRejected, BadPayload, Rejected
from mbls_sync.model.sessions import Period

NOW = datetime(2026, 7, 14, 15, tzinfo=UTC)
FIELDS = {"upn": "upn", "day": "day", "session": "session", "code": "code"}
ALONE = {"type": "none"}


@pytest.fixture(scope="module")
def server():
    with HTTPServer() as one:
        yield one


@pytest.fixture
def mis(server):
    yield server
    server.clear()


def mark(number=1, **more):
    return {"upn": f"A82399990{number:04d}", "day": "2026-07-13", "session": "AM", "code": "/", **more}


def options(mis, marks=None, **more):
    listing = {"path": "/marks", "fields": FIELDS, "pager": ALONE, **(marks or {})}
    return {"base_url": mis.url_for(""), "resources": {"marks": listing}, **more}


def says(mis, body, **headers):
    text = body if isinstance(body, str) else json.dumps(body)
    answer = Response(text, content_type="application/json", headers=headers)
    mis.expect_request("/marks").respond_with_response(answer)


def marks_of(adapter, cursors=None):
    return [row for page in adapter.pull(cursors or {}) for row in page.marks]


def asked(mis):
    return [request for request, _ in mis.log]


@pytest.mark.parametrize(
    ("more", "sent"),
    [
        ({"auth": {"type": "basic", "user": "u", "password": "p"}}, {"Authorization": "Basic dTpw"}),
        ({"auth": {"type": "bearer", "token": "t"}}, {"Authorization": "Bearer t"}),
        ({"headers": {"X-Id": "one", "X-Secret": "two"}}, {"X-Id": "one", "X-Secret": "two"}),
        ({"headers": {"Cookie": "key=one"}}, {"Cookie": "key=one"}),
    ],
)
def test_whoever_asks_is_shown_as_the_mis_wants_it(mis, opened, more, sent):
    says(mis, [mark()])
    marks_of(opened(options(mis, **more), now=NOW))
    assert {name: asked(mis)[0].headers[name] for name in sent} == sent


def test_a_token_is_fetched_with_what_its_server_wants_beside_the_grant(mis, opened):
    mis.expect_request("/token").respond_with_json({"access_token": "t", "expires_in": 600})
    says(mis, [mark()])
    auth = {"type": "oauth", "token_url": mis.url_for("/token"), "client_id": "c", "client_secret": "s"}
    auth |= {"params": {"audience": "registers"}, "client_in": "header"}
    marks_of(opened(options(mis, auth=auth), now=NOW))
    token, listed = asked(mis)
    assert token.form.to_dict() == {"grant_type": "client_credentials", "audience": "registers"}
    assert base64.b64decode(token.headers["Authorization"].split()[1]) == b"c:s"
    assert listed.headers["Authorization"] == "Bearer t"


def test_a_token_that_a_200_calls_spent_is_renewed_once(mis, opened):
    tokens = iter(["spent", "fresh"])
    mis.expect_request("/token").respond_with_handler(
        lambda _: Response(json.dumps({"access_token": next(tokens), "expires_in": 600}))
    )
    refused = {"fault": {"code": "AUTH"}}
    mis.expect_request("/marks", headers={"Authorization": "Bearer spent"}).respond_with_json(refused)
    mis.expect_request("/marks", headers={"Authorization": "Bearer fresh"}).respond_with_json([mark()])
    auth = {"type": "oauth", "token_url": mis.url_for("/token"), "client_id": "c", "client_secret": "s"}
    rules = [{"path": "fault.code", "equals": "AUTH", "then": "auth"}]
    assert len(marks_of(opened(options(mis, auth=auth, rules=rules), now=NOW))) == 1


@pytest.mark.parametrize("where", ["password_file", "password"])
def test_a_secret_stands_in_a_file_by_either_way_of_saying_so(mis, opened, tmp_path, where):
    (tmp_path / "secret").write_text("p\n")
    says(mis, [mark()])
    given = "secret" if where == "password_file" else {"file": "secret"}
    marks_of(opened(options(mis, auth={"type": "basic", "user": "u", where: given}), now=NOW))
    assert asked(mis)[0].headers["Authorization"] == "Basic dTpw"


def test_a_secret_and_its_file_together_are_refused(mis, opened):
    auth = {"type": "basic", "user": "u", "password": "p", "password_file": "secret"}
    with pytest.raises(ValueError, match="password and password_file are both set"):
        opened(options(mis, auth=auth), now=NOW)


PAGERS = {
    "counted pages": ({"type": "page", "param": "page", "pages": "of"}, ["1", "2", "3"]),
    "pages from nought": ({"type": "page", "param": "page", "first": 0, "pages": "of"}, ["0", "1", "2"]),
    "offset until a short one": ({"type": "offset", "param": "page", "size": 2, "stop": "short"}, ["0", "2", "4"]),
    "offset until an empty one": ({"type": "offset", "param": "page"}, ["0", "2", "4", "5"]),
    "the body says more": ({"type": "offset", "param": "page", "more": "more"}, ["0", "2", "4"]),
    "a token in the body": ({"type": "cursor", "param": "page", "path": "next"}, [None, "t1", "t2"]),
    "a token in a header": ({"type": "cursor", "param": "page", "header": "X-Next"}, [None, "t1", "t2"]),
    "a token in a template": ({"type": "cursor", "path": "next"}, ["<>", "<t1>", "<t2>"]),
    "a link in the body": ({"type": "next_url", "path": "link"}, [None, "t1", "t2"]),
    "a link in a header": ({"type": "link_header"}, [None, "t1", "t2"]),
}


@pytest.mark.parametrize("name", PAGERS)
def test_every_way_from_page_to_page_brings_each_row_once(mis, opened, name):
    pager, wanted = PAGERS[name]
    pages = [[mark(1), mark(2)], [mark(3), mark(4)], [mark(5)], []]

    def handle(request):
        said = request.args.get("page", "0").strip("<>t") or "0"
        number = int(said) // 2 if pager["type"] == "offset" else int(said) - (name == "counted pages")
        number = 3 if said == "5" else number
        last, token = number >= 2, f"t{number + 1}"
        body = {"rows": pages[number], "of": 3, "more": not last, "next": None if last else token}
        body["link"] = None if last else f"/marks?page={token}"
        headers = {} if last else {"X-Next": token, "Link": f'</marks?page={token}>; rel="next"'}
        return Response(json.dumps(body), content_type="application/json", headers=headers)

    mis.expect_request("/marks").respond_with_handler(handle)
    params = {"page": "<{cursor}>"} if name == "a token in a template" else {}
    listing = {"select": "rows", "pager": pager, "params": params}
    assert [row.pupil[-1] for row in marks_of(opened(options(mis, listing), now=NOW))] == list("12345")
    assert [request.args.get("page") for request in asked(mis)] == wanted


def test_a_pager_that_points_at_an_object_is_said_and_no_crash(mis, opened):
    says(mis, {"rows": [mark()], "next": {"href": "x"}})
    listing = {"select": "rows", "pager": {"type": "next_url", "path": "next"}}
    with pytest.raises(BadPayload, match="name a path further in"):
        marks_of(opened(options(mis, listing), now=NOW))


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ({"path": "s", "any_of": ["a", "b"]}, "12"),
        ({"path": "s", "none_of": ["a"]}, "23"),
        ({"path": "s", "present": True}, "12"),
        ({"path": "s", "present": False}, "3"),
    ],
)
def test_a_filter_takes_the_rows_it_says(mis, opened, where, kept):
    says(mis, [mark(1, s="a"), mark(2, s="b"), mark(3)])
    assert "".join(row.pupil[-1] for row in marks_of(opened(options(mis, {"where": [where]}), now=NOW))) == kept


def test_an_empty_404_is_no_error_where_a_rule_says_so(mis, opened):
    mis.expect_request("/marks").respond_with_data("nothing here", status=404)
    with pytest.raises(Rejected):
        marks_of(opened(options(mis), now=NOW))
    rules = [{"status": 404, "then": "empty"}]
    assert marks_of(opened(options(mis, rules=rules), now=NOW)) == []


def test_the_schools_words_stand_for_the_mis_s_own(mis, opened):
    says(mis, {"fault": 7})
    rules = [{"path": "fault", "then": "auth", "message": "ask Mrs Example for a new key"}]
    with pytest.raises(AuthRejected, match="ask Mrs Example"):
        marks_of(opened(options(mis, rules=rules), now=NOW))


def test_a_pace_of_the_schools_own_is_kept(mis, opened):
    waits = []
    pages = [[mark(1)], [mark(2)], []]
    mis.expect_request("/marks").respond_with_handler(
        lambda request: Response(json.dumps(pages[int(request.args["page"]) - 1]))
    )
    http = {"per_second": 0.01, "burst": 1}
    adapter = opened(options(mis, {"pager": {"type": "page", "param": "page"}}, http=http), now=NOW, waits=waits)
    assert len(marks_of(adapter)) == 2
    assert len(waits) == 2
    assert all(0 < wait <= 200 for wait in waits)


def test_a_span_is_asked_for_in_the_zone_that_the_mis_counts_in(mis, opened):
    says(mis, [])
    spans = {"start_param": "from", "end_param": "to", "format": "%Y-%m-%dT%H:%M:%SZ", "zone": "UTC"}
    spans["first"] = date(2026, 7, 13)
    marks_of(opened(options(mis, {"incremental": spans}), now=NOW))
    assert asked(mis)[0].args["from"] == "2026-07-12T23:00:00Z", "midnight in London is an hour earlier in UTC"
    assert asked(mis)[0].args["to"] == "2026-07-14T22:59:59Z"


def test_a_moment_in_another_zone_is_the_school_s_own_day(mis, opened):
    says(mis, [mark(day="13/07/2026 23:30"), mark(2, day="13/07/2026 22:30")])
    form = {"form": "%d/%m/%Y %H:%M", "zone": "UTC"}
    fields = {**FIELDS, "day": {"path": "day", "steps": [{"date": form}]}}
    found = marks_of(opened(options(mis, {"fields": fields}), now=NOW))
    assert [row.day for row in found] == [date(2026, 7, 14), date(2026, 7, 13)]
    form["zone"] = "London"
    with pytest.raises(ValueError, match="is no time zone"):
        opened(options(mis, {"fields": fields}), now=NOW)


def test_a_field_that_the_school_requires_is_not_left_out(mis, opened):
    pupils = [{"upn": "A823999900001", "name": "Testpupil"}, {"upn": "A823999900002", "name": "Testpupil", "f": "Sam"}]
    mis.expect_request("/pupils").respond_with_json(pupils)
    fields = {"upn": "upn", "surname": "name", "forename": {"path": "f", "required": True}}
    resources = {"pupils": {"path": "/pupils", "pager": ALONE, "fields": fields}}
    (page,) = opened({"base_url": mis.url_for(""), "resources": resources}, now=NOW).pull({})
    assert [pupil.forename for pupil in page.items] == ["Sam"]
    assert "forename: is blank, and the settings require it" in page.bad[0].reason


def test_a_list_is_asked_for_by_post_with_a_body_of_its_own(mis, opened):
    mis.expect_request("/marks", method="POST").respond_with_json([mark()])
    listing = {"method": "POST", "headers": {"X-Kind": "marks"}, "body": {"of": "{parent}", "n": 1}}
    marks_of(opened(options(mis, {**listing, "parent": {"values": ["7A"]}}), now=NOW))
    assert asked(mis)[0].json == {"of": "7A", "n": 1}
    assert asked(mis)[0].headers["X-Kind"] == "marks"


def test_children_are_asked_for_by_the_keys_of_a_table_or_of_the_pupils(mis, opened):
    mis.expect_request("/pupils").respond_with_json([{"id": 7, "upn": "A823999900007", "name": "Testpupil"}])
    mis.expect_request("/groups").respond_with_json([{"id": "g1", "name": "2T"}])
    mis.expect_request("/of/g1").respond_with_json([mark(1)])
    mis.expect_request("/of/7").respond_with_json([{"day": "2026-07-13", "session": "PM", "code": "L"}])
    pupils = {"path": "/pupils", "pager": ALONE, "fields": {"mis_id": "id", "upn": "upn", "surname": "name"}}
    tables = {"groups": {"path": "/groups", "pager": ALONE, "key": "id", "value": "name"}}
    by_table = {"path": "/of/{parent}", "pager": ALONE, "fields": FIELDS, "parent": {"of": "groups"}}
    by_pupil = {**by_table, "parent": {"of": "pupils"}, "fields": {**FIELDS, "upn": "upn", "mis_id": "@parent"}}
    for listing, period in ((by_table, Period.AM), (by_pupil, Period.PM)):
        whole = {"base_url": mis.url_for(""), "tables": tables, "resources": {"pupils": pupils, "marks": listing}}
        pages = opened(whole, now=NOW).pull({})
        assert [row.period for page in pages if page.resource is Resource.MARKS for row in page.marks] == [period]


def test_a_mark_string_that_is_an_object_is_no_string_of_marks(mis, opened):
    says(mis, [{"upn": "A823999900001", "from": "2026-07-13", "text": {"a": "/"}}])
    listing = {"fields": {"upn": "upn"}, "split_mark_string": {"start": "from", "marks": "text"}}
    (page,) = opened(options(mis, listing), now=NOW).pull({})
    assert page.marks == []
    assert "name a path further in" in page.bad[0].reason
