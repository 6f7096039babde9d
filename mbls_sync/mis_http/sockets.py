"""Connections that look at whom they reached before a byte is sent, and that a watchdog can cut."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from mbls_sync.errors import ConfigurationError
from mbls_sync.mis_http.origin import refuse_peer


class Live:
    """The connections of one adapter that are open, so that all can be cut at a deadline."""

    def __init__(self, *, must_be_loopback: bool) -> None:
        self._must_be_loopback = must_be_loopback
        self._lock = threading.Lock()
        self._open: dict[int, socket.socket] = {}
        self.cut = False

    def opened(self, owner: object, sock: socket.socket) -> None:
        """Look at whom a new connection reached, and keep a handle of it. Raises BadPayload."""
        refuse_peer(sock.getpeername()[0], must_be_loopback=self._must_be_loopback)
        # TLS takes the socket over; a copy of its descriptor still cuts the connection beneath.
        handle = socket.socket(fileno=os.dup(sock.fileno()))
        with self._lock:
            self._open[id(owner)] = handle
            if self.cut:
                # The deadline passed while the connection was being made: nobody would cut it later.
                _shut(handle)

    def closed(self, owner: object) -> None:
        """Forget a connection."""
        with self._lock:
            handle = self._open.pop(id(owner), None)
        if handle is not None:
            handle.close()

    @contextlib.contextmanager
    def until(self, seconds: float) -> Iterator[None]:
        """Cut every connection that is still open after so many seconds; `cut` says whether that happened."""
        self.cut = False
        watchdog = threading.Timer(seconds, self._cut_all)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield
        finally:
            watchdog.cancel()

    def _cut_all(self) -> None:
        with self._lock:
            self.cut = True
            for handle in self._open.values():
                _shut(handle)


def _shut(handle: socket.socket) -> None:
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


class GuardedAdapter(HTTPAdapter):
    """What requests sends through: never by itself a second time, only to peers that were looked at."""

    def __init__(self, live: Live, ca: Path | None) -> None:
        self._pools = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, live),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, live),
        }
        self._context = trusting(ca)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *_: Any, **__: Any) -> None:
        """Make pools of guarded connections."""
        self.poolmanager = PoolManager(num_pools=2, maxsize=1, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        """The same by way of a proxy."""
        manager: ProxyManager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pool(pool: type[Any], connection: type[Any], live: Live) -> type[Any]:
    def new_conn(self: Any) -> socket.socket:
        sock: socket.socket = connection._new_conn(self)
        try:
            live.opened(self, sock)
        except BaseException:
            sock.close()
            raise
        return sock

    def close(self: Any) -> None:
        live.closed(self)
        connection.close(self)

    guarded = type("Guarded", (connection,), {"_new_conn": new_conn, "close": close})
    return type("GuardedPool", (pool,), {"ConnectionCls": guarded})


def trusting(ca: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or later, verified; the school's own authorities beside the public ones, which requests adds."""
    context = create_urllib3_context()
    context.verify_mode = ssl.CERT_REQUIRED
    if ca is None:
        return context
    files = sorted(file for file in ca.iterdir() if file.is_file()) if ca.is_dir() else [ca]
    for file in files:
        try:
            context.load_verify_locations(file)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(
                f"holds no certificate that can be read ({type(error).__name__}); put PEM files there, one or more "
                "certificates each, and nothing else",
                file=file,
            ) from None
    if not files:
        raise ConfigurationError("is set as the folder of authorities and holds none; put PEM files there", file=ca)
    return context
