"""One exchange with an origin: sent once, no redirect followed, ended by a deadline, its body capped."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import urllib3
from requests import exceptions as failed
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

from mbls_sync.errors import Unreachable
from mbls_sync.mis_http.body import CHUNK, CutShort, read_body
from mbls_sync.mis_http.manners import Answer, Manners
from mbls_sync.mis_http.origin import Origin
from mbls_sync.mis_http.sockets import GuardedAdapter, Live


class NotSent(Unreachable):
    """No connection was made, so that nothing can have been done."""


class Lost(Unreachable):
    """The request went out and its answer did not come whole: what it asked for may have been done."""


class Wire:
    """Connections to one origin."""

    def __init__(self, origin: Origin, manners: Manners) -> None:
        self.origin = origin
        self._manners = manners
        self._live = Live(must_be_loopback=origin.scheme == "http" and manners.proxy is None)
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers.clear()
        self._http.cookies.set_policy(_NoCookies())
        adapter = GuardedAdapter(self._live, manners.ca)
        self._http.mount("https://", adapter)
        self._http.mount("http://", adapter)
        if manners.proxy:
            self._http.proxies = {"http": manners.proxy, "https": manners.proxy}

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send once; the answer, whatever its status. Raises NotSent, Lost, and BadPayload for one that is too big."""
        manners = self._manners
        with self._live.until(manners.deadline):
            try:
                with self._http.request(
                    method,
                    url,
                    headers={"Accept-Encoding": "gzip", "User-Agent": "mbls-sync", **headers},
                    data=body,
                    timeout=(manners.connect_timeout, manners.read_timeout),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    answer = self._answer(response, url)
                if self._live.cut:
                    # Cut within its headers, an answer looks whole.
                    raise CutShort
                return answer
            except (failed.RequestException, urllib3.exceptions.HTTPError, CutShort, OSError, ValueError) as error:
                raise self._what_failed(error) from None

    def hang_up(self) -> None:
        """Close what is open, so that the next request cannot meet a connection that the MIS has left."""
        self._http.close()

    def _answer(self, response: requests.Response, url: str) -> Answer:
        chunks = response.raw.stream(CHUNK, decode_content=False)
        named = {name.lower(): value for name, value in response.headers.items()}
        body = read_body(chunks, named.get("content-encoding", ""), self._manners.most_bytes)
        return Answer(response.status_code, named, body, url)

    def _what_failed(self, error: Exception) -> NotSent | Lost:
        """The same failure as a value that says whether anything may have been done; no query and no secret in it."""
        inner: Any = error
        while isinstance(inner, failed.RequestException) and inner.args and isinstance(inner.args[0], Exception):
            inner = inner.args[0]
        reason = getattr(inner, "reason", None) or inner
        if self._live.cut:
            return Lost(f"{self.origin} did not answer whole within {self._manners.deadline:g} seconds")
        if isinstance(reason, SSLError):
            return NotSent(
                f"the certificate of {self.origin} is not trusted, so nothing was sent ({_tls(reason)}); `mbls-sync "
                "connect` shows its issuer. If the school's own authority signed it, name its file under `http.ca`"
            )
        if isinstance(error, failed.ConnectTimeout) or isinstance(reason, (NewConnectionError, ConnectTimeoutError)):
            return NotSent(f"{self.origin} cannot be connected to; look at its name, the network and its status page")
        if isinstance(error, failed.ProxyError):
            return NotSent(f"the proxy on the way to {self.origin} cannot be used; correct `http.proxy`")
        if isinstance(error, failed.Timeout):
            return Lost(f"{self.origin} did not answer within {self._manners.read_timeout:g} seconds")
        return Lost(f"{self.origin} broke off before its answer was whole ({type(reason).__name__})")


class _NoCookies(DefaultCookiePolicy):
    """Keeps no cookie: none is needed, and one could be carried elsewhere."""

    def set_ok(self, cookie: object, request: object) -> bool:  # noqa: ARG002 - the shape the library asks for
        """Never."""
        return False


def _tls(error: Exception) -> str:
    """What is wrong with a certificate, in OpenSSL's words."""
    text = str(error)
    for known in ("has expired", "self-signed", "self signed", "Hostname mismatch", "unable to get local issuer"):
        if known in text:
            return known
    return "the handshake failed"
