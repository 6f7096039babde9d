"""By way of the school's proxy: the tunnel carries nothing in the open, and a proxy that fails is said to be one."""

import contextlib
import socket
import ssl
import threading
from dataclasses import replace

import pytest
import trustme

from mbls_sync.errors import Unreachable
from mbls_sync.testing.quick_server import QuickServer

from .conftest import PATIENT, SECRET, whole_request

PASSWORD = "proxy-password-of-no-school"


@pytest.fixture
def authority():
    return trustme.CA()


@pytest.fixture
def secure(authority, tmp_path):
    """A server with TLS for localhost, and manners that trust it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    (tmp_path / "ca.pem").write_bytes(authority.cert_pem.bytes())
    with QuickServer(ssl_context=context) as server:
        server.expect_request("/marks").respond_with_data("[]")
        yield f"https://localhost:{server.port}", replace(PATIENT, ca=tmp_path / "ca.pem")


def tunnel(heard, answer=b"HTTP/1.1 200 OK\r\n\r\n"):
    """What a proxy does with a connection: CONNECT, then bytes both ways, all of them remembered."""

    def behave(conn, _):
        head = whole_request(conn)
        heard.append(head)
        conn.sendall(answer)
        if b" 200 " not in answer:
            return
        port = int(head.split()[1].rpartition(b":")[2])
        with socket.create_connection(("127.0.0.1", port)) as there:
            back = threading.Thread(target=_carry, args=(there, conn, []))
            back.start()
            _carry(conn, there, heard)
            back.join()

    return behave


def _carry(source, to, heard):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            heard.append(data)
            to.sendall(data)
    with contextlib.suppress(OSError):
        to.shutdown(socket.SHUT_WR)


def by_way_of(address):
    return address.replace("http://", f"http://office:{PASSWORD}@")


def test_https_goes_through_the_proxys_tunnel_and_no_secret_is_seen_on_the_way(raw, secure, connect):
    url, manners = secure
    heard = []
    http = connect(url, manners=replace(manners, proxy=by_way_of(raw(tunnel(heard)))))
    assert http.get("/marks") == b"[]"
    assert heard[0].startswith(b"CONNECT localhost:")
    assert len(heard) > 1
    assert SECRET.encode() not in b"".join(heard)


def test_a_proxy_that_shows_a_certificate_of_its_own_is_not_trusted(raw, secure, connect, tmp_path):
    url, manners = secure
    (tmp_path / "other.pem").write_bytes(trustme.CA().cert_pem.bytes())
    heard = []
    http = connect(url, manners=replace(manners, ca=tmp_path / "other.pem", proxy=raw(tunnel(heard)), attempts=1))
    with pytest.raises(Unreachable, match="is not trusted, so nothing was sent"):
        http.get("/marks")


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Who are you\r\n\r\n", b"HTTP/1.1 502 No\r\n\r\n"])
def test_a_proxy_that_opens_no_tunnel_is_said_to_be_one_and_its_password_is_not(raw, secure, connect, answer):
    url, manners = secure
    http = connect(url, manners=replace(manners, proxy=by_way_of(raw(tunnel([], answer))), attempts=1))
    with pytest.raises(Unreachable, match="proxy on the way to https://localhost") as error:
        http.get("/marks")
    assert PASSWORD not in str(error.value)


def test_a_proxy_that_opens_no_tunnel_sent_no_write(raw, secure, connect):
    url, manners = secure
    http = connect(url, manners=replace(manners, proxy=raw(tunnel([], b"HTTP/1.1 503 Busy\r\n\r\n"))))
    with pytest.raises(Unreachable):
        http.send("POST", "/marks", [])


def test_a_proxy_that_never_answers_ends_by_the_deadline(raw, secure, connect):
    url, manners = secure
    http = connect(url, manners=replace(manners, proxy=raw(lambda conn, stop: stop.wait()), deadline=0.5, attempts=1))
    with pytest.raises(Unreachable):
        http.get("/marks")
