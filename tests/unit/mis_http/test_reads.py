"""A read is patient: it waits as told, tries again where that is safe, and believes no cut or bloated answer."""

import gzip
import socket
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Response

from mbls_sync.errors import AuthRejected, BadPayload, Busy, Rejected, Unreachable
from mbls_sync.mis_http.body import CutShort, read_body
from mbls_sync.mis_http.manners import Manners
from mbls_sync.mis_http.pace import Pace, seconds_to_wait
from mbls_sync.mis_http.sockets import Live

from .conftest import PATIENT, whole_request

NOW = datetime(2026, 11, 17, 9, 16, tzinfo=UTC)


def answers(mis, path, *responses):
    """Answer one after the other, the last one for ever; gives how often it was asked."""
    asked = []

    def handle(request):
        asked.append(request)
        return responses[min(len(asked), len(responses)) - 1]

    mis.expect_request(path).respond_with_handler(handle)
    return asked


def test_a_read_gives_the_body_and_sends_its_parameters(mis, connect):
    mis.expect_request("/api/marks", query_string={"from": "2026-09-01", "class": "2T & 3"}).respond_with_data("[1]")
    assert connect(mis.url_for("/api/")).get("/marks", **{"from": "2026-09-01", "class": "2T & 3"}) == b"[1]"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_an_mis_out_of_order_is_asked_again(mis, connect, waits, status):
    asked = answers(mis, "/marks", Response(status=status), Response(status=status), Response("[]"))
    assert connect(mis.url_for("")).get("/marks") == b"[]"
    assert len(asked) == 3
    assert waits[1] > waits[0] * 0.9


def test_an_mis_that_stays_out_of_order_is_given_up(mis, connect, waits):
    asked = answers(mis, "/marks", Response(status=503))
    with pytest.raises(Unreachable):
        connect(mis.url_for("")).get("/marks")
    assert (len(asked), len(waits)) == (3, 2)


@pytest.mark.parametrize(
    ("says", "seconds"),
    [("7", 7), ("0", 0), ("-5", 0), (format_datetime(NOW + timedelta(seconds=30), usegmt=True), 30)],
)
def test_a_wish_to_wait_is_kept_to_the_second(mis, connect, waits, told, says, seconds):
    answers(mis, "/marks", Response(status=429, headers={"Retry-After": says}), Response("[]"))
    connect(mis.url_for("")).get("/marks")
    assert waits == [seconds]
    assert [event for event, _ in told] == ["mis.waiting"]


@pytest.mark.parametrize("says", ["100000", format_datetime(NOW + timedelta(hours=3), usegmt=True), "9" * 12])
def test_a_long_wish_to_wait_is_never_slept(mis, connect, waits, says):
    asked = answers(mis, "/marks", Response(status=429, headers={"Retry-After": says}))
    with pytest.raises(Busy) as error:
        connect(mis.url_for("")).get("/marks")
    assert (len(asked), waits) == (1, [])
    assert error.value.retry_after > 60
    assert "2026-11-1" in str(error.value) or "2027" in str(error.value)


def test_a_429_that_names_no_moment_waits_a_while(mis, connect, waits):
    answers(mis, "/marks", Response(status=429), Response("[]"))
    connect(mis.url_for("")).get("/marks")
    assert waits == [30]


@given(st.text(max_size=40))
def test_any_retry_after_is_a_wait_or_nothing(text):
    found = seconds_to_wait(text, NOW)
    assert found is None or found >= 0


@pytest.mark.parametrize(("status", "error"), [(401, AuthRejected), (403, AuthRejected), (404, Rejected)])
def test_a_refusal_is_not_asked_again(mis, connect, status, error):
    asked = answers(mis, "/marks", Response(status=status))
    with pytest.raises(error):
        connect(mis.url_for("")).get("/marks")
    assert len(asked) == 1


def test_a_body_cut_before_its_declared_length_is_an_error(raw, connect):
    def cut(conn, _):
        whole_request(conn)
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1, 2")

    with pytest.raises(Unreachable, match="broke off"):
        connect(raw(cut)).get("/marks")


def test_a_stalled_answer_ends_by_the_read_timeout(raw, connect):
    def stall(conn, stop):
        whole_request(conn)
        stop.wait()

    with pytest.raises(Unreachable, match="did not answer within"):
        connect(raw(stall), manners=replace(PATIENT, read_timeout=0.3, attempts=1)).get("/marks")


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_drip_ends_by_the_deadline(raw, connect, where):
    start = b"HTTP/1.1 200 OK\r\nX-Long: " if where == "headers" else b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"

    def drip(conn, stop):
        whole_request(conn)
        conn.sendall(start)
        while not stop.wait(0.1):
            conn.sendall(b"x")

    with pytest.raises(Unreachable, match="did not answer whole within"):
        connect(raw(drip), manners=replace(PATIENT, deadline=0.5, attempts=1)).get("/marks")


def test_a_connection_that_is_made_after_the_deadline_is_cut_at_once():
    live = Live(must_be_loopback=True)
    with socket.create_server(("127.0.0.1", 0)) as server, live.until(3600):
        live._cut_all()
        with socket.create_connection(server.getsockname()) as made:
            made.settimeout(60)
            live.opened(made, made)
            assert made.recv(1) == b""
            live.closed(made)


def test_a_gzip_body_is_unpacked(mis, connect):
    mis.expect_request("/marks").respond_with_data(gzip.compress(b"[1]"), headers={"Content-Encoding": "gzip"})
    assert connect(mis.url_for("")).get("/marks") == b"[1]"


def test_a_gzip_bomb_is_let_go_before_it_fills_memory(mis, connect):
    bomb = gzip.compress(bytes(100 << 20))
    mis.expect_request("/marks").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        with pytest.raises(BadPayload, match="larger than 1 MB"):
            connect(mis.url_for(""), manners=replace(PATIENT, most_bytes=1 << 20)).get("/marks")
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


def test_a_body_without_end_is_let_go_at_the_cap(raw, connect):
    def endless(conn, stop):
        whole_request(conn)
        conn.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not stop.is_set():
            conn.sendall(bytes(65536))

    with pytest.raises(BadPayload, match="larger than"):
        connect(raw(endless), manners=replace(PATIENT, most_bytes=1 << 20)).get("/marks")


def test_a_gzip_body_that_is_cut_is_no_answer():
    packed = gzip.compress(b"[1, 2, 3]" * 100)
    for at in range(1, len(packed)):
        with pytest.raises(CutShort):
            read_body([packed[:at]], "gzip", 1 << 20)


@given(st.binary(max_size=300))
def test_a_body_that_only_says_gzip_is_refused(content):
    try:
        assert read_body([content], "gzip", 1 << 20) == (gzip.decompress(content) if content else b"")
    except (BadPayload, CutShort):
        with pytest.raises((OSError, EOFError, zlib.error)):
            gzip.decompress(content or b"x")


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip"])
def test_a_packing_that_was_not_asked_for_is_refused(encoding):
    with pytest.raises(BadPayload):
        read_body([b"x"], encoding, 10)


def test_a_judge_may_take_an_empty_404_and_refuse_a_200(mis, connect):
    mis.expect_request("/none").respond_with_data("", status=404)
    mis.expect_request("/wrong").respond_with_json({"response": {"code": 503}})

    def judge(answer):
        if b"503" in answer.body:
            raise Unreachable("the body says so")
        return answer.status == 404

    http = connect(mis.url_for(""))
    assert http.ask("/none", judge=judge).body == b""
    with pytest.raises(Unreachable):
        http.ask("/wrong", judge=judge)
    assert len([r for r, _ in mis.log if r.path == "/wrong"]) == 3


def test_the_schools_own_pace_is_kept():
    now, waited = [0.0], []

    def sleep(seconds):
        waited.append(round(seconds, 3))
        now[0] += seconds

    pace = Pace(Manners(per_second=2, burst=3), lambda: now[0], sleep)
    for _ in range(7):
        pace.wait()
    assert sum(waited) == 2.0
    now[0] += 60
    for _ in range(3):
        pace.wait()
    assert sum(waited) == 2.0
