"""No secret leaves the configured origin, and none is in what is said about it."""

import json
import logging
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import trustme
from werkzeug import Response

from mbls_sync.errors import AuthRejected, BadPayload, ConfigurationError, Rejected, Unreachable
from mbls_sync.mis_http.manners import Basic, Bearer, OAuth
from mbls_sync.model.deliveries import Accepted, Refused
from mbls_sync.testing.quick_server import QuickServer

from .conftest import PATIENT, SECRET, whole_request


def headers_of(mis):
    return [dict(request.headers) for request, _ in mis.log]


def test_a_redirect_is_never_followed(mis, elsewhere, connect):
    mis.expect_request("/marks").respond_with_data("", status=302, headers={"Location": elsewhere.url_for("/")})
    with pytest.raises(Rejected, match="redirects"):
        connect(mis.url_for("")).get("/marks")
    result, _ = connect(mis.url_for("")).send("POST", "/marks", {})
    assert isinstance(result, Refused)
    assert elsewhere.log == []


def test_a_link_to_another_server_is_refused_before_anything_is_sent(mis, elsewhere, connect):
    mis.expect_request("/marks").respond_with_data("[]")
    http = connect(mis.url_for(""))
    first = http.ask("/marks")
    other = elsewhere.url_for("/")
    for link in (other, other.replace("http:", ""), other.replace("http://", "http://mis@"), "https://[::1]/marks"):
        with pytest.raises(BadPayload):
            http.follow(link, first)
    assert elsewhere.log == []
    assert http.follow("/marks?page=2", first).body == b"[]"


def test_several_keys_and_the_schools_credentials_go_to_the_mis(mis, connect):
    mis.expect_request("/marks").respond_with_data("[]")
    connect(mis.url_for(""), {"AppId": "one", "AppSecret": SECRET}, Basic("office", "pä:ss")).get("/marks")
    connect(mis.url_for(""), {}, Bearer(SECRET)).get("/marks")
    first, second = headers_of(mis)
    assert (first["Appid"], first["Appsecret"]) == ("one", SECRET)
    assert first["Authorization"] == "Basic b2ZmaWNlOnDDpDpzcw=="
    assert second["Authorization"] == f"Bearer {SECRET}"


def test_the_environment_says_nothing(mis, connect, monkeypatch, tmp_path):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login eve password eve\n")
    monkeypatch.setenv("NETRC", str(netrc))
    mis.expect_request("/marks").respond_with_data("[]")
    connect(mis.url_for(""), {}).get("/marks")
    assert "Authorization" not in headers_of(mis)[0]


def test_a_cookie_is_not_kept(mis, connect):
    mis.expect_request("/marks").respond_with_data("[]", headers={"Set-Cookie": "a=b"})
    http = connect(mis.url_for(""))
    http.get("/marks")
    http.get("/marks")
    assert "Cookie" not in headers_of(mis)[1]


def test_nothing_that_is_said_holds_a_secret_a_query_or_a_pupil(mis, connect, told, caplog):
    caplog.set_level(logging.DEBUG)
    for status in (302, 401, 404, 429, 500):
        mis.expect_request(f"/pupils/A123456789012/{status}").respond_with_data(SECRET, status=status)
    http = connect(mis.url_for(""), manners=PATIENT, auth=Bearer(SECRET))
    said = []
    for status in (302, 401, 404, 429, 500):
        with pytest.raises((Rejected, Unreachable)) as error:
            http.get(f"/pupils/A123456789012/{status}", name="Testpupil")
        said.append(str(error.value))
        with_body = http.send("POST", f"/pupils/A123456789012/{status}", {"n": "Testpupil"}) if status != 429 else ""
        said.append(str(with_body and with_body[0]))
    text = "\n".join([*said, str(told), repr(PATIENT), repr(Bearer(SECRET)), repr(Basic("u", SECRET))])
    assert not [word for word in (SECRET, "Testpupil", "A123456789012") if word in text]
    assert SECRET not in caplog.text


def oauth_server(server, lives=3600, rotating=False):
    """Gives out tokens t1, t2 and so on, and keeps the forms it was sent."""
    forms = []

    def token(request):
        forms.append(dict(request.form))
        answer = {"access_token": f"t{len(forms)}", "expires_in": lives}
        if rotating:
            answer["refresh_token"] = f"r{len(forms)}"
        return Response(json.dumps(answer), content_type="application/json")

    server.expect_request("/connect/token", method="POST").respond_with_handler(token)
    return forms


def oauth(server, **more):
    return OAuth(server.url_for("/connect/token"), "client", SECRET, **more)


def test_a_token_is_fetched_once_from_its_own_origin_and_kept(mis, elsewhere, connect):
    forms = oauth_server(elsewhere)
    mis.expect_request("/marks", headers={"Authorization": "Bearer t1"}).respond_with_data("[]")
    http = connect(mis.url_for(""), {"X-Key": "mis-key"}, oauth(elsewhere, scope="attendance"))
    http.get("/marks")
    http.get("/marks")
    assert forms == [
        {"grant_type": "client_credentials", "scope": "attendance", "client_id": "client", "client_secret": SECRET}
    ]
    assert "X-Key" not in headers_of(elsewhere)[0]
    assert SECRET not in str(headers_of(mis))


def test_a_source_that_is_opened_again_needs_no_new_token(mis, elsewhere, connect):
    forms = oauth_server(elsewhere)
    mis.expect_request("/marks").respond_with_data("[]")
    for _ in range(3):
        connect(mis.url_for(""), {}, oauth(elsewhere)).get("/marks")
    assert len(forms) == 1


def test_a_refused_token_is_renewed_once_and_no_more(mis, elsewhere, connect):
    forms = oauth_server(elsewhere)
    mis.expect_request("/marks").respond_with_data("", status=401)
    with pytest.raises(AuthRejected):
        connect(mis.url_for(""), {}, oauth(elsewhere)).get("/marks")
    assert (len(forms), len(mis.log)) == (2, 2)


def test_a_write_is_not_sent_again_with_a_new_token(mis, elsewhere, connect):
    oauth_server(elsewhere)
    mis.expect_request("/marks").respond_with_data("", status=401)
    http = connect(mis.url_for(""), {}, oauth(elsewhere))
    assert isinstance(http.send("POST", "/marks", {})[0], Refused)
    assert len(mis.log) == 1
    mis.clear()
    mis.expect_request("/marks", headers={"Authorization": "Bearer t2"}).respond_with_data("")
    assert http.send("POST", "/marks", {})[0] == Accepted()


def test_a_new_refresh_token_is_kept_for_the_next_start(mis, elsewhere, connect, reconnect, tmp_path):
    forms = oauth_server(elsewhere, rotating=True)
    mis.expect_request("/marks").respond_with_data("[]")
    kept = tmp_path / "data" / "refresh-token"
    for start in (connect, reconnect):
        start(mis.url_for(""), {}, oauth(elsewhere, refresh_token="r0", keep_in=kept)).get("/marks")
    assert [form["refresh_token"] for form in forms] == ["r0", "r1"]
    assert kept.read_text() == "r2"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_client_that_is_not_known_is_said_without_its_secret(mis, elsewhere, connect):
    elsewhere.expect_request("/connect/token").respond_with_data(SECRET, status=400)
    with pytest.raises(AuthRejected) as error:
        connect(mis.url_for(""), {}, oauth(elsewhere)).get("/marks")
    assert SECRET not in str(error.value)
    assert mis.log == []


def test_a_token_is_not_fetched_over_plain_http(mis, connect):
    with pytest.raises(ConfigurationError):
        connect(mis.url_for(""), {}, OAuth("http://sts.example/token", "client", SECRET))


@pytest.fixture
def authority():
    return trustme.CA()


@pytest.fixture
def secure(authority):
    """A server with TLS, whose certificate says what the test says."""
    servers = []

    def serve(*names, **more):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names, **more).configure_cert(context)
        server = QuickServer(ssl_context=context)
        server.start()
        server.expect_request("/marks").respond_with_data("[]")
        servers.append(server)
        return server

    yield serve
    for server in servers:
        server.stop()


def test_a_schools_own_authority_is_trusted_by_file_and_by_folder(secure, authority, connect, tmp_path):
    folder = tmp_path / "authorities"
    folder.mkdir()
    authority.cert_pem.write_to_path(folder / "school.pem")
    url = secure("localhost").url_for("")
    for ca in (folder, folder / "school.pem"):
        assert connect(url, manners=replace(PATIENT, ca=ca)).get("/marks") == b"[]"


def test_a_certificate_nobody_trusts_ends_it_before_a_secret_is_sent(secure, connect):
    server = secure("localhost")
    with pytest.raises(Unreachable, match="not trusted"):
        connect(server.url_for(""), manners=PATIENT).get("/marks")
    assert server.log == []


def test_a_certificate_of_another_host_or_out_of_date_is_refused(secure, authority, connect, tmp_path):
    ca = tmp_path / "school.pem"
    authority.cert_pem.write_to_path(ca)
    past = datetime(2020, 1, 1, tzinfo=UTC)
    for server in (secure("other.example"), secure("localhost", not_after=past, not_before=past.replace(year=2019))):
        with pytest.raises(Unreachable, match="not trusted"):
            connect(server.url_for(""), manners=replace(PATIENT, ca=ca)).get("/marks")
        assert server.log == []


def test_a_stalled_handshake_ends_by_the_deadline(raw, connect):
    url = raw(lambda conn, stop: stop.wait()).replace("http:", "https:").replace("127.0.0.1", "localhost")
    hasty = replace(PATIENT, deadline=0.5, attempts=1)
    with pytest.raises(Unreachable):
        connect(url, manners=hasty).get("/marks")


def test_a_folder_without_an_authority_stops_the_start(connect, tmp_path):
    with pytest.raises(ConfigurationError, match="holds none"):
        connect("https://mis.example", manners=replace(PATIENT, ca=tmp_path))
    (tmp_path / "notes.txt").write_text("no certificate")
    with pytest.raises(ConfigurationError, match="no certificate"):
        connect("https://mis.example", manners=replace(PATIENT, ca=tmp_path))


def test_a_configured_proxy_is_used_and_no_other(raw, connect):
    heard = []

    def proxy(conn, _):
        heard.append(whole_request(conn).split(b"\r\n")[0])
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")

    http = connect("http://127.0.0.1:1", manners=replace(PATIENT, proxy=raw(proxy)))
    assert http.get("/marks") == b"[]"
    assert heard == [b"GET http://127.0.0.1:1/marks HTTP/1.1"]


def test_no_thread_is_left_to_wait_for_a_deadline_that_was_met(mis, connect):
    mis.expect_request("/marks").respond_with_data("[]")
    before = set(threading.enumerate())
    http = connect(mis.url_for(""))
    for _ in range(20):
        http.get("/marks")
    # One that was called off may not have ended yet; the server's own threads are not ours to count.
    watchdogs = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert [thread for thread in watchdogs if thread not in before and not thread.finished.is_set()] == []


@pytest.mark.parametrize(
    "headers", [{"X-Key": "kéy"}, {"X-Key": "key "}, {"X-Key": "a\r\nX-Other: b"}, {"X Key": "a"}, {"X-Key:": "a"}]
)
def test_a_header_that_cannot_be_sent_stops_the_start_without_its_value(connect, headers):
    with pytest.raises(ConfigurationError) as error:
        connect("http://127.0.0.1:9", headers)
    assert not any(value in str(error.value) for value in headers.values() if len(value) > 1)


def test_a_token_answer_nested_without_end_is_no_token(mis, elsewhere, connect):
    elsewhere.expect_request("/nested").respond_with_data("[" * 200_000)
    auth = OAuth(token_url=elsewhere.url_for("/nested"), client_id="us", client_secret=SECRET)
    with pytest.raises(AuthRejected, match="without an access token"):
        connect(mis.url_for("/"), {}, auth=auth).get("/x")
