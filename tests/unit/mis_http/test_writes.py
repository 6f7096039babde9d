"""A write is sent once, whatever becomes of its answer."""

from dataclasses import replace

import pytest
from werkzeug import Response

from mbls_sync.errors import Busy, ConfigurationError, Unreachable
from mbls_sync.model.deliveries import Accepted, Refused, Unknown

from .conftest import PATIENT, whole_request

BODY = {"mark": "L"}


def test_a_success_is_accepted_and_its_body_handed_back(mis, connect):
    mis.expect_request("/marks", method="POST", json=BODY).respond_with_data('{"id": 7}', status=201)
    assert connect(mis.url_for("")).send("POST", "/marks", BODY) == (Accepted(), b'{"id": 7}')


@pytest.mark.parametrize(
    ("status", "result"),
    [(400, Refused), (401, Refused), (403, Refused), (409, Refused), (422, Refused), (302, Refused)],
)
def test_a_refusal_is_a_value(mis, connect, status, result):
    mis.expect_request("/marks").respond_with_data("", status=status)
    assert isinstance(connect(mis.url_for("")).send("POST", "/marks", BODY)[0], Refused)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_server_error_leaves_the_write_unknown_and_it_is_not_sent_again(mis, connect, status, waits):
    mis.expect_request("/marks").respond_with_data("", status=status)
    assert isinstance(connect(mis.url_for("")).send("POST", "/marks", BODY)[0], Unknown)
    assert (len(mis.log), waits) == (1, [])


def test_a_write_that_the_mis_is_too_busy_for_changed_nothing(mis, connect, waits):
    mis.expect_request("/marks").respond_with_response(Response(status=429, headers={"Retry-After": "9"}))
    with pytest.raises(Busy) as error:
        connect(mis.url_for("")).send("POST", "/marks", BODY)
    assert (error.value.retry_after, len(mis.log), waits) == (9, 1, [])


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", b"HTTP/1.1 2", b"nonsense"])
def test_a_lost_answer_is_unknown_and_the_write_went_out_once(raw, connect, answer):
    seen = []

    def lose(conn, _):
        seen.append(whole_request(conn))
        conn.sendall(answer)

    result, _ = connect(raw(lose)).send("POST", "/marks", BODY)
    assert isinstance(result, Unknown)
    assert len(seen) == 1


def test_a_write_with_no_answer_in_time_is_unknown(raw, connect):
    def stall(conn, stop):
        whole_request(conn)
        stop.wait()

    http = connect(raw(stall), manners=replace(PATIENT, read_timeout=0.3))
    assert isinstance(http.send("POST", "/marks", BODY)[0], Unknown)


def test_a_write_that_found_no_mis_was_not_sent(connect):
    with pytest.raises(Unreachable, match="cannot be connected"):
        connect("http://127.0.0.1:1").send("POST", "/marks", BODY)


def test_a_write_never_goes_down_a_connection_that_may_be_dead(raw, connect):
    seen = []

    def answer_then_leave(conn, _):
        seen.append(whole_request(conn).split(b" ", 1)[0])
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n[]")

    http = connect(raw(answer_then_leave))
    http.get("/marks")
    assert http.send("POST", "/marks", BODY) == (Accepted(), b"[]")
    assert seen == [b"GET", b"POST"]


def test_a_write_leads_nowhere_but_below_the_base(mis, connect):
    with pytest.raises(ConfigurationError):
        connect(mis.url_for("")).send("POST", "//evil.example/marks", BODY)
